"""Jobs of a window by region, site and queue: where what is on, and how it goes."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.translated_jobs import TranslatedJobs
from bigpandamon_core.queries import worker_counts
from bigpandamon_core.summaries.regions import Group, Place, places

_GROUPED = named("computingsite", "activity", "resourcetype", "jobstatus", "corecount")
ACTIVITIES = {"analy": "analysis", "prod": "production"}
"""Words of `jobtype` there, and what the jobs are."""
JOBTYPE = {activity: word for word, activity in ACTIVITIES.items()}
SPLITS = ("jobtype", "resourcetype")


class Regions(TranslatedJobs):
    """The jobs of a selection by where they run. more: what is asked beside what the request says. home: path
    of the page, which has further addresses."""

    home = "dash/region/"

    def __init__(self, call: Call, *more: tuple[str, str]):
        self.split = call.parameter("splitby")
        super().__init__(call, (*_as_jobs(call.parameters), *more))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return tuple(
            Group(str(queue), str(activity), str(resource), str(state), int(cores), jobs)
            for (queue, activity, resource, state, cores), jobs in self.grouped(_GROUPED).items()
        )

    @cached_property
    def pilots(self) -> Mapping[str, int]:
        """Running workers by queue, as their services told lately."""
        nothing: Mapping[str, int] = {}
        return self.optional("worker statistics", lambda: worker_counts.running(self.call.now), nothing)

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


class EventServiceRegions(Regions):
    """Jobs of the event service alone, of one kind where `eventservice` says so."""

    home = "dash/es/"

    def __init__(self, call: Call):
        all_kinds = () if call.parameter("eventservice") else (("eventservice", "all"),)
        super().__init__(call, *all_kinds)


def _as_jobs(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """The parameters as requests for jobs have them."""
    for name, value in pairs:
        is_ours = name.lower() == "jobtype" and value in ACTIVITIES
        yield ("activity", ACTIVITIES[value]) if is_ours else (name, value)
