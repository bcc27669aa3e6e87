"""How fast facets count: a day of skewed, shuffled jobs replayed, its attributes, errors and groups counted.

    .venv/bin/python -m benchmarks.facets [--scale 1]

Scale 1 is 2,000,000 ended and 250,000 live jobs. Every answer is compared first with one computed from the
rows themselves, then timed beside one bare numpy.bincount per attribute over the same codes in memory.
Exit code 2 where an answer is wrong, 1 where a ratio is worse than its goal.
"""

import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.facets_world import DAY, NOW, Array, World, columns_of, world
from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.groups import groups
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.reading import Store
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.summaries.jobs import Tally

NOUN = job_requests.noun()
WHOLE_DAY = {"date_from": DAY.isoformat(), "date_to": (DAY + timedelta(days=1)).isoformat()}
PAIRS = 7
LOOP_ROWS = 20_000
MOST_PRIVATE_MIB = 150
COMPACTED, PRESENT = 1.5, 2.5
"""How many times as long as bare counting it may take: on a compacted day, and on one of many parts."""
BY = [field for field in COUNTED if field.name in ("computingsite", "jobstatus", "resourcetype")]


class WrongAnswer(Exception):
    """No time of this run counts."""


@dataclass(frozen=True)
class Case:
    """Some jobs: as a request, and as places in the world."""

    name: str
    selection: Selection
    rows: Array


@dataclass(frozen=True)
class Line:
    measure: str
    milliseconds: float
    bare: float | None = None
    goal: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.milliseconds / self.bare if self.bare else None

    @property
    def ok(self) -> bool:
        return self.ratio is None or self.goal is None or self.ratio <= self.goal

    def __str__(self) -> str:
        compared = f"{self.bare:9.1f} ms bare {self.ratio:5.2f}x" if self.bare else ""
        goal = f" of {self.goal}x {'ok' if self.ok else 'WORSE'}" if self.goal else ""
        return f"{self.measure:42} {self.milliseconds:9.1f} ms {compared}{goal}"


def main(words: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument(
        "--reader", type=Path, help="only open this store, count, and print private memory in KiB"
    )
    given = parser.parse_args(words)
    if given.reader:
        return _reader(given.reader)
    made = world(int(2_000_000 * given.scale), int(250_000 * given.scale))
    try:
        with TemporaryDirectory() as folder:
            lines = list(_told(_measured(made, Path(folder))))
    except WrongAnswer as wrong:
        print(f"A WRONG ANSWER, so no time counts. {wrong}", file=sys.stderr)
        return 2
    return 0 if all(line.ok for line in lines) else 1


def _told(lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        print(line, flush=True)
        yield line


def _measured(made: World, folder: Path) -> Iterator[Line]:
    cases = _cases(made)
    with Publisher(folder) as publisher:
        batches = list(made.batches())
        began = perf_counter()
        for batch in batches:
            publisher.publish([batch], DAY)
        yield Line(f"replay of {len(batches)} batches, each", 1000 * (perf_counter() - began) / len(batches))
        yield from _store(made, folder, cases, "parts of the present day", PRESENT)
        began = perf_counter()
        publisher.compact()
        yield Line("compaction", 1000 * (perf_counter() - began))
        yield from _store(made, folder, cases, "a compacted day", COMPACTED)
    yield from _others(made, folder, cases)


def _cases(made: World) -> list[Case]:
    sites = np.bincount(made.codes["computingsite"])
    site = int(np.argmin(np.abs(sites - len(made) // 100)))
    failed = np.flatnonzero(made.codes["jobstatus"] == 1)
    of_site = np.flatnonzero(made.codes["computingsite"] == site)
    name = made.words["computingsite"][site]
    return [
        Case("all jobs", _selection(), np.arange(len(made))),
        Case("failed jobs", _selection(jobstatus="failed"), failed),
        Case("one queue", _selection(**{"computingsite.is": name}), of_site),
    ]


def _selection(**asked: str) -> Selection:
    return parse((WHOLE_DAY | {"active": "all"} | asked).items(), NOUN, NOW)


def _store(made: World, folder: Path, cases: Sequence[Case], name: str, goal: float) -> Iterator[Line]:
    snapshot = Store(folder).current()
    parts = [*snapshot.ended, *([snapshot.live] if snapshot.live else [])]
    print(f"{name}: {len(parts)} parts, {snapshot.manifest.size / 2**20:.0f} MiB for {len(made):,} jobs")
    for case in cases:
        _compare(made, snapshot, case)
        columns = [made.codes[column][case.rows] for column in columns_of(COUNTED)]
        ours, bare = _pairs(
            lambda case=case: _attributes(snapshot, case), lambda columns=columns: _bare(columns)
        )
        yield Line(
            f"  {case.name} ({len(case.rows):,})", ours, bare, goal if case.name == "all jobs" else None
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


def _pairs(*functions: Callable[[], Any]) -> list[float]:
    """Medians, in milliseconds, of several runs in turn."""
    taken = [[_milliseconds(function) for function in functions] for _ in range(PAIRS)]
    return [median(column) for column in zip(*taken, strict=True)]


def _milliseconds(function: Callable[[], Any]) -> float:
    began = perf_counter()
    function()
    return 1000 * (perf_counter() - began)


def _others(made: World, folder: Path, cases: Sequence[Case]) -> Iterator[Line]:
    """Errors and groups beside a loop over rows, and the memory of a process that has counted everything."""
    snapshot, every = Store(folder).current(), cases[0]
    tally = Tally(COUNTED)
    some = np.random.default_rng(2).choice(len(made), min(LOOP_ROWS, len(made)), replace=False)
    rows = list(zip(*(made._source(name, some) for name in tally.columns), strict=True))
    loop = _milliseconds(lambda: tally.add(1, rows))
    yield Line(f"loop over {len(rows):,} rows: {len(rows) / loop:,.0f}k rows/s", loop)
    _compare_some(made, tally, some)
    (errors,) = _pairs(lambda: Counted(snapshot, every.selection, COUNTED, NOW).errors())
    yield Line("errors by code, queue, task and user", errors)
    (grouped,) = _pairs(lambda: groups(snapshot, every.selection, BY))
    yield Line(f"groups by {', '.join(field.name for field in BY)}", grouped)
    private = (
        int(subprocess.check_output([sys.executable, "-m", "benchmarks.facets", "--reader", folder])) / 1024
    )
    print(f"private memory of a reader: {private:.0f} MiB of {MOST_PRIVATE_MIB}")


def _compare_some(made: World, tally: Tally, some: Array) -> None:
    for attribute in tally.attributes():
        if {value.value: value.count for value in attribute.values} != made.counted(attribute.field, some):
            raise WrongAnswer(f"the loop: {attribute.field.name}")


def _reader(folder: Path) -> int:
    counted = Counted(Store(folder).current(), _selection(), COUNTED, NOW)
    counted.attributes()
    counted.errors()
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    print(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
