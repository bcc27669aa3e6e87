"""Consumes a file of changes with the follower's own means, and says how many seconds that took.

    .venv/bin/python -m benchmarks.consumer FILE [--compare]

Each look takes so many lines as one transaction writes; they come in the place of what PanDA's tables tell.
"""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import changes as stream
from bigpandamon_core.management import start

HOLDER, LEASE_SECONDS = "bench", 600.0


class Lines:
    """The lines of a file, as many at once as a look takes, told as `queries.changes` tells of tables."""

    def __init__(self, path: Path, at_once: int):
        self._events = stream.read(path)
        self._at_once = at_once
        self._observed: dict[str, list[Any]] = {}
        self._newest: dict[tuple[int, str], stream.Event] = {}

    def turn(self) -> bool:
        """The next lines; whether there are any."""
        self._observed, self._newest = {}, {}
        for event in islice(self._events, self._at_once):
            key = stream.key(event)
            self._observed.setdefault(key[1], []).append(stream.observation(event))
            known = self._newest.get(key)
            if known is None or stream.is_later(event, known):
                self._newest[key] = event
        return bool(self._observed)

    def since(self, table: Any, _place: Any) -> Iterator[Any]:
        return iter(self._observed.get(_name(table), ()))

    def unstamped(self, _moment: Any) -> Iterator[Any]:
        return iter(())

    def whole(self, table: Any, pandaids: Iterable[int], names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        name = _name(table)
        return (stream.whole(self._newest[pandaid, name], len(names)) for pandaid in pandaids)


def _name(table: Any) -> str:
    found: str = table._meta.db_table
    return found.rpartition(".")[2]


def consume(option: Callable[[str], Any], path: Path, at_once: int) -> float:
    """Seconds from the first line to the last one that is durable."""
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.follow.leading import LEASE, Follower
    from bigpandamon_core.queries import changes
    from bigpandamon_core.state.leases import acquire

    lease = acquire(LEASE, HOLDER, LEASE_SECONDS)
    assert lease is not None
    look, status = Follower(option)._prepared(lease)
    if status.as_of is None:
        look.begin()
    lines = Lines(path, at_once)
    for asked in ("since", "unstamped", "whole"):
        setattr(changes, asked, getattr(lines, asked))
    began = perf_counter()
    while lines.turn():
        look.changes()
    return perf_counter() - began


def main() -> int:
    parser = ArgumentParser()
    parser.add_argument("lines", type=Path)
    parser.add_argument("--compare", action="store_true")
    asked = parser.parse_args()
    configuration = start.everything()
    from bigpandamon_core.follow.taking import SLICE_ROWS

    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core
    seconds = consume(configuration.get, asked.lines, SLICE_ROWS)
    if asked.compare:
        from benchmarks.stream import compare

        compare(asked.lines, SLICE_ROWS)
    print(seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
