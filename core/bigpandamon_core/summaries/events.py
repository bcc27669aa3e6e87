"""Event ranges added up: by state, by chunk, by error."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bigpandamon_core.domain.events import BAD, ENDED, PROCESSED

Row = Mapping[str, Any]


@dataclass
class Ranges:
    """Some ranges. count, events: by the number of a state how many there are, with how many events. first:
    the lowest event of all, None where none is known."""

    count: Counter[int] = field(default_factory=Counter)
    events: Counter[int] = field(default_factory=Counter)
    first: int | None = None

    def add(self, row: Row) -> None:
        self.count[row["status"]] += row["ranges"]
        self.events[row["status"]] += int(row["events"] or 0)
        if row["first"] is not None:
            self.first = row["first"] if self.first is None else min(self.first, row["first"])

    @property
    def bad(self) -> int:
        return sum(self.count[state] for state in BAD)

    @property
    def processed(self) -> int:
        """Events that were worked off."""
        return sum(self.events[state] for state in PROCESSED)

    @property
    def left(self) -> int:
        """Ranges that are to be worked off."""
        over = sum(self.count[state] for state in PROCESSED | ENDED)
        return self.count.total() - self.bad - over


@dataclass
class Errors:
    """Ranges with one error code, and the numbers of the jobs that hold them."""

    ranges: int = 0
    jobs: set[int] = field(default_factory=set)


@dataclass
class EventRanges:
    """chunks: by the number of a job, or of a job set, and of an input file. errors: by code."""

    whole: Ranges = field(default_factory=Ranges)
    chunks: dict[tuple[int, int], Ranges] = field(default_factory=lambda: defaultdict(Ranges))
    errors: dict[int, Errors] = field(default_factory=lambda: defaultdict(Errors))

    def worst(self) -> list[tuple[tuple[int, int], Ranges]]:
        """Chunks, those with most bad ranges first, then those of which most is left."""
        return sorted(self.chunks.items(), key=lambda item: (-item[1].bad, -item[1].left, item[0]))


def added_up(rows: Iterable[Row]) -> EventRanges:
    """rows: with pandaid, fileid, status, error_code, ranges, events, first."""
    found = EventRanges()
    for row in rows:
        found.whole.add(row)
        found.chunks[row["pandaid"], row["fileid"]].add(row)
        if row["error_code"]:
            errors = found.errors[row["error_code"]]
            errors.ranges += row["ranges"]
            errors.jobs.add(row["pandaid"])
    return found
