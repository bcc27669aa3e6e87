"""Selections in pieces that one statement each can answer."""

from collections.abc import Iterator
from dataclasses import replace

from bigpandamon_core.domain.conditions import Op, Test, conjuncts
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.queries.lookups import resolve
from bigpandamon_core.queries.where import MOST_BOUND


def chunks_by_id(selection: Selection) -> Iterator[Selection]:
    """The selection with its lookups resolved; several, none with the same record, where it lists more
    numbers than one statement binds."""
    condition = resolve(selection.condition)
    lists = [part for part in conjuncts(condition) if isinstance(part, Test) and part.op is Op.ONE_OF]
    longest = max(lists, key=lambda part: len(_numbers(part)), default=None)
    if longest is None or len(_numbers(longest)) <= MOST_BOUND:
        yield replace(selection, asked=(), extra=(condition,))
        return
    rest = tuple(part for part in conjuncts(condition) if part is not longest)
    numbers = _numbers(longest)
    for start in range(0, len(numbers), MOST_BOUND):
        some = replace(longest, value=numbers[start : start + MOST_BOUND])
        yield replace(selection, asked=(), extra=(*rest, some))


def _numbers(listed: Test) -> tuple[int, ...]:
    values = listed.value if isinstance(listed.value, tuple) else ()
    return tuple(sorted({value for value in values if isinstance(value, int)}))
