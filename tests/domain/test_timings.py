"""Where the time of a job goes."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bigpandamon_core.domain.timings import STEPS, cores, cpu_seconds, steps, wall_seconds

BEGIN = datetime(2026, 3, 1, 12)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("3|20|400|15|7|31", {"get": 3, "setup": 38, "stagein": 20, "run": 400, "stageout": 15}),
        ("3|20|400|15|7", {"get": 3, "setup": 7, "stagein": 20, "run": 400, "stageout": 15}),
        ("0|0|0|0|0", dict.fromkeys(STEPS, 0)),
        *((one, {}) for one in (None, "", "3|20|400|15", "||9||", "x|1|2|3|4", "-1|2|3|4|5", "1|2|3|4|5.5",
                                "1|2|999999999|4|5", "1|2|3|4|²")),
    ],
)  # fmt: skip
def test_steps_are_told_where_the_pilot_told_them_all(told, seconds):
    assert steps(told) == tuple(seconds[name] for name in STEPS if seconds)


@pytest.mark.parametrize(
    ("actual", "asked", "counted"),
    [
        (None, None, 1),
        (0, 0, 1),
        (None, 8, 8),
        (4, 8, 4),
        (0, 8, 8),
        (-1, 1, 1),
        (2**31 - 1, 8, 8),
        (2**31 - 1, 2**31 - 1, 1),
    ],
)
def test_a_job_has_a_core_at_least(actual, asked, counted):
    assert cores(actual, asked) == counted


@pytest.mark.parametrize(("end", "seconds"), [(60.9, 60), (0, 0), (-5, 0)])
def test_time_does_not_run_back(end, seconds):
    assert wall_seconds(BEGIN, BEGIN + timedelta(seconds=end)) == seconds
    assert wall_seconds(BEGIN, None) is wall_seconds(None, BEGIN) is None


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(None, None), (0, 0), (Decimal(77), 77), (10**13, None), (-(10**13), None), (-1, -1)],
)
def test_cpu_times_of_thousands_of_years_are_not_known(told, seconds):
    assert cpu_seconds(told) == seconds
