"""Jobs in the order of a selection, as they must be read."""

from dataclasses import replace
from typing import Any

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.queries.job_order import sort_value
from tests.queries.odd_values import Rows, T

NOUN = job_requests.noun()
EVERY = [("modificationtimerange", "2020-01-01|2030-01-01")]
COLUMNS = (
    "pandaid",
    "starttime",
    "endtime",
    "creationtime",
    "computingsite",
    "nucleus",
    "corecount",
    "jobstatus",
)


def selection(column: str, descending: bool, after: Any = None) -> Selection:
    return replace(parse(EVERY, NOUN, T), sort=(Sort(column, descending),), after=after)


def in_order(rows: Rows, asked: Selection) -> list[int]:
    """Absent values last, ties by falling pandaid."""
    sort = asked.sort[0]
    by_number = sorted(rows, key=lambda row: -row["pandaid"])
    present = [row for row in by_number if sort_value(row, sort) not in (None, "")]
    missing = [row for row in by_number if sort_value(row, sort) in (None, "")]
    present.sort(key=lambda row: sort_value(row, sort), reverse=sort.descending)
    return [row["pandaid"] for row in present + missing]
