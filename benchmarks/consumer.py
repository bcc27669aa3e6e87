"""Consumes a file of changes with the follower's own means, and says how many seconds that took.

.venv/bin/python -m benchmarks.consumer FILE [--compare]
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import changes as stream
from bigpandamon_core.domain.window import now
from bigpandamon_core.management import start

HOLDER, LEASE_SECONDS = "bench", 600.0


class Rows:
    """Whole rows of the events that were seen last, in the place of those that PanDA's tables would tell."""

    def __init__(self) -> None:
        self._events: dict[tuple[int, str], stream.Event] = {}

    def seen(self, events: Iterable[stream.Event]) -> Iterator[Any]:
        """Observations; of each job and table the newest event is kept."""
        for event in events:
            key = stream.key(event)
            known = self._events.get(key)
            if known is None or stream.is_later(event, known):
                self._events[key] = event
            yield stream.observation(event)

    def forget(self) -> None:
        self._events.clear()

    def whole(self, table: Any, pandaids: Iterable[int], _names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """As `queries.changes.whole` tells the facet columns."""
        from bigpandamon_core.queries.jobs import name_of

        name = name_of(table)
        return (stream.whole(self._events[pandaid, name]) for pandaid in pandaids)


def consume(lines: Path) -> None:
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.facets.columns import VERSION
    from bigpandamon_core.follow.leading import LEASE
    from bigpandamon_core.follow.taking import JOBS, SLICE_ROWS, Taking
    from bigpandamon_core.queries import changes
    from bigpandamon_core.state.follow import FollowStatus
    from bigpandamon_core.state.leases import acquire

    rows = Rows()
    changes.whole = rows.whole
    FollowStatus.objects.get_or_create(name=JOBS, defaults={"columns": VERSION})
    lease = acquire(LEASE, HOLDER, LEASE_SECONDS)
    assert lease is not None
    taking, events = Taking(lease), stream.read(lines)
    while some := list(islice(events, SLICE_ROWS)):
        rows.forget()
        taking.take(rows.seen(some))
    taking.finish(as_of=now())


def main() -> int:
    parser = ArgumentParser()
    parser.add_argument("lines", type=Path)
    parser.add_argument("--compare", action="store_true")
    asked = parser.parse_args()
    start.everything()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core
    began = perf_counter()
    consume(asked.lines)
    seconds = perf_counter() - began
    if asked.compare:
        from benchmarks.stream import compare
        from bigpandamon_core.follow.taking import SLICE_ROWS

        compare(asked.lines, SLICE_ROWS)
    print(seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
