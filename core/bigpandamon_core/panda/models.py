"""Where Django looks for models; one file per family holds them."""

from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.files import (
    FilesTable4,
    FilesTableArch,
    JobParamsTable,
    JobParamsTableArch,
    MetaTable,
    MetaTableArch,
)
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.panda.statuslog import JobsStatusLog
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets, JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers

__all__ = [
    "ErrorDescriptions",
    "FilesTable4",
    "FilesTableArch",
    "HarvesterRelJobsWorkers",
    "HarvesterWorkers",
    "JediDatasetContents",
    "JediDatasets",
    "JediJobRetryHistory",
    "JediTasks",
    "JobParamsTable",
    "JobParamsTableArch",
    "JobsActive4",
    "JobsArchived",
    "JobsArchived4",
    "JobsDefined4",
    "JobsStatusLog",
    "MetaTable",
    "MetaTableArch",
    "SchedconfigJson",
]
