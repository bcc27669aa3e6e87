"""A stream of changes of jobs, as lines of JSON with whole rows, and what must be known at its end.

A line is a list: the values of the facet columns in their order, then the table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson

from bigpandamon_core.domain.fields import Kind
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.facets.columns import COLUMNS

TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
LIFE = (
    ("jobsdefined4", "pending"),
    ("jobsdefined4", "defined"),
    ("jobsdefined4", "assigned"),
    ("jobsactive4", "activated"),
    ("jobsactive4", "sent"),
    ("jobsactive4", "starting"),
    ("jobsactive4", "running"),
    ("jobsactive4", "running"),
    ("jobsactive4", "transferring"),
    ("jobsarchived4", "finished"),
)
"""Of each job, one change after another."""
FAILED, DOUBLED = 0.17, 0.02
"""Shares of jobs that fail at their end, and of changes that are told twice."""
SHUFFLED = 5_000
"""Changes come up to so many places too late."""
JOBS_OF_A_TASK, MOST_VALUES = 100, 600
OF_THE_JOB = ("computingsite", "modificationhost", *CODE_COLUMNS)
FIRST_PANDAID = 6_000_000_000
NAMES = (*COLUMNS, "table")
_PANDAID, _STATE, _TABLE = (NAMES.index(name) for name in ("pandaid", "jobstatus", "table"))
_CHANGED, _MODIFIED = (NAMES.index(name) for name in ("statechangetime", "modificationtime"))
_TIMES = tuple(place for place, column in enumerate(COLUMNS.values()) if column.kind is Kind.TIME)
TOLD = 14
"""So many of the text columns have a value in this world: most of a real job's are empty, too."""
Event = list[Any]


def written(path: Path, jobs: int, begin: datetime, seed: int = 1) -> int:
    """The changes of so many jobs, skewed over queues, tasks and users, shuffled. Returns how many."""
    random, count = Random(seed), 0
    with path.open("wb") as lines:
        for event in _shuffled(_in_time(jobs, begin, random), random):
            lines.write(orjson.dumps(event) + b"\n")
            count += 1
    return count


def _in_time(jobs: int, begin: datetime, random: Random) -> Iterator[Event]:
    """All first changes, then all second ones and so on, a microsecond apart: jobs begin together."""
    tasks = [_row(random) for _ in range(-(-jobs // JOBS_OF_A_TASK))]
    rows = [_of_task(random.choice(tasks), FIRST_PANDAID + number, random) for number in range(jobs)]
    ends = ["failed" if random.random() < FAILED else "finished" for _ in rows]
    for step, (table, state) in enumerate(LIFE):
        for number, row in enumerate(rows):
            event = row.copy()
            event[_CHANGED] = event[_MODIFIED] = str(begin + timedelta(minutes=step, microseconds=number))
            event[_STATE], event[_TABLE] = (ends[number] if table == TABLES[-1] else state), table
            yield event


def _row(random: Random) -> Event:
    """What the jobs of a task have in common."""
    texts = [name for name, column in COLUMNS.items() if column.kind is Kind.TEXT]
    absent = {*texts[TOLD:], *(name for name, column in COLUMNS.items() if column.kind is Kind.TIME)}
    row = [None if name in absent else _value(name, column.kind, random) for name, column in COLUMNS.items()]
    return [*row, ""]


def _of_task(task: Event, pandaid: int, random: Random) -> Event:
    """Jobs of a task differ in where they run and in what goes wrong."""
    row = task.copy()
    row[_PANDAID] = pandaid
    for name in OF_THE_JOB:
        row[NAMES.index(name)] = _value(name, COLUMNS[name].kind, random)
    return row


def _value(name: str, kind: Kind, random: Random) -> str | int:
    """Few values often, many seldom."""
    number = min(int(random.paretovariate(0.8)), MOST_VALUES)
    return number if kind is Kind.INTEGER else f"{name}_{number}"


def _shuffled(events: Iterable[Event], random: Random) -> Iterator[Event]:
    """Moved about within a stretch, and some told twice."""
    kept: list[Event] = []
    for event in events:
        kept += [event] * (2 if random.random() < DOUBLED else 1)
        while len(kept) > SHUFFLED:
            place = random.randrange(len(kept))
            kept[place], kept[-1] = kept[-1], kept[place]
            yield kept.pop()
    random.shuffle(kept)
    yield from kept


def read(path: Path) -> Iterator[Event]:
    """The floor: nothing but parsing."""
    with path.open("rb") as lines:
        yield from map(orjson.loads, lines)


def key(event: Event) -> tuple[int, str]:
    return event[_PANDAID], event[_TABLE]


def is_later(event: Event, other: Event) -> bool:
    later: bool = event[_CHANGED] > other[_CHANGED]
    return later


def observation(event: Event) -> Observation:
    changed, modified = map(datetime.fromisoformat, (event[_CHANGED], event[_MODIFIED]))
    return Observation(event[_PANDAID], event[_TABLE], event[_STATE], changed, modified)


def whole(event: Event, width: int = len(COLUMNS)) -> tuple[Any, ...]:
    """The row as PanDA's tables would tell it: the facet columns in their order, nothing in further ones."""
    row = event[:-1] + [None] * (width - len(COLUMNS))
    for place in _TIMES:
        if row[place]:
            row[place] = datetime.fromisoformat(row[place])
    return tuple(row)


@dataclass(frozen=True)
class Expected:
    """newest: table and state by job. changes: how many were news in slices of a size."""

    newest: dict[int, tuple[str, str]]
    changes: int


def expected(path: Path, slice_rows: int) -> Expected:
    """By the plain rule: the later time counts, and a slice tells one change of a job."""
    known: dict[int, tuple[str, str, str]] = {}
    changes = 0
    events = list(read(path))
    for start in range(0, len(events), slice_rows):
        news = set()
        for event in events[start : start + slice_rows]:
            pandaid, at = event[_PANDAID], event[_CHANGED]
            if pandaid not in known or known[pandaid][0] < at:
                known[pandaid] = at, event[_TABLE], event[_STATE]
                news.add(pandaid)
        changes += len(news)
    return Expected({pandaid: told[1:] for pandaid, told in known.items()}, changes)
