"""Time windows of requests for jobs. json-api facts, section 2, "Time windows"."""

from datetime import datetime, timedelta

import pytest

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.domain.window import Window, floor
from tests.domain.requests import HOUR, NOON, NOW, selection

DAY = 24 * HOUR
DAY_19, DAY_20 = datetime(2026, 11, 19), datetime(2026, 11, 20)

WINDOWS = [
    # query, begin, end
    ("", NOON - 12 * HOUR, NOON),
    ("hours=6", NOON - 6 * HOUR, NOON),
    ("days=3", NOON - 3 * DAY, NOON),
    ("days=3&hours=6", NOON - 3 * DAY, NOON),
    ("date_from=2026-11-19", DAY_19, NOON),
    ("date_from=2026-11-19T10:00", DAY_19 + 10 * HOUR, NOON),
    ("date_from=2026-11-19 10:00:30", DAY_19 + 10 * HOUR + timedelta(seconds=30), NOON),
    ("date_from=2026-11-19T10:00:00Z", DAY_19 + 10 * HOUR, NOON),
    ("date_from=2026-11-19T10:00:00.75", DAY_19 + 10 * HOUR, NOON),
    ("date_from=2026-11-19&date_to=2026-11-20", DAY_19, DAY_20),
    ("date_to=2026-11-20", DAY_20 - 12 * HOUR, DAY_20),
    ("date_to=2026-11-20&hours=24", DAY_19, DAY_20),
    ("date_from=2026-11-19&hours=1", DAY_19, NOON),
    ("earlierthan=6", NOON - 18 * HOUR, NOON - 6 * HOUR),
    ("earlierthan=6&hours=2", NOON - 8 * HOUR, NOON - 6 * HOUR),
    ("earlierthandays=2", NOON - 2 * DAY - 12 * HOUR, NOON - 2 * DAY),
    ("earlierthandays=1&earlierthan=1", NOON - DAY - 13 * HOUR, NOON - DAY - HOUR),
    ("hours=999999999999", datetime(1970, 1, 1), NOON),
    ("earlierthan=999999999999&hours=1", datetime(1970, 1, 1), datetime(1970, 1, 1)),
]


@pytest.mark.parametrize(("query", "begin", "end"), WINDOWS)
def test_window(query, begin, end):
    window = selection(query).window
    assert window is not None
    assert (window.begin, window.end, window.column) == (begin, end, "modificationtime")


def test_default_length_and_reach_are_the_instance_s():
    noun = job_requests.noun(hours=168, lookback_days=30)
    week, month = (parse(pairs, noun, NOW).window for pairs in ([], [("jobname", "x")]))
    assert week is not None
    assert month is not None
    assert (week.begin, month.begin) == (NOON - 7 * DAY, NOON - 30 * DAY)


@pytest.mark.parametrize("name", ["jeditaskid", "taskid", "datasetid", "jobname"])
def test_ids_lift_the_window(name):
    """180 days, and live jobs are not bound."""
    window = selection(f"{name}=7").window
    assert window == Window(NOON - 180 * DAY, NOON)


def test_pandaid_needs_no_window_at_all():
    assert selection("pandaid=7").window is None


@pytest.mark.parametrize("name", ["jeditaskid", "pandaid", "jobname"])
@pytest.mark.parametrize("asked", ["hours=6", "days=2", "date_from=2026-11-19"])
def test_a_window_asked_for_holds_beside_ids_for_finished_jobs(name, asked):
    window = selection(f"{name}=7&{asked}").window
    plain = selection(asked).window
    assert window is not None
    assert plain is not None
    assert (window.begin, window.end) == (plain.begin, plain.end)
    assert not window.bounds_active


ACTIVE = [
    # query, whether live jobs are bound by the window
    ("", False),
    ("hours=6", True),
    ("days=2", False),
    ("days=2&hours=6", True),
    ("date_from=2026-11-19", False),
    ("date_to=2026-11-20", True),
    ("date_from=2026-11-19&date_to=2026-11-20", True),
    ("earlierthan=6", False),
    ("jobstatus=running&hours=6", False),
    ("jobstatus=running&date_to=2026-11-20", False),
    ("jobstatus=running,starting&hours=6", True),
    ("jobstatus=failed&hours=6", True),
    ("jobstatus=nonsense&hours=6", True),
    ("jeditaskid=7&date_to=2026-11-20", True),
    ("hours=6&active=all", False),
    ("date_to=2026-11-20&active=all", False),
]


@pytest.mark.parametrize(("query", "bound"), ACTIVE)
def test_live_jobs_are_bound(query, bound):
    window = selection(query).window
    assert window is not None
    assert window.bounds_active is bound


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("date_from=2026-11-28T10:00:00 02:00", "in UTC, without a zone"),
        ("date_from=yesterday", "like 2026-11-19"),
        ("date_from=0001-01-01", "from 1970-01-01 on"),
        ("hours=0", "1 or more"),
    ],
)
def test_it_is_told_what_would_do(query, remedy):
    with pytest.raises(Problem) as refused:
        selection(query)
    assert remedy in refused.value.remedy
    assert refused.value.where == refused.value.parameter == query.partition("=")[0]


@pytest.mark.parametrize("column", job_requests.TIMES)
def test_a_range_replaces_the_window(column):
    asked = selection(f"{column}range=2026-11-19|2026-11-20T10:00&hours=3&jeditaskid=7")
    assert asked.window == Window(DAY_19, DAY_20 + 10 * HOUR, column, bounds_active=True)


def test_of_several_ranges_all_hold():
    asked = selection("starttimerange=2026-11-19|2026-11-20&endtimerange=2026-11-20|2026-11-21")
    assert asked.window == Window(DAY_19, DAY_20, "starttime", bounds_active=True)
    assert [one.parameter for one in asked.asked] == ["endtimerange"]
    assert holds(asked.condition, {"endtime": DAY_20 + HOUR})
    assert not holds(asked.condition, {"endtime": DAY_20 - HOUR})
    assert not holds(asked.condition, {})


@pytest.mark.parametrize(
    "query",
    """hours=0 hours=-1 days=0 hours=x days=x earlierthan=x date_from=yesterday date_to=2026-13-01
    date_from=2026-11-21 date_from=2026-11-20&date_to=2026-11-19 date_from=1969-12-31
    date_from=9999-12-31T23:59:59-05:00 date_to=9999-12-31T23:59:59 date_to=9999-01-01
    endtimerange=2026-11-19 endtimerange=a|b
    endtimerange=2026-11-20|2026-11-19 date_to=0001-01-01""".split(),
)
def test_a_window_that_cannot_be_is_refused(query):
    with pytest.raises(Problem) as refused:
        selection(query)
    assert refused.value.status == 400
    assert refused.value.parameter in query
    assert refused.value.remedy


def test_rounding_goes_back_to_whole_grains():
    assert floor(datetime(2026, 1, 1, 0, 0, 59), 60) == datetime(2026, 1, 1)
    assert floor(datetime(2026, 1, 1, 0, 9, 59), 600) == datetime(2026, 1, 1)
