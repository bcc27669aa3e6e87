"""Why jobs fail: the errors of a selection by code, message and place, what is to blame, what is new."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, cast

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, DIAG_COLUMNS
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.job_requests import UNFINISHED
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.request_window import EARLIEST
from bigpandamon_core.domain.request_window import NAMES as WINDOW_NAMES
from bigpandamon_core.domain.states import ENDED_BY_THEMSELVES
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.vocabulary import missing
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.job_days import Wanted
from bigpandamon_core.payloads.jobs import Jobs, count_together
from bigpandamon_core.payloads.jobs_attributes import OUTCOMES, nodes, only_causes
from bigpandamon_core.payloads.translated_jobs import TranslatedJobs
from bigpandamon_core.summaries.blame import Suspect, suspects
from bigpandamon_core.summaries.error_changes import Changed, changed
from bigpandamon_core.summaries.error_tally import ErrorTally
from bigpandamon_core.summaries.error_times import ErrorsOverTime, ErrorTimes
from bigpandamon_core.summaries.errors import ByField, ErrorsByPlace, renamed
from bigpandamon_core.summaries.jobs import Attribute, Key
from bigpandamon_core.summaries.messages import Message, messages
from bigpandamon_core.summaries.trends import EVERY_STEP_MIN, edges, step_minutes

HOURS = 6
"""The usual window, unless production is asked for: that has the window of jobs."""
STATES = ("failed", "holding")
BEFORE_HOURS = 24
"""So much earlier lies the period that is compared with."""
SAMPLED = 500
"""So many of the newest jobs have their messages read."""
PLACES = named("computingsite", "wn", "produsername", "jeditaskid")
_STATE = "jobstatus"
_STATES = (_STATE, _STATE + SHOWN)
_ABOUT_ERRORS = frozenset(
    name + suffix
    for name in (_STATE, "jobsubstatus", "witherrors", "errorcategory", *CODE_COLUMNS, *DIAG_COLUMNS)
    for suffix in ("", SHOWN)
)
"""Parameters that choose among failures; without them the same jobs are asked for, however they ended."""


class Errors(TranslatedJobs):
    """The failed and holding jobs of a selection."""

    def __init__(self, call: Call):
        super().__init__(call, _as_jobs(call.parameters), _noun(call))
        if UNFINISHED in self.selection.ignored and self.shown.has("extra"):
            self._without_unfinished()

    def _without_unfinished(self) -> None:
        """Files that are not finished were asked for without a task.

        Raises:
            Problem: of a strict call.
        """
        if self.asked.strict:
            raise missing(f"extra={UNFINISHED}", "jeditaskid")
        self._shown = replace(self._shown, ignored=(*self._shown.ignored, f"extra={UNFINISHED}"))

    @cached_property
    def by_place(self) -> ByField:
        """By queue, node, user and task the errors there, the most first; names as the caller sees them."""
        return self.places()

    def places(self, most: int | None = None) -> ByField:
        """The same, so many of each."""
        found = self.facets.errors_by_place(PLACES, most) if self.facets else self._of_rows.places.told(most)
        return {**found, "produsername": renamed(found["produsername"], self._told_name)}

    @cached_property
    def over_time(self) -> ErrorTimes | None:
        """The errors by when their jobs changed last; None without a window of such times."""
        if not self._pieces:
            return None
        minutes, moments = self._pieces
        counts = self.facets.errors_over_time(moments) if self.facets else self._of_rows.times.counts
        return ErrorTimes(minutes, moments, counts)

    @property
    def _of_rows(self) -> ErrorTally:
        """The tally where facets cannot tell."""
        return cast(ErrorTally, self.tally)

    def _no_jobs(self) -> ErrorTally:
        minutes, moments = self._pieces or (1, ())
        everywhere = self.sums_up_all_states
        places = ErrorsByPlace(PLACES, everywhere)
        return ErrorTally(self._fields, places, ErrorsOverTime(moments, everywhere, minutes), everywhere)

    def to_count(self) -> Wanted:
        minutes, _ = self._pieces or (0, ())
        return replace(super().to_count(), about=f"{self.sums_up_all_states}, errors by {minutes} minutes")

    def count_all(self) -> None:
        """What is counted for all of the answer, together where only the database can tell."""
        count_together([self, self.population])

    def _told_name(self, name: Any) -> Any:
        return self.call.privacy.name(name) or NOT_SPECIFIED

    @property
    def site_field(self) -> str:
        """What the errors by site are told by: nodes where queues are asked for."""
        asked = self.shown.has("computingsite", "computingsite" + SHOWN, "site")
        return "wn" if asked else "computingsite"

    @cached_property
    def population(self) -> Jobs:
        """All jobs that ended under the same conditions, failed or not, whatever their errors."""
        return self._like(_ABOUT_ERRORS, ENDED_BY_THEMSELVES)

    def _like(self, without: Collection[str], states: Collection[str], **changes: str) -> Jobs:
        """The jobs in these states, as shown, of the same request in the same window, without some conditions
        and with others."""
        fixed = {name: value for name, value in self.selection.absolute.items() if value is not None}
        kept = self.selection.pairs(*without, *_STATES, *self.selection.absolute, *changes)
        parameters = (*kept, *fixed.items(), *changes.items(), *_shown(states))
        return Jobs(replace(self.call, parameters=parameters))

    @cached_property
    def nodes(self) -> Attribute:
        """The nodes of the population; none where only the database could tell: it would count by slots."""
        return nodes(self.population)

    @cached_property
    def suspects(self) -> list[Suspect]:
        """The values that failed jobs have more often than others, by lift."""
        ended = self.population.tally
        known = {one.field.name: one for one in (*self.population.attributes, self.nodes)}
        told = [one for one in self.attributes if self._may_be_blamed(one.field.name)]
        failed = map(only_causes, (*told, nodes(self)))
        return suspects(failed, known, self.tally.failed, ended.failed + ended.finished)

    def _may_be_blamed(self, field: str) -> bool:
        named = field == "produsername" and self.call.privacy.hides_names
        return field not in OUTCOMES and not named

    @cached_property
    def changes(self) -> list[Changed] | None:
        """What differs from the same hours before, among failed jobs; None where only the database could
        tell, where nothing failed then, for all would be new, or without a window."""
        now, before = (self._failed(*period) for period in self.periods) if self.periods else (None, None)
        return changed(now, before, self._growth) if now is not None and before else None

    @property
    def _growth(self) -> float:
        """How many times as many jobs ended now as then."""
        now, before = (self._between(_ABOUT_ERRORS, ENDED_BY_THEMSELVES, *period) for period in self.periods)
        if not now.facets or not before.facets or not before.facets.total:
            return 1
        return now.facets.total / before.facets.total

    @property
    def _pieces(self) -> tuple[int, list[datetime]] | None:
        """Minutes and edges of the pieces of time; None without a window."""
        if not self._window:
            return None
        begin, end = self._window
        minutes = step_minutes((end - begin).total_seconds() / 3600, EVERY_STEP_MIN)
        return minutes, edges(begin, end, timedelta(minutes=minutes))

    @property
    def _window(self) -> tuple[datetime, datetime] | None:
        """Between which times of change; None without such a window."""
        window = self.selection.window
        return (window.begin, window.end) if window and window.column == "modificationtime" else None

    @property
    def periods(self) -> tuple[tuple[datetime, datetime], ...]:
        """The window and the one that it is compared with, a day before or, if it is longer, its own length;
        () without a window of times of change, or where nothing can lie before it."""
        if not self._window:
            return ()
        begin, end = self._window
        earlier = max(timedelta(hours=BEFORE_HOURS), end - begin)
        return (self._window, (begin - earlier, end - earlier)) if begin - earlier >= EARLIEST else ()

    def failed_between(self, begin: datetime, end: datetime) -> Jobs:
        """The jobs of the same request that failed in another window."""
        return self._between((), ("failed",), begin, end)

    def _between(
        self, without: Collection[str], states: Collection[str], begin: datetime, end: datetime
    ) -> Jobs:
        moved = {"date_from": str(iso(begin)), "date_to": str(iso(end))}
        return self._like((*without, *WINDOW_NAMES), states, **moved)

    def _failed(self, begin: datetime, end: datetime) -> Mapping[Key, int] | None:
        facets = self.failed_between(begin, end).facets
        return {(one.component, one.code): one.count for one in facets.errors()} if facets else None

    @cached_property
    def messages(self) -> list[Message]:
        """What the newest jobs said, clustered, most frequent first."""
        return messages(self._sample)

    @cached_property
    def _sample(self) -> list[dict[str, Any]]:
        return self.page(("pandaid", "computingsite", *CODE_COLUMNS, *DIAG_COLUMNS), SAMPLED)

    @property
    def sampled(self) -> int:
        """How many jobs had their messages read."""
        return len(self._sample)


def _noun(call: Call) -> Noun:
    jobtype = call.parameter("jobtype")
    is_long = jobtype and not jobtype.startswith("ana")
    hours = call.option("jobs.window_hours") if is_long else HOURS
    more = call.more_fields.get("jobs", ())
    return job_requests.noun(hours, call.option("jobs.lookback_days"), more, call.error_rules)


def _as_jobs(pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    """The parameters as requests for jobs have them."""
    names = {name.lower() for name, _ in pairs}
    for name, value in pairs:
        if name.lower() == "cloud":
            yield "queuecloud", value
        elif name.lower() == "extra" and UNFINISHED in value.split(","):
            yield UNFINISHED, "1"
        elif name.lower() not in ("fields", "sortby", "limit"):
            yield name, value
    if not names.intersection(_STATES):
        yield from _shown(STATES)


def _shown(states: Collection[str]) -> Iterator[tuple[str, str]]:
    """The parameters that ask for jobs that are shown in one of these states."""
    return ((_STATE + SHOWN, state) for state in states)
