"""The nouns that requests can be about, by name, as they are without an instance's configuration."""

from collections.abc import Callable, Mapping

from bigpandamon_core.domain import (
    dataset_requests,
    file_requests,
    harvester,
    job_requests,
    sites,
    task_requests,
    worker_requests,
)
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.domain.work_queues import resource_types, work_queues

NOUNS: Mapping[str, Callable[..., Noun]] = {
    "jobs": job_requests.noun,
    "tasks": task_requests.noun,
    "datasets": dataset_requests.noun,
    "files": file_requests.noun,
    "workers": worker_requests.noun,
    "diagnostics": harvester.diagnostics,
    "workerstats": harvester.worker_stats,
    "sites": sites.noun,
    "workqueues": work_queues,
    "resourcetypes": resource_types,
}
"""Each takes more_fields: those of a plugin."""
