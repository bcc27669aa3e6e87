"""What counting tells, as rows."""

from collections import Counter
from typing import Any

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.queries.job_counts import Asked, Counting
from tests.queries.odd_values import T


def counted_rows(counting: Counting) -> list[tuple[Any, ...]]:
    """Rows that stay when those taken back are gone; none may be taken back that was not counted."""
    left: Counter[tuple[Any, ...]] = Counter()
    for _, sign, rows in counting.chunks():
        for row in rows:
            left[row] += sign
    assert min(left.values(), default=0) >= 0
    return list(left.elements())


def counted(selection: Selection, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    counting = Counting([Asked(selection)], columns, T)
    rows = counted_rows(counting)
    assert not counting.truncated
    return rows
