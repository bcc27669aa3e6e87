"""A day of jobs with skewed values in shuffled order, and how often each value occurs in the rows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.job_requests import TIMES
from bigpandamon_core.domain.text import NOT_SPECIFIED, is_absent
from bigpandamon_core.facets.batch import PLACE, Batch, encode
from bigpandamon_core.facets.columns import CODED, COLUMNS

DAY = datetime(2026, 11, 20)
SECONDS = 86_400
NOW = DAY + timedelta(seconds=SECONDS - 1)
TASKS_OF_A_QUEUE = 400
ROWS_PER_BATCH, LAST_BATCHES = 21_000, (2_000, 1_000, 400, 200)
FIRST_PANDAID = 6_900_000_000
STATES = ("finished", "failed", "closed", "cancelled", "running", "activated", "transferring", "holding")
ENDED_SHARES, LIVE_SHARES = (0.80, 0.174, 0.016, 0.01), (0.5, 0.4, 0.06, 0.04)
DISTINCT = {
    "computingsite": 600, "jeditaskid": 20_000, "produsername": 3_000, "reqid": 3_000, "transformation": 400,
    "modificationhost": 60_000, "jobsetid": 30_000, "computingelement": 900, "specialhandling": 300,
    "homepackage": 500, "container_name": 200, "nucleus": 70, "nevents": 2_000, "currentpriority": 400,
    "minramcount": 60, "outputfiletype": 40, "inputfileproject": 80, "inputfiletype": 30, "jobsubstatus": 25,
    "schedulerid": 20, "pilotid": 30, "gshare": 40, "processingtype": 60, "workinggroup": 30,
    **dict.fromkeys(CODE_COLUMNS, 30),
}  # fmt: skip
"""How many values a column has; all others have eight."""
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class World:
    """codes: of each coded column, one for each job, the values they mean in `words`. seconds: times within
    the day, -1 for none. The first `ended` jobs have ended, in the order of modificationtime."""

    ended: int
    codes: dict[str, Array]
    words: dict[str, list[Any]]
    seconds: dict[str, Array]
    pandaids: Array

    def __len__(self) -> int:
        return len(self.pandaids)

    def batches(self) -> Iterator[Batch]:
        """All jobs, in batches: live ones, then ended ones; the last of those in ever smaller ones."""
        last = [self.ended - sum(LAST_BATCHES[place:]) for place in range(len(LAST_BATCHES))]
        live = range(self.ended, len(self), ROWS_PER_BATCH)
        starts = [*live, *range(0, last[0], ROWS_PER_BATCH), *last]
        stops = [*starts[1:], self.ended]
        for number, (start, stop) in enumerate(zip(starts, stops, strict=True), 1):
            yield self.batch(number, slice(start, stop if stop > start else len(self)))

    def batch(self, number: int, rows: Any, **others: list[Any]) -> Batch:
        """Some rows as a batch, some of their columns with other values."""
        columns = {name: self.column(name, rows) for name in (PLACE, *COLUMNS)}
        return Batch(number, NOW, encode(columns | others))

    def column(self, name: str, rows: Any) -> list[Any]:
        """Values as PanDA's rows have them."""
        if name == PLACE:
            places: list[int] = np.where(np.arange(len(self))[rows] < self.ended, 2, 1).tolist()
            return places
        if name == "pandaid":
            return list(self.pandaids[rows].tolist())
        if name in TIMES:
            return [self._moments[second] for second in self.seconds[name][rows].tolist()]
        words = self.words[name]
        return [words[code] for code in self.codes[name][rows].tolist()]

    @cached_property
    def _moments(self) -> list[datetime | None]:
        """By second of the day; the last, which is at -1, stands for none."""
        return [*(DAY + timedelta(seconds=second) for second in range(SECONDS)), None]

    def counted(self, field: Field, rows: Array) -> Counter[Any]:
        """How many of the rows have each value that the field tells."""
        given = Counter(zip(*(self._source(name, rows) for name in field.sources), strict=True))
        told: Counter[Any] = Counter()
        for values, count in given.items():
            shown = field.show(*values)
            told[NOT_SPECIFIED if is_absent(shown) else shown] += count
        return told

    def _source(self, name: str, rows: Array) -> list[Any]:
        if name == "has_gpu":
            return [int("nGPU=" in (text or "")) for text in self.column("jobmetrics", rows)]
        if name == "ran_minutes":
            begin, end = self.seconds["starttime"][rows], self.seconds["endtime"][rows]
            ran = np.maximum(np.where(end < 0, SECONDS - 1, end) - begin, 0) // 60
            return [
                None if begun < 0 else minutes
                for begun, minutes in zip(begin.tolist(), ran.tolist(), strict=True)
            ]
        return self.column(name, rows)


def world(ended: int, live: int, seed: int = 1) -> World:
    random, jobs = np.random.default_rng(seed), ended + live
    sizes = {name: DISTINCT.get(name, 8) for name in CODED}
    codes = {name: _skewed(random, size, jobs) for name, size in sizes.items()}
    words = {name: _words(name, size, random) for name, size in sizes.items()}
    words["jobstatus"] = list(STATES)
    codes["jobstatus"] = np.concatenate(
        [random.choice(4, ended, p=ENDED_SHARES), 4 + random.choice(4, live, p=LIVE_SHARES)]
    ).astype(np.uint8)
    codes |= _of_tasks(random, codes["computingsite"])
    failed = codes["jobstatus"] == 1
    for name in CODE_COLUMNS:
        words[name][0] = "0" if name == "transexitcode" else 0
        codes[name] = np.where(failed & (random.random(jobs) < 0.3), codes[name], 0).astype(np.uint8)
    return World(ended, codes, words, _seconds(random, ended, live), FIRST_PANDAID + random.permutation(jobs))


def _of_tasks(random: np.random.Generator, queues: Array) -> dict[str, Array]:
    """Some hundred tasks run on a queue; each has one user and one request."""
    tasks = (queues.astype(np.int64) * 97 + _skewed(random, TASKS_OF_A_QUEUE, len(queues))) % DISTINCT[
        "jeditaskid"
    ]
    return {
        "jeditaskid": tasks.astype(np.uint16),
        "produsername": (tasks * 7 % DISTINCT["produsername"]).astype(np.uint16),
        "reqid": (tasks % DISTINCT["reqid"]).astype(np.uint16),
    }


def _skewed(random: np.random.Generator, size: int, jobs: int) -> Array:
    """Codes of which the n-th is met 1/n times as often as the first."""
    shares = 1 / np.arange(1, size + 1)
    width = np.min_scalar_type(size - 1)
    return random.choice(size, jobs, p=shares / shares.sum()).astype(width)


def _words(name: str, size: int, random: np.random.Generator) -> list[Any]:
    order = random.permutation(size).tolist()
    if COLUMNS[name].kind is Kind.INTEGER:
        return [1_000 * number if name == "minramcount" else number for number in order]
    if name == "pilotid":
        return [None, *(f"https://logs/{number}|Unknown|PR|3.{number}" for number in order[1:])]
    if name == "jobmetrics":
        return [None, "nGPU=1", *(f"leak={number}" for number in order[2:])]
    return [None, "", *(f"{name}_{number:05}" for number in order[2:])]


def _seconds(random: np.random.Generator, ended: int, live: int) -> dict[str, Array]:
    """Ended jobs in the order in which they ended, live ones without an end."""
    jobs = ended + live
    modified = np.concatenate(
        [np.sort(random.integers(0, SECONDS, ended)), random.integers(0, SECONDS, live)]
    )
    begin = np.maximum(modified - random.integers(60, 30_000, jobs), 0)
    begin[random.random(jobs) < 0.03] = -1
    end = np.where(np.arange(jobs) < ended, modified, -1)
    return {
        "modificationtime": modified,
        "statechangetime": modified,
        "creationtime": np.maximum(begin - 600, 0),
        "starttime": begin,
        "endtime": end,
    }


def columns_of(fields: Sequence[Field]) -> list[str]:
    """The coded columns that fields are counted from, one for each field."""
    return [next((name for name in field.sources if name in CODED), "jobmetrics") for field in fields]
