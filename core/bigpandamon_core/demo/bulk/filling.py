"""Fills the tables of a demonstration with as many jobs as wanted, then builds the indexes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice
from time import monotonic

from django.db.backends.base.base import BaseDatabaseWrapper

from bigpandamon_core.demo import schema
from bigpandamon_core.demo.bulk import loading, pool
from bigpandamon_core.demo.bulk.copies import Copies
from bigpandamon_core.demo.simulation.profile import Profile
from bigpandamon_core.demo.simulation.simulation import take_away
from bigpandamon_core.demo.simulation.statements import Statements, statements

MOST_JOBS, FEWEST_JOBS, COPIES = 10_000, 300, 8
"""Of the simulated day: a few copies at least, so that together they are spread evenly."""
ENLARGED = 8
"""How much larger than the profile's world one is that has so many jobs: 160 sites, 512 people by default."""
ENDED, ALIVE = "jobsarchived4", ("jobsactive4", "jobsdefined4")
COPIED = ("jedi_tasks", "jedi_datasets", "jedi_job_retry_history")
"""Tables beside the jobs' that every copy fills; all others are filled by the original only."""


@dataclass(frozen=True, slots=True)
class Size:
    """ended: jobs that ended within `window`. alive: jobs that have not."""

    ended: int
    alive: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Wanted:
    """end: the present moment of the data."""

    size: Size
    seed: int
    end: datetime
    indexes: bool = True


@dataclass(slots=True)
class Tally:
    """jobs: rows of job tables. loading, indexing: seconds."""

    jobs: int = 0
    rows: int = 0
    simulating: float = 0.0
    loading: float = 0.0
    indexing: float = 0.0

    @property
    def per_second(self) -> float:
        """Jobs per second, everything counted."""
        return self.jobs / (self.simulating + self.loading + self.indexing)


Told = Callable[[str], None]


def fill(connection: BaseDatabaseWrapper, profile: Profile, wanted: Wanted, told: Told) -> Tally:
    """Fill the tables, which are made if they are not there, and which should have no jobs yet."""
    tally, began = Tally(), monotonic()
    schema.create(connection, indexes=False)
    jobs = max(FEWEST_JOBS, min(wanted.size.ended // COPIES, MOST_JOBS))
    original = pool.simulated(profile.enlarged(ENLARGED), wanted.seed, wanted.end, jobs)
    tally.simulating = monotonic() - began
    told(f"A day of {len(original.rows[ENDED]):,} jobs simulated in {tally.simulating:.1f} s.")
    copies = Copies(original, wanted.size.window, wanted.seed)
    for table, each in statements(connection, profile.absent).items():
        if copies.pool.rows.get(table):
            _load(copies, wanted.size, each, told, tally)
    if wanted.indexes:
        _index(connection, told, tally)
    take_away(connection, profile.absent)
    return tally


def _load(copies: Copies, size: Size, each: Statements, told: Told, tally: Tally) -> None:
    began = monotonic()
    count = loading.load(each.connection, each.place, each.columns, _lines(copies, size, each))
    seconds = monotonic() - began
    tally.rows += count
    tally.loading += seconds
    tally.jobs += count if each.table in (ENDED, *ALIVE) else 0
    told(f"  {each.table}: {count:,} rows in {seconds:.1f} s, {count / seconds:,.0f}/s")


def _index(connection: BaseDatabaseWrapper, told: Told, tally: Tally) -> None:
    began = monotonic()
    schema.build_indexes(connection)
    tally.indexing = monotonic() - began
    told(f"Indexes built in {tally.indexing:.1f} s.")


def _lines(copies: Copies, size: Size, each: Statements) -> Iterator[str]:
    rows = copies.pool.rows[each.table]
    templates = copies.templates(rows, each.columns)
    times = -(-size.ended // len(copies.pool.rows[ENDED]))
    if each.table == ENDED:
        return _some(partial(copies.ended, templates), times, size.ended)
    if each.table in ALIVE:
        wanted = round(size.alive * len(rows) / len(copies.pool.live))
        return _some(partial(copies.alive, templates), -(-wanted // len(rows)), wanted)
    if each.table in COPIED:
        return _some(partial(copies.ended, templates), times, times * len(rows))
    return copies.alive(templates, 0)


def _some(copy: Callable[[int, float], Iterator[str]], times: int, wanted: int) -> Iterator[str]:
    """`wanted` lines of so many copies; the last copy is cut."""
    lines = chain.from_iterable(copy(number, number / times) for number in range(times))
    return islice(lines, wanted)
