"""How fast trends come from rollups of a size like production: hours of 30 days, days of two years.

    .venv/bin/python -m benchmarks.rollups [--kind sqlite] [--queues 600]

Each answer is compared first with the sum of what was written. Exit code 2 where one is wrong.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import product
from statistics import median
from time import perf_counter
from typing import Any

from tests.instance import databases, settings

NOW = datetime(2026, 11, 20, 12)
RUNS = 7
CLOUDS, LABELS, RESOURCES = 20, ("managed", "user", "test"), ("SCORE", "MCORE", "SCORE_HIMEM")
STATES = ("finished", "failed", "closed", "cancelled")
HOURS, DAYS = 30 * 24, 2 * 365
JOBS = 3
"""In each row."""


def fill(queues: int) -> dict[str, int]:
    """Keys and bins of the rollups that trends ask; how many keys each has. A queue runs what belongs to it:
    one kind of activity and one resource."""
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.rollups.keys import Keys

    of_queue = [
        (f"cloud{n % CLOUDS}", f"QUEUE_{n}", LABELS[n % 3], RESOURCES[n % 7 % 3]) for n in range(queues)
    ]
    keys: dict[str, list[tuple[int, tuple[str, ...]]]] = {
        "regions": [
            (1, ("vo", f"cloud{n}", *rest, "")) for n, *rest in product(range(CLOUDS), LABELS, STATES)
        ],
        "jobs": [(2, ("vo", *queue, state, "")) for queue, state in product(of_queue, STATES)],
    }
    for every in keys.values():
        numbers = Keys().numbers(every)
        _bins(every[0][0], [numbers[key] for key in every])
    return {name: len(every) for name, every in keys.items()}


def _bins(rollup: int, keys: list[int]) -> None:
    from bigpandamon_core.rollups.bins import KEY
    from bigpandamon_core.rollups.declared import COUNTS
    from bigpandamon_core.rollups.hours import bin_of, hour_of
    from bigpandamon_core.state.rollups import RollupBin
    from bigpandamon_core.state.upserts import add

    hour = hour_of(NOW)
    places = [(1, hour - ago) for ago in range(HOURS)] + [
        (24, bin_of(hour, 24) - 24 * ago) for ago in range(DAYS)
    ]
    for length, begin in places:
        add(RollupBin, KEY, COUNTS, ((rollup, length, begin, key, JOBS, JOBS, 60, 0, 0) for key in keys))


def measured(keys: dict[str, int]) -> Iterator[tuple[str, float, bool]]:
    """Each case with its milliseconds and whether its answer is right."""
    from bigpandamon_core.domain.conditions import EVERYTHING, equal
    from bigpandamon_core.rollups.declared import BY_NAME
    from bigpandamon_core.rollups.reading import series

    cases = (
        ("a week by 6 hours, everything", "regions", 1, 7, EVERYTHING, keys["regions"]),
        ("30 days, everything", "regions", 24, 30, EVERYTHING, keys["regions"]),
        ("two years, everything", "regions", 24, DAYS - 1, EVERYTHING, keys["regions"]),
        ("two weeks by the hour, one queue", "jobs", 1, 14, equal("computingsite", "QUEUE_5"), len(STATES)),
        ("30 days, one state of all queues", "jobs", 24, 30, equal("jobstatus", "failed"), keys["jobs"] // 4),
        ("two years, one queue", "jobs", 24, DAYS - 1, equal("computingsite", "QUEUE_5"), len(STATES)),
    )
    for name, rollup, length, days, condition, rows in cases:
        begin, end = NOW.replace(hour=0) - timedelta(days=days), NOW.replace(hour=0)
        ask = (BY_NAME[rollup], length, (begin, end), condition, ("jobstatus", "jobsubstatus"))
        taken = []
        for _ in range(RUNS):
            begun = perf_counter()
            found = series(*ask)
            taken.append(1000 * (perf_counter() - begun))
        right = sum(one.counted[0] for one in found) == rows * JOBS * days * 24 // length
        yield name, median(taken), right


def main(words: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kind", choices=databases.MAKERS, default="sqlite")
    parser.add_argument("--queues", type=int, default=600)
    given = parser.parse_args(words)
    made = databases.made(given.kind)
    try:
        settings.activate(made)
        return _told(given)
    finally:
        made.remove()


def _told(given: Any) -> int:
    from django.core.management import call_command
    from django.db import connections

    from bigpandamon_core.state.rollups import RollupBin

    call_command("migrate", database="default", verbosity=0)
    keys = fill(given.queues)
    print(f"{RollupBin.objects.count():,} rows of bins in {given.kind}")
    lines = list(measured(keys))
    for name, milliseconds, right in lines:
        print(f"{name:36} {milliseconds:8.1f} ms{'' if right else '  WRONG'}")
    connections.close_all()
    return 0 if all(right for *_, right in lines) else 2


if __name__ == "__main__":
    sys.exit(main())
