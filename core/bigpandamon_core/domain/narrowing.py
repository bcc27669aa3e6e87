"""Whether a question can be answered by an index, or only by reading a table of ten thousand million rows."""

from collections.abc import Collection

from bigpandamon_core.domain.conditions import AnyOf, Condition, Lookup, Op, Test, conjuncts


def is_narrowed(condition: Condition, columns: Collection[str]) -> bool:
    """Whether only records can fulfil it that have one of some given values in one of these columns."""
    return any(_names(part, columns) for part in conjuncts(condition))


def _names(part: Condition, columns: Collection[str]) -> bool:
    match part:
        case Test(column, Op.EQUAL | Op.ONE_OF) | Lookup(_, column):
            return column in columns
        case AnyOf(parts):
            return all(is_narrowed(one, columns) for one in parts)
    return False
