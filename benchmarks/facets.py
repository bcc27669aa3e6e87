"""How fast facets count: a day of skewed, shuffled jobs replayed, its attributes, errors and groups counted.

Scale 1 is 2,000,000 ended and 250,000 live jobs. Every answer is compared first with one computed from the
rows themselves, then timed beside one bare numpy.bincount per attribute over the same codes in memory.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.facets_world import DAY, NOW, Array, World, columns_of, world
from benchmarks.measures import PAIRS, Measured, in_turn, milliseconds
from benchmarks.truth import WrongAnswer
from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.groups import groups
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.reading import Store
from bigpandamon_core.facets.store.snapshot import Snapshot

NOUN = job_requests.noun()
WHOLE_DAY = {"date_from": DAY.isoformat(), "date_to": (DAY + timedelta(days=1)).isoformat()}
BARE = "one bincount an attribute"
BY = [field for field in COUNTED if field.name in ("computingsite", "jobstatus", "resourcetype")]


@dataclass(frozen=True)
class Case:
    """Some jobs: as a request, and as places in the world."""

    name: str
    selection: Selection
    rows: Array


def measure(scale: float) -> Iterator[Measured]:
    made = world(int(2_000_000 * scale), int(250_000 * scale))
    cases = _cases(made)
    with TemporaryDirectory(prefix="bpm-facets-") as name, Publisher(Path(name)) as publisher:
        folder, batches = Path(name), list(made.batches())
        taken = [milliseconds(partial(publisher.publish, [batch], DAY)) for batch in batches]
        yield Measured("counting.replay-of-a-batch", sum(taken) / len(taken), "ms")
        yield from _store(made, folder, cases, "present")
        yield Measured("counting.compaction", milliseconds(publisher.compact), "ms")
        yield from _store(made, folder, cases, "compacted")
        yield from _others(folder, cases[0])
        yield from _after_a_batch(made, folder, publisher, cases[0])


def _after_a_batch(made: World, folder: Path, publisher: Publisher, every: Case) -> Iterator[Measured]:
    """A reader that has counted before meets a batch of 300 ended and 2,000 live jobs, on new tasks."""
    store, rows = Store(folder), np.arange(made.ended - 300, made.ended + 2_000) % len(made)
    _attributes(store.current(), every)
    batch = made.batch(
        1 + store.current().manifest.batch, rows, jeditaskid=[10**6 + row for row in rows.tolist()]
    )
    yield Measured("counting.publication", milliseconds(lambda: publisher.publish([batch])), "ms")
    yield Measured("counting.first-after", milliseconds(lambda: _attributes(store.current(), every)), "ms")
    yield Measured("counting.next", milliseconds(lambda: _attributes(store.current(), every)), "ms")


def _cases(made: World) -> list[Case]:
    sites = np.bincount(made.codes["computingsite"])
    site = int(np.argmin(np.abs(sites - len(made) // 100)))
    failed = np.flatnonzero(made.codes["jobstatus"] == 1)
    of_site = np.flatnonzero(made.codes["computingsite"] == site)
    name = made.words["computingsite"][site]
    return [
        Case("all", _selection(), np.arange(len(made))),
        Case("failed", _selection(jobstatus="failed"), failed),
        Case("queue", _selection(**{"computingsite.is": name}), of_site),
    ]


def _selection(**asked: str) -> Selection:
    return parse((WHOLE_DAY | {"active": "all"} | asked).items(), NOUN, NOW)


def _store(made: World, folder: Path, cases: Sequence[Case], name: str) -> Iterator[Measured]:
    """name: of the day's state: of many parts, or compacted."""
    snapshot = Store(folder).current()
    yield Measured(f"counting.{name}.parts", len(snapshot.ended) + bool(snapshot.live), "")
    for case in cases:
        _compare(made, snapshot, case)
        columns = [made.codes[column][case.rows] for column in columns_of(COUNTED)]
        found = in_turn(partial(_attributes, snapshot, case), partial(_bare, columns))
        times = 1 / found.ratio
        yield Measured(
            f"counting.{name}.{case.name}", found.ours, "ms", found.theirs, BARE, times, found.theirs
        )


def _attributes(snapshot: Snapshot, case: Case) -> Any:
    return Counted(snapshot, case.selection, COUNTED, NOW).attributes()


def _bare(columns: Sequence[Array]) -> None:
    for codes in columns:
        np.bincount(codes)


def _compare(made: World, snapshot: Snapshot, case: Case) -> None:
    counted = Counted(snapshot, case.selection, COUNTED, NOW)
    if counted.total != len(case.rows):
        raise WrongAnswer(f"{case.name}: {counted.total} jobs, not {len(case.rows)}")
    for attribute in counted.attributes():
        found = Counter({value.value: value.count for value in attribute.values})
        if found != made.counted(attribute.field, case.rows):
            raise WrongAnswer(f"{case.name}: {attribute.field.name}")


def _others(folder: Path, every: Case) -> Iterator[Measured]:
    """Errors and groups of all jobs."""
    snapshot = Store(folder).current()
    ways: dict[str, Callable[[], Any]] = {
        "errors": lambda: Counted(snapshot, every.selection, COUNTED, NOW).errors(),
        "groups": lambda: groups(snapshot, every.selection, BY),
    }
    for name, way in ways.items():
        yield Measured(f"counting.{name}", median(milliseconds(way) for _ in range(PAIRS)), "ms")
