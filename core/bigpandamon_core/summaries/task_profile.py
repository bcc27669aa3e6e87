"""How a task came on: what its jobs had done up to each of some moments, by the attempt of the task."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bigpandamon_core.summaries.task_jobs import Ended

STATES: Mapping[str, str] = {
    "finished": "Jobs finished",
    "subfinished": "Jobs finished in part",
    "failed": "Jobs failed",
}
INPUTS: Mapping[str, str] = {"files": "Input files finished", "events": "Events finished"}
"""Of jobs that finished."""
QUANTITIES = (*STATES, *INPUTS)
Numbers = Counter[str]


@dataclass(frozen=True)
class Step:
    """What was done before a moment: by the number of an attempt, how much of each quantity."""

    end: datetime
    done: Mapping[int | None, Numbers]

    def total(self, quantity: str) -> int:
        return sum(numbers[quantity] for numbers in self.done.values())


def steps(
    ended: Iterable[Ended], starts: Iterable[tuple[datetime, int]], edges: Sequence[datetime]
) -> list[Step]:
    """One for each edge but the first, each with all that was done before; what ended later is in the last.

    starts: when each attempt began, and its number. A job belongs to the last that began before it was made,
    a job older than all of them to the first; without any to None.
    """
    known = sorted(starts)
    moments = [moment for moment, _ in known]
    gained: list[dict[int | None, Numbers]] = [{} for _ in edges[1:]]
    for one in ended:
        place = max(bisect_right(moments, one.created or one.moment) - 1, 0)
        number = known[place][1] if known else None
        step = min(max(bisect_right(edges, one.moment) - 1, 0), len(gained) - 1)
        gained[step].setdefault(number, Counter()).update(_gained(one))
    return _added_up(gained, edges[1:])


def _gained(one: Ended) -> Numbers:
    done = {one.state: 1} if one.state in STATES else {}
    return Counter(done | ({"files": one.files, "events": one.events} if one.state == "finished" else {}))


def _added_up(gained: Sequence[Mapping[int | None, Numbers]], ends: Sequence[datetime]) -> list[Step]:
    numbers = sorted({number for one in gained for number in one}, key=lambda number: number or 0)
    sums: dict[int | None, Numbers] = {number: Counter() for number in numbers}
    found = []
    for end, more in zip(ends, gained, strict=True):
        sums = {number: done + more.get(number, Counter()) for number, done in sums.items()}
        found.append(Step(end, sums))
    return found
