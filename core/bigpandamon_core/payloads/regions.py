"""Jobs of a window by region, site and queue: where what is on, and how it goes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_fields import FIELDS
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import job_groups, queues, worker_counts
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.regions import Group, Place, places

_BY_NAME = {one.name: one for one in FIELDS}
_GROUPED: tuple[Field, ...] = tuple(
    _BY_NAME[name] for name in ("computingsite", "activity", "resourcetype", "jobstatus", "corecount")
)
ACTIVITIES = {"analy": "analysis", "prod": "production"}
"""Words of `jobtype` there, and what the jobs are."""
JOBTYPE = {activity: word for word, activity in ACTIVITIES.items()}
SPLITS = ("jobtype", "resourcetype")


class Regions(Jobs):
    """The jobs of a selection by where they run; links lead to their list. asked: the call as it came."""

    def __init__(self, call: Call):
        self.split = call.parameter("splitby")
        self.asked = call
        parameters = tuple(_as_jobs(call.parameters))
        super().__init__(replace(call, parameters=parameters, url=f"{call.root}jobs/"))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Counted in memory where facets can tell, else by the database."""
        found = self.facets
        counts = found.groups(_GROUPED) if found else self._in_database()
        return tuple(
            Group(str(queue), str(activity), str(resource), str(state), int(cores), jobs)
            for (queue, activity, resource, state, cores), jobs in counts.items()
        )

    def _in_database(self) -> Mapping[tuple[Any, ...], int]:
        self._note_absent()
        columns = tuple(dict.fromkeys(column for one in _GROUPED for column in one.sources))
        with snapshot():
            raw = job_groups.groups(self.selection, columns, self.call.now)
        told: dict[tuple[Any, ...], int] = {}
        for values, jobs in raw.items():
            row = dict(zip(columns, values, strict=True))
            shown = tuple(one.show(*(row[name] for name in one.sources)) for one in _GROUPED)
            told[shown] = told.get(shown, 0) + jobs
        return told

    @cached_property
    def queues(self) -> Mapping[str, dict[str, Any]]:
        """Definitions of queues, none where the installation has none."""
        nothing: Mapping[str, dict[str, Any]] = {}
        return self.optional("queues", queues.definitions, nothing)

    @cached_property
    def pilots(self) -> Mapping[str, int]:
        """Running workers by queue, as their services told lately."""
        nothing: Mapping[str, int] = {}
        return self.optional("worker statistics", lambda: worker_counts.running(self.call.now), nothing)

    def region_of(self, queue: str) -> str:
        """The cloud of the queue."""
        return str(self.queues.get(queue, {}).get("cloud") or NOT_SPECIFIED)

    def site_of(self, queue: str) -> str:
        return str(self.queues.get(queue, {}).get("atlas_site") or NOT_SPECIFIED)

    @cached_property
    def by_region(self) -> Mapping[str, Place]:
        return places(self.groups, lambda group: self.region_of(group.queue))

    @cached_property
    def by_site(self) -> Mapping[str, Place]:
        return places(self.groups, lambda group: self.site_of(group.queue))

    @cached_property
    def by_queue(self) -> Mapping[str, Place]:
        return places(self.groups, lambda group: group.queue)


def _as_jobs(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """The parameters as requests for jobs have them."""
    for name, value in pairs:
        is_ours = name.lower() == "jobtype" and value in ACTIVITIES
        yield ("activity", ACTIVITIES[value]) if is_ours else (name, value)
