"""Jobs that ended, summed up from rollups by one of their dimensions: how many, how well, for how long."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from bigpandamon_core.domain.conditions import Test, equal, tests
from bigpandamon_core.domain.failure_fields import as_kept
from bigpandamon_core.domain.failures import FAILURE, FAILURE_CLASS
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.domain.parameters import SHOWN, whole_number
from bigpandamon_core.domain.request_window import EXPLICIT
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.domain.window import floor
from bigpandamon_core.payloads import scope, trend_rollups
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.selected import Selected
from bigpandamon_core.payloads.statistics_sum import HOUR_SECONDS, Sum
from bigpandamon_core.payloads.trend_rollups import Period, Unanswered
from bigpandamon_core.queries.lookups import resolve
from bigpandamon_core.rollups.declared import COUNTS, NODE, OF_FAILURES
from bigpandamon_core.rollups.reading import Sums, is_made_by, series
from bigpandamon_core.summaries.made import Made
from bigpandamon_core.summaries.trends import SECOND

BY: Mapping[str, str] = {
    "computingsite": "Queue",
    "cloud": "Region",
    "processingtype": "Kind of work",
    "prodsourcelabel": "Activity",
    "resourcetype": "Resource",
    "gshare": "Share",
    "vo": "VO",
    "produsername": "User",
    "node": "Node",
    "homepackage": "Software",
    FAILURE_CLASS: "Class of failure",
    FAILURE: "Failure",
}
"""What jobs can be told by, in words."""
ASKED_AS = {"node": "wn"}
"""Dimensions that jobs are asked by under another name."""
LEVELS: Mapping[str, int] = {"summary": 20, "details": 500, "all": 0}
"""Of how many values something is told, 0 for all."""
USUAL_BY, USUAL_DAYS = "computingsite", "7"
OF_OTHERS = ("finished", "other", "failing_percent", "lost_percent")
"""Numbers that need more than the jobs that failed."""
BY_END = ("modificationtime", "statechangetime")
"""Times of a window that say when jobs ended."""
ASK_BY_END = "ask by days, hours, date_from and date_to, or statechangetimerange"


def _noun(call: Call) -> Noun:
    """Jobs as rollups know them: these tell what their failures were and on which node they ran."""
    kept = {field.name: field for field in as_kept()}
    noun = scope.noun(call)
    return replace(noun, fields=tuple(_as_kept(kept.get(field.name, field)) for field in noun.fields))


def _as_kept(field: Field) -> Field:
    return replace(field, exactly=partial(equal, NODE)) if field.name == ASKED_AS[NODE] else field


class Statistics(Selected):
    """The sums of a window and some conditions. asked: the call with its window.

    Raises:
        Problem: from the constructor: what cannot be read, is told by nobody, or may not be asked.
    """

    def __init__(self, call: Call):
        named = any(name.lower() in EXPLICIT for name, _ in call.parameters)
        asked = replace(
            call, parameters=call.parameters if named else (*call.parameters, ("days", USUAL_DAYS))
        )
        self.by = call.chosen("by", BY, USUAL_BY)
        self._level = call.chosen("level", ("", *LEVELS), "")
        self.integrates = call.chosen("integrate", ("0", "1"), "0") == "1"
        self.offset = whole_number({"offset": call.parameter("offset", "0")}, "offset") or 0
        if self.by == "produsername" and call.privacy.hides_names:
            raise personal("by", call.privacy)
        super().__init__(call, scope.selection(asked, asked.parameters, call.strict, _noun(call)))
        self.asked = asked

    @property
    def asked_as(self) -> str:
        """The parameter that asks for values of the dimension exactly."""
        return ASKED_AS.get(self.by, self.by) + SHOWN

    @cached_property
    def period(self) -> Period | None:
        """What rollups can tell, None where they tell nothing."""
        return None if self.why_not else self._found

    @cached_property
    def _found(self) -> Period | None:
        """None where nobody follows."""
        window = self.selection.window
        if window is None:
            raise Unanswered("a period of time is needed")
        if window.column not in BY_END:
            raise Unanswered(f"rollups know when jobs ended, not their {window.column}: {ASK_BY_END}")
        configured = self.call.option("schedule.keep_days")
        return trend_rollups.period(self.selection, window, self.call.now, configured, (self.by,))

    @cached_property
    def why_not(self) -> str:
        """Why nothing is told, "" where something is."""
        try:
            return "" if self._found else "nobody follows PanDA here: rollups are empty"
        except Unanswered as reason:
            return str(reason)

    @property
    def as_of(self) -> datetime:
        return self.period.known.as_of if self.period else self.call.now

    @property
    def complete_since(self) -> datetime | None:
        """Since when all is counted, None where that is the whole window."""
        return self.period.partly if self.period else None

    @property
    def bins(self) -> tuple[datetime, datetime] | None:
        """From when to when jobs are counted, for bins are whole; None where nothing is told."""
        if self.period is None:
            return None
        window, seconds = self.period.window, self.period.level.hours * HOUR_SECONDS
        return floor(window.begin, seconds), floor(window.end - SECOND, seconds) + timedelta(seconds=seconds)

    def sum_told(
        self, one: Sum, begin: datetime | None = None, end: datetime | None = None
    ) -> dict[str, Any]:
        """A value's numbers, over all bins unless a period is given. Where failures are counted nothing is
        known of jobs that ended otherwise."""
        told = one.told(self._passed(begin, end))
        if self.period and self.period.rollup.measures == COUNTS:
            told["busy_cores"] = None
        return told | dict.fromkeys(OF_OTHERS) if self.is_of_failures else told

    def _passed(self, begin: datetime | None, end: datetime | None) -> float:
        """The seconds of a period of which jobs are counted."""
        if self.period is None or self.bins is None:
            return 0
        known, (first, last) = self.period.known, self.bins
        passed = min(end or last, known.as_of) - max(begin or first, known.complete_since)
        return max(passed.total_seconds(), 0)

    @cached_property
    def told(self) -> list[Sums]:
        """Numbers of each bin, by value and what tells the state, in time."""
        if self.period is None:
            return []
        return self._series(self.period, (self.by, *self.period.states), self.period.rollup.measures)

    def _series(self, period: Period, by: tuple[str, ...], measures: tuple[str, ...] = COUNTS) -> list[Sums]:
        window, hours = (period.window.begin, period.window.end), period.level.hours
        return series(period.rollup, hours, window, period.condition, by, measures)

    @cached_property
    def sums(self) -> list[Sum]:
        """Of each value, most jobs first."""
        found = Made[str, Sum](Sum)
        for one in self.told:
            value, *states = one.values
            found[value].count(states, one.counted)
        return sorted(found.values(), key=lambda sum_: (-sum_.jobs, sum_.value))

    def level(self, usual: str) -> str:
        """How much is told, one of LEVELS. usual: where nothing is asked for."""
        return self._level or usual

    def of_level(self, usual: str) -> list[Sum]:
        """Of as many values as the level says."""
        return self.sums[: LEVELS[self.level(usual)] or None]

    @cached_property
    def others(self) -> list[tuple[str, int]]:
        """Values not asked for where some are, with the jobs that they would add, most first."""
        if self.period is None or not self.selection.has(self.asked_as):
            return []
        asked = tuple(one for one in self.selection.asked if one.parameter != self.asked_as)
        wider = resolve(replace(self.selection, asked=asked).condition)
        counts: Counter[str] = Counter()
        for one in self._series(replace(self.period, condition=wider), (self.by,)):
            counts[one.values[0]] += one.counted[0]
        known = {*self.selection.values(self.asked_as), *(one.value for one in self.sums)}
        return [pair for pair in counts.most_common() if (pair[0] or NOT_SPECIFIED) not in known]

    @cached_property
    def is_of_failures(self) -> bool:
        """Whether failures are counted, not jobs: one may have several."""
        return self.period is not None and not self.period.states

    @cached_property
    def has_rows(self) -> bool:
        """Whether jobs can be asked for by what they are told by."""
        rules = self.call.error_rules
        return self.period is not None and (self.period.states != () or is_made_by(self.period.rollup, rules))

    @property
    def rows_are_jobs(self) -> bool:
        """Whether a value has as many jobs as are counted for it."""
        return self.has_rows and (self.counts_once or self.by in OF_FAILURES)

    @cached_property
    def counts_once(self) -> bool:
        """Whether no job is counted twice: of failures one value is asked for."""
        if not self.is_of_failures:
            return True
        asked = [one for one in tests(self.selection.condition) if one.column in OF_FAILURES]
        return len(asked) == 1 and _is_single(asked[0])


def _is_single(test: Test) -> bool:
    return not isinstance(test.value, tuple) or len(test.value) == 1
