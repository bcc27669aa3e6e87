"""Where Django looks for models; one file per family holds them."""

from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.events import JediEvents
from bigpandamon_core.panda.files import (
    FilesTable4,
    FilesTableArch,
    JobParamsTable,
    JobParamsTableArch,
    MetaTable,
    MetaTableArch,
)
from bigpandamon_core.panda.harvester import HarvesterDialogs, HarvesterInstances, HarvesterWorkerStats
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.panda.locality import JediDatasetLocality
from bigpandamon_core.panda.nodes import WorkerNode, WorkerNodeQueue
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.task_history import JediTaskparams, TaskAttempts, TasksStatuslog
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets, JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.users import Users
from bigpandamon_core.panda.work_queues import JediWorkQueue, ResourceTypes
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers

__all__ = [
    "ErrorDescriptions",
    "FilesTable4",
    "FilesTableArch",
    "HarvesterDialogs",
    "HarvesterInstances",
    "HarvesterRelJobsWorkers",
    "HarvesterWorkerStats",
    "HarvesterWorkers",
    "JediDatasetContents",
    "JediDatasetLocality",
    "JediDatasets",
    "JediEvents",
    "JediJobRetryHistory",
    "JediTaskparams",
    "JediTasks",
    "JediWorkQueue",
    "JobParamsTable",
    "JobParamsTableArch",
    "JobsActive4",
    "JobsArchived",
    "JobsArchived4",
    "JobsDefined4",
    "JobsStatusLog",
    "MetaTable",
    "MetaTableArch",
    "ResourceTypes",
    "SchedconfigJson",
    "TaskAttempts",
    "TasksStatuslog",
    "Users",
    "WorkerNode",
    "WorkerNodeQueue",
]
