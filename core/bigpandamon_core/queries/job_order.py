"""The order of jobs, whichever table has them."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.jobs import JobsActive4
from bigpandamon_core.queries.jobs import TABLES
from bigpandamon_core.queries.order import Order

SPANS = {"duration": ("starttime", "endtime"), "queuetime": ("creationtime", "starttime", "endtime")}
ORDERS = {table: Order(table, ("pandaid",), SPANS) for table in TABLES}
ANY = ORDERS[JobsActive4]
"""What is the same of all of them: values and columns."""


def sort_value(row: Mapping[str, Any], sort: Sort) -> Any:
    """What a row is ordered by."""
    return ANY.value(row, sort)


def sort_columns(selection: Selection) -> tuple[str, ...]:
    """The columns a page must read to be put in order."""
    return ANY.columns(selection.sort[0])
