"""A value as shown and the condition for it: exactly the jobs that show the value fulfil it."""

from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest

from bigpandamon_core.domain.conditions import holds, minutes_between
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.job_fields import COUNTED, FIELDS
from bigpandamon_core.domain.window import set_clock
from tests.domain.requests import NOON

MOST_ROWS = 600
T = datetime(2026, 11, 20)
TEXTS = (
    None, "", " ", "a", "A", "a ", "a/b", "/", "x/", "x|y|3.1", "|3.1", "x|", "||", "x|y|", "a@b", "@b", "a@",
    "harvester-x", "harvester-", "Harvester-x", "nGPU=1", "ngpu=1", "Unknown", "é", "😀%_", "a*", "!a", "a|A",
    "running", "failed", "finished", "subfinished", "fg_partial", "fg_stumble", "0", "65", "065", " 65",
)  # fmt: skip
NUMBERS = (None, -1000, -100, -1, 0, 1, 2, 6, 8, 9, 10, 99, 100, 199, 999, 1000, 1999, 2000, 10**6)
TIMES = (None, *(T - timedelta(seconds=s) for s in (0, 599, 600, 601, 1800, 86400 * 8, 86400 * 9000)))
POOLS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("transformation", "schedulerid", "pilotid", "jobmetrics", "modificationhost"), TEXTS),
    **dict.fromkeys(("currentpriority", "nevents", "eventservice"), NUMBERS),
    **dict.fromkeys(("starttime", "endtime"), TIMES),
}
SHOWN = tuple(field for field in FIELDS if field.shown or field in COUNTED or field.name == "wn")
COMPUTED = {"ran_minutes": ("starttime", "endtime"), "has_gpu": ("jobmetrics",)}
"""What the database computes for counts, and from which columns."""


def rows_of(field: Field) -> list[dict[str, Any]]:
    """Jobs with every combination of odd values in the columns the field looks at, or many of them."""
    other = NUMBERS if field.kind is Kind.INTEGER else TEXTS
    names = sorted(
        {column for name in field.sources for column in COMPUTED.get(name, (name,))} | {field.source}
    )
    every = [
        dict(zip(names, values, strict=True)) for values in product(*(POOLS.get(n, other) for n in names))
    ]
    return [computed(row) for row in Random(1).sample(every, min(len(every), MOST_ROWS))]


def computed(row: dict[str, Any]) -> dict[str, Any]:
    minutes = minutes_between(row.get("starttime"), row.get("endtime") or NOON)
    return row | {"ran_minutes": minutes, "has_gpu": int("nGPU=" in (row.get("jobmetrics") or ""))}


def shown(field: Field, row: dict[str, Any]) -> str:
    return str(field.show(*(row.get(name) for name in field.sources)))


@pytest.fixture(autouse=True)
def still_clock():
    set_clock(lambda: NOON)
    yield
    set_clock(None)


@pytest.mark.parametrize("field", SHOWN, ids=lambda field: field.name)
def test_exactly_the_jobs_that_show_a_value_are_behind_it(field):
    rows = rows_of(field)
    values = {shown(field, row) for row in rows}
    for value in values:
        condition = field.condition_shown(value)
        wrong = [row for row in rows if holds(condition, row) is not (shown(field, row) == value)]
        assert not wrong, f"{field.name}.is={value}"
