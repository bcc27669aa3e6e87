"""How many changes one core takes durably into the own database: states, bins, batches, one after the other.

    .venv/bin/python -m benchmarks.follow_core [--kind sqlite] [--changes 200000] [--ended 0.1]

The changes are prepared beforehand, as PanDA's rows are after they were read: skewed values in shuffled
order, each job seen in several states. Nothing is read from a PanDA database.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks.facets_world import DAY, World, world
from bigpandamon_core.domain.observations import Observation
from tests.instance import databases, settings

LOOK_CHANGES = 20_000
OF_A_TASK = ("vo", "cloud", "prodsourcelabel", "resourcetype", "processingtype", "gshare")
"""Jobs of one task share these."""
LEAST = 23_000
"""Changes a second on one core, own database SQLite."""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Change:
    seen: Observation
    row: Row


def prepared(made: World, changes: int, ended_share: float, names: Sequence[str]) -> Iterator[list[Change]]:
    """Looks of equal size: each job is seen 1/ended_share times, at last as it ended."""
    steps = max(round(1 / ended_share), 1)
    jobs = changes // steps
    for number, start in enumerate(range(0, changes, LOOK_CHANGES)):
        places = np.arange(start, min(start + LOOK_CHANGES, changes))
        moment = DAY + timedelta(seconds=60 * number)
        rows = zip(*(_column(made, name, places % jobs, moment) for name in names), strict=True)
        yield [
            _change(row, place // jobs == steps - 1, names)
            for place, row in zip(places.tolist(), rows, strict=True)
        ]


def _column(made: World, name: str, places: Any, moment: Any) -> list[Any]:
    if name in ("statechangetime", "modificationtime"):
        return [moment] * len(places)
    if name == "cpuconsumptiontime":
        return [3600 + place % 1000 for place in places.tolist()]
    if name == "modificationhost":
        queues = made.codes["computingsite"][places].tolist()
        return [
            f"slot@node{queue}.{place % 100}" for queue, place in zip(queues, places.tolist(), strict=True)
        ]
    if name in OF_A_TASK:
        words = made.words[name]
        return [words[task % len(words)] for task in made.codes["jeditaskid"][places].tolist()]
    return made.column(name, places)


def _change(row: Row, ended: bool, names: Sequence[str]) -> Change:
    values = dict(zip(names, row, strict=True))
    state = values["jobstatus"] if ended else "running"
    row = tuple(state if name == "jobstatus" else values[name] for name in names)
    table = "jobsarchived4" if ended else "jobsactive4"
    seen = Observation(values["pandaid"], table, state, values["statechangetime"], values["modificationtime"])
    return Change(seen, row)


def run(looks: Iterable[list[Change]]) -> tuple[int, float, float]:
    """Changes taken, seconds, and seconds of this process's own."""
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.follow.taking import JOBS, Taking
    from bigpandamon_core.rollups.contributions import Counter
    from bigpandamon_core.state.follow import FollowStatus
    from bigpandamon_core.state.leases import acquire

    class Prepared(Taking):
        """Whole rows are at hand."""

        rows: dict[int, Change] = {}

        def _read_whole(self, news: Iterable[Observation]) -> None:
            for one in news:
                self._pending.add(one.table, self.rows[one.pandaid].row)

    FollowStatus.objects.create(name=JOBS, columns="", closed_before=DAY - timedelta(days=2))
    lease = acquire("follow", "benchmark", 600)
    assert lease
    counter, taken, wall, own = Counter(), 0, 0.0, 0.0
    for look in looks:
        Prepared.rows = {change.seen.pandaid: change for change in look}
        begun, used = perf_counter(), process_time()
        taking = Prepared(lease, counter)
        taking.take([change.seen for change in look])
        taking.finish(as_of=DAY)
        wall, own = wall + perf_counter() - begun, own + process_time() - used
        taken += taking.changed
    return taken, wall, own


def main(words: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kind", choices=databases.MAKERS, default="sqlite")
    parser.add_argument("--changes", type=int, default=200_000)
    parser.add_argument("--ended", type=float, default=0.1, help="share of changes that end a job")
    given = parser.parse_args(words)
    made = databases.made(given.kind)
    try:
        settings.activate(made)
        return _measured(given)
    finally:
        made.remove()


def _measured(given: Any) -> int:
    from django.core.management import call_command
    from django.db import connections

    from bigpandamon_core.follow.taking import _READ
    from bigpandamon_core.state.rollups import RollupBin, RollupKey

    call_command("migrate", database="default", verbosity=0)
    jobs = max(round(given.changes * given.ended), 1)
    looks = prepared(world(jobs, 0), given.changes, given.ended, _READ)
    taken, wall, own = run(looks)
    print(
        f"{taken:,} changes, {given.ended:.0%} of them the end of a job, into {given.kind}: "
        f"{taken / wall:,.0f} a second, {taken / own:,.0f} a second of this process's time "
        f"({RollupBin.objects.count():,} rows of bins, {RollupKey.objects.count():,} keys)"
    )
    connections.close_all()
    return 0 if given.kind != "sqlite" or taken / own >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
