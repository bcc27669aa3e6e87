"""Growth of memory is looked for once a payload has settled."""

import json

import pytest

from tests.instance.factory import Panda
from tests.payloads.one_job import page

pytestmark = pytest.mark.usefixtures("own")
MINUTES = 120
KB_PER_GB = 1024 * 1024


def series(memory_kb: list[float]) -> str:
    lines = [f"{1_700_000_000 + 60 * minute} {int(kb)}" for minute, kb in enumerate(memory_kb)]
    return json.dumps({"prmon_series": "\n".join(["Time pss", *lines])})


def leak(panda: Panda, memory_kb: list[float]) -> dict[str, str]:
    number = panda.job(minramcount=2000)
    panda.metadata(number, series(memory_kb))
    found: dict[str, str] = page(number)["resources"]["leak"]
    return found


def noise(minute: int) -> float:
    return 2000.0 * (minute * 7 % 5 - 2)


def test_loading_is_no_leak(panda: Panda):
    """All of it is loaded in the first half."""
    loading = [min(minute, MINUTES / 2 - 5) * 20_000 + noise(minute) for minute in range(MINUTES + 1)]
    assert leak(panda, loading)["slope_text"] == "no certain growth"


def test_growth_of_the_later_half_is_told(panda: Panda):
    per_minute = KB_PER_GB / 60
    growing = [1_000_000 + per_minute * max(minute - 30, 0) + noise(minute) for minute in range(MINUTES + 1)]
    found = leak(panda, growing)
    assert found["slope_text"] == "grows: +1.00 GB/h"
    assert found["uncertainty_text"].startswith("straight line through the last 61 points: +1.00")


def test_series_in_units_people_read(panda: Panda):
    number = panda.job(minramcount=2000)
    panda.metadata(number, series([KB_PER_GB, 2 * KB_PER_GB]))
    found = page(number)["resources"]
    assert found["limit"] == 2.0
    assert [value for _, value in found["series"][0]["points"]] == [1.0, 2.0]
