"""Jobs that ended, summed up from rollups by one of their dimensions: how many, how well, for how long."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import EXPLICIT
from bigpandamon_core.domain.states import failing_percent, shown_state
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.domain.window import floor
from bigpandamon_core.payloads import scope, trend_rollups
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.selected import Selected
from bigpandamon_core.payloads.trend_rollups import Period, Unanswered
from bigpandamon_core.rollups.reading import series
from bigpandamon_core.summaries.outcomes import Outcomes
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
}
"""What jobs can be told by, in words."""
USUAL_BY, USUAL_DAYS = "computingsite", "7"
BY_END = ("modificationtime", "statechangetime")
"""Times of a window that say when jobs ended."""
ASK_BY_END = "ask by days, hours, date_from and date_to, or statechangetimerange"
STATE = ("jobstatus", "jobsubstatus")
HOUR_SECONDS = 3600


@dataclass
class Sum(Outcomes):
    """Jobs that have one value; seconds are sums over jobs."""

    value: str
    cpu_seconds: int = 0

    @property
    def told(self) -> dict[str, Any]:
        """As rows of every form have it; hours, minutes and percents are null where they are not known."""
        return {
            "value": self.value,
            "jobs": self.jobs,
            "finished": self.finished,
            "failed": self.failed,
            "other": self.other,
            "failing_percent": _rounded(failing_percent(self.failed, self.finished)),
            "wall_hours": _rounded(self.wall_seconds / HOUR_SECONDS if self.timed else None),
            "mean_minutes": self.mean_minutes,
            "cpu_hours": _rounded(self.cpu_seconds / HOUR_SECONDS if self.timed else None),
        }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


COLUMNS = tuple(Sum("").told)


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
        self.by = call.parameter("by", USUAL_BY)
        if self.by not in BY:
            raise Problem(
                f"Illegal value '{self.by[:60]}' for by",
                parameter="by",
                code="illegal-value",
                remedy=f"Give one of {', '.join(BY)}.",
            )
        if self.by == "produsername" and call.privacy.hides_names:
            raise personal("by", call.privacy)
        super().__init__(call, scope.selection(asked, asked.parameters, call.strict))
        self.asked = asked

    @cached_property
    def _period(self) -> Period | None:
        """What rollups can tell, None where nobody follows."""
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
            return "" if self._period else "nobody follows PanDA here: rollups are empty"
        except Unanswered as reason:
            return str(reason)

    @property
    def as_of(self) -> datetime:
        return self._period.known.as_of if not self.why_not and self._period else self.call.now

    @property
    def complete_since(self) -> datetime | None:
        """Since when all is counted, None where that is the whole window."""
        return self._period.partly if not self.why_not and self._period else None

    @property
    def bins(self) -> tuple[datetime, datetime] | None:
        """From when to when jobs are counted, for bins are whole; None where nothing is told."""
        if self.why_not or self._period is None:
            return None
        window, seconds = self._period.window, self._period.level.hours * HOUR_SECONDS
        return floor(window.begin, seconds), floor(window.end - SECOND, seconds) + timedelta(seconds=seconds)

    @cached_property
    def sums(self) -> list[Sum]:
        """Most jobs first."""
        if self.why_not or self._period is None:
            return []
        period, found = self._period, dict[str, Sum]()
        begin, end = period.window.begin, period.window.end
        for one in series(period.rollup, period.level.hours, begin, end, period.condition, (self.by, *STATE)):
            value, *state = one.values
            jobs, timed, wall, _, cpu = one.counted
            sum_ = found.setdefault(value, Sum(value))
            sum_.add(shown_state(*state), jobs, timed, wall)
            sum_.cpu_seconds += cpu
        return sorted(found.values(), key=lambda sum_: (-sum_.jobs, sum_.value))
