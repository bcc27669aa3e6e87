"""What our figures are held against: the upstream monitor's, and other ways to count, timed in one run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from time import perf_counter
from types import MappingProxyType
from typing import Any

from benchmarks.truth import TABLES, Truth
from bigpandamon_core.domain.job_columns import INTEGERS, TEXTS
from bigpandamon_core.domain.job_fields import COUNTED

UPSTREAM = "upstream monitor 1.1.7"
"""With PostgreSQL 15 and Redis on like data (600,000 archived and 120,000 live jobs, 2 cores), elsewhere and
at another time: orientation only. Two blocking samplings of a second per request are taken out. Its page
looks at 26 % of the jobs of 12 hours, the summaries of its JSON at the rows listed."""
FIGURES: Mapping[str, float] = MappingProxyType(
    {
        "page.cold.time": 5580,
        "page.cold.cpu": 4698,
        "page.cold.statements": 18,
        "page.cold.memory": 488,
        "page.cold.bytes": 1600,
        "page.warm.time": 884,
        "json-100.cold.time": 199,
        "json-100.cold.cpu": 97,
        "json-100.cold.statements": 12,
        "json-100.cold.memory": 184,
        "json-100.cold.bytes": 1200,
        "json-100.warm.time": 230,
        "json-5000.cold.time": 4961,
        "json-5000.cold.cpu": 2870,
        "json-5000.cold.statements": 12,
        "json-5000.cold.memory": 421,
        "json-5000.cold.bytes": 58000,
        "json-5000.warm.time": 3216,
        "job.cold.time": 381,
        "job.cold.cpu": 117,
        "job.cold.statements": 23,
        "job.cold.memory": 177,
        "job.cold.bytes": 80,
        "job.warm.time": 170,
    }
)
"""Milliseconds, megabytes of the process, kilobytes uncompressed."""

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Counted:
    """jobs: how many were counted. attributes: in how many ways."""

    seconds: float
    jobs: int
    attributes: int


def _columns() -> list[str]:
    """The columns behind the counted fields, as the tables call them."""
    names = {name for each in COUNTED for name in each.sources if name in (*INTEGERS, *TEXTS)}
    return sorted({"resourcetype": "resource_type"}.get(name, name) for name in names)


def row_loop(truth: Truth) -> Counted:
    """A dictionary per row, counted in Python one attribute at a time, as the upstream monitor does it."""
    columns, began, jobs = _columns(), perf_counter(), 0
    counts: dict[str, dict[Any, int]] = {name: {} for name in columns}
    for row in _dictionaries(truth, columns):
        jobs += 1
        for name in columns:
            value = row[name]
            if value not in counts[name]:
                counts[name][value] = 0
            counts[name][value] += 1
    return Counted(perf_counter() - began, jobs, len(columns))


def _dictionaries(truth: Truth, columns: list[str]) -> Iterator[dict[str, Any]]:
    for table in TABLES:
        cursor = truth.connection.cursor()
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {truth.window.condition}")
        while rows := list(islice(iter(cursor.fetchone, None), ROWS_AT_ONCE)):
            yield from [dict(zip(columns, row, strict=True)) for row in rows]


def group_by(truth: Truth, attributes: tuple[str, ...]) -> Counted:
    """One GROUP BY per attribute and table, of some attributes; the time of all is in proportion."""
    began = perf_counter()
    counts = [truth.counts(name) for name in attributes]
    seconds = (perf_counter() - began) / len(attributes) * len(_columns())
    return Counted(seconds, counts[0].total(), len(_columns()))
