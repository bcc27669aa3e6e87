"""Other ways to count, timed in the same run: a loop over rows, and statements."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Any

from benchmarks.truth import CODES, TABLES, Truth
from bigpandamon_core.domain.job_columns import INTEGERS, TEXTS
from bigpandamon_core.domain.job_errors import COMPONENTS
from bigpandamon_core.domain.job_fields import COUNTED

ROWS_AT_ONCE = 20_000
LEAST_ROWS_PER_SECOND = 20_000
"""A loop over rows that is slower than that is no reference."""
PLACES = ("computingsite", "jeditaskid", "produsername")
Counts = dict[str, dict[Any, int]]


def stored(name: str) -> str:
    """A column as the tables call it."""
    return {"resourcetype": "resource_type"}.get(name, name)


def counted_columns() -> list[str]:
    """The columns behind the counted fields."""
    names = {name for each in COUNTED for name in each.sources if name in (*INTEGERS, *TEXTS)}
    return sorted(map(stored, names))


def row_loop(truth: Truth, condition: str = "", limit: int | None = None) -> Counts:
    """A dictionary per row, counted in Python one attribute at a time, as the upstream monitor does it.
    limit: rows of one table only."""
    columns = counted_columns()
    counts: Counts = {name: {} for name in columns}
    for row in _dictionaries(truth, columns, condition, limit):
        for name in columns:
            value = row[name]
            if value not in counts[name]:
                counts[name][value] = 0
            counts[name][value] += 1
    return counts


def error_loop(truth: Truth, condition: str) -> dict[tuple[str, Any], dict[str, Any]]:
    """A dictionary per row; each code that is set is counted, with the queue, task and user it was met at."""
    codes = [each.code for each in COMPONENTS]
    found: dict[tuple[str, Any], dict[str, Any]] = {}
    for row in _dictionaries(truth, [*codes, *PLACES], condition):
        for code in codes:
            value = row[code]
            if value in (None, "", "0", 0):
                continue
            if (code, value) not in found:
                found[code, value] = {"jobs": 0, **{place: {} for place in PLACES}}
            met = found[code, value]
            met["jobs"] += 1
            for place in PLACES:
                met[place][row[place]] = met[place].get(row[place], 0) + 1
    return found


def told_errors(found: dict[tuple[str, Any], dict[str, Any]]) -> Counter[str]:
    """What the loop tells of the components whose truth is known, by component:code."""
    names = {column: component for component, column in CODES.items()}
    return Counter(
        {f"{names[code]}:{value}": met["jobs"] for (code, value), met in found.items() if code in names}
    )


def _dictionaries(
    truth: Truth, columns: Sequence[str], condition: str, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    tables = TABLES if limit is None else TABLES[-1:]
    end = "" if limit is None else f" LIMIT {limit}"
    for table in tables:
        cursor = truth.connection.cursor()
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {truth.where(condition)}{end}")
        for rows in iter(partial(cursor.fetchmany, ROWS_AT_ONCE), ()):
            yield from [dict(zip(columns, row, strict=True)) for row in rows]


def grouped(truth: Truth, columns: Sequence[str]) -> Counter[tuple[Any, ...]]:
    """One GROUP BY a table over several columns."""
    names = ", ".join(columns)
    statement = f"SELECT {names}, COUNT(*) FROM {{}} WHERE {truth.where()} GROUP BY {names}"
    found: Counter[tuple[Any, ...]] = Counter()
    for *values, jobs in chain.from_iterable(truth.rows(statement.format(table)) for table in TABLES):
        found[tuple(values)] += jobs
    return found
