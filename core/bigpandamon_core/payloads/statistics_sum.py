"""The numbers of jobs that have one value: how they ended, what they used, where their time went."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.timings import STEPS
from bigpandamon_core.payloads.trend_rollups import FAILED, shown
from bigpandamon_core.rollups.contributions import Counted
from bigpandamon_core.rollups.declared import TIMES
from bigpandamon_core.summaries.outcomes import Outcomes

HOUR_SECONDS = 3600


@dataclass
class Sum(Outcomes):
    """Jobs that have one value; seconds are sums over jobs. times: by names of `rollups.declared.TIMES`."""

    value: str
    cpu_seconds: int = 0
    failed_wall_seconds: int = 0
    times: Counter[str] = field(default_factory=Counter)

    def count(self, states: Iterable[str], counted: Counted) -> None:
        """More jobs of a state, as rollups have them."""
        jobs, timed, wall, _, cpu, *times = counted
        state = shown(tuple(states))
        self.add(state, jobs, timed, wall)
        self.cpu_seconds += cpu
        self.failed_wall_seconds += wall if state == FAILED else 0
        for name, number in zip(TIMES, times, strict=False):
            self.times[name] += number

    def join(self, other: Outcomes) -> None:
        super().join(other)
        if isinstance(other, Sum):
            self.cpu_seconds += other.cpu_seconds
            self.failed_wall_seconds += other.failed_wall_seconds
            self.times.update(other.times)

    def copied(self) -> "Sum":
        return replace(self, times=Counter(self.times))

    def told(self, seconds: float = 0) -> dict[str, Any]:
        """As rows of every form have it; numbers are null where they are not known.

        seconds: in which the jobs ended.
        """
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
            **self._well_used(seconds),
            **self._steps(),
        }

    def _well_used(self, seconds: float) -> dict[str, float | None]:
        """efficiency_percent: CPU time of the time of all cores that jobs had. busy_cores: that they had on
        average. lost_percent: wall-clock time of jobs that failed."""
        times, all_known = self.times, self.times["ran"] == self.timed
        return {
            "efficiency_percent": _rounded(
                _ratio(100 * times["core_cpu_seconds"], times["used_core_seconds"])
            ),
            "busy_cores": _rounded(_ratio(times["core_seconds"], seconds if all_known else 0)),
            "lost_percent": _rounded(_ratio(100 * self.failed_wall_seconds, self.wall_seconds)),
        }

    def _steps(self) -> dict[str, float | None]:
        """Means of jobs whose times are known."""
        told = {f"{step}_seconds": self.times["piloted"] for step in STEPS}
        counts = {"wait_seconds": self.times["ran"], **told}
        return {f"mean_{name}": _rounded(_ratio(self.times[name], count)) for name, count in counts.items()}


def _ratio(number: float, of: float) -> float | None:
    return number / of if of else None


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


COLUMNS = tuple(Sum("").told())
