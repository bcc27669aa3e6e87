"""Pages of rows: each job once, the newest row, in the order of the selection, whatever the size of pages."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bigpandamon_core.domain.cursors import read_cursor, write_cursor
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.queries import job_pages
from bigpandamon_core.queries.job_order import sort_value
from tests.queries.odd_values import T
from tests.queries.ordered import COLUMNS, EVERY, NOUN, in_order, selection

SORTS = """pandaid modificationtime statechangetime starttime endtime creationtime currentpriority
    attemptnr corecount minramcount computingsite nucleus jobstatus produsername transformation
    cpuconversion eventservice duration queuetime""".split()


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("column", SORTS)
def test_pages_walk_over_every_job_once_in_order(told, column, descending):
    found: list[int] = []
    asked = selection(column, descending)
    while True:
        rows = job_pages.page(asked, COLUMNS, 9, T)
        found += [row["pandaid"] for row in rows]
        if len(rows) < 9:
            break
        last = rows[-1]
        cursor = write_cursor(sort_value(last, asked.sort[0]), last["pandaid"])
        asked = selection(column, descending, read_cursor(cursor))
    assert found == in_order(told, asked)


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("column", SORTS)
def test_a_stream_of_small_pages_is_the_same(told, column, descending, monkeypatch):
    monkeypatch.setattr(job_pages, "FIRST", 4)
    monkeypatch.setattr(job_pages, "AT_ONCE", 9)
    asked = selection(column, descending)
    rows = list(job_pages.stream(asked, COLUMNS, 10_000, T))
    assert [row["pandaid"] for row in rows] == in_order(told, asked)


@pytest.mark.parametrize("column", ["nucleus", "computingsite", "modificationtime"])
def test_collations_do_not_change_the_order(told, ignoring_case, column):
    for descending in (False, True):
        asked = selection(column, descending)
        rows = list(job_pages.stream(asked, COLUMNS, 10_000, T))
        assert [row["pandaid"] for row in rows] == in_order(told, asked)


def test_rows_are_the_newest_observation_with_their_table(told):
    rows = job_pages.page(selection("pandaid", False), COLUMNS, 10_000, T)
    newest = {row["pandaid"]: row for row in told}
    for row in rows:
        mine = newest[row["pandaid"]]
        assert (row["_table"], row["jobstatus"], row["nucleus"]) == (
            mine["_table"], mine["jobstatus"], mine["nucleus"]
        )  # fmt: skip


@pytest.mark.parametrize("limit", [0, 1, 6, 79, 80, 81])
def test_no_more_rows_than_the_limit(told, limit):
    asked = selection("modificationtime", True)
    rows = job_pages.page(asked, COLUMNS, limit, T)
    assert [row["pandaid"] for row in rows] == in_order(told, asked)[:limit]


@pytest.mark.parametrize("number", [500, 501, 1234])
def test_long_lists_of_jobs_are_asked_for_in_parts(told, number):
    known = [row["pandaid"] for row in told]
    wanted = known + list(range(900_000, 900_000 + number - len(known)))
    asked = parse([("pandaid", ",".join(map(str, wanted)))], NOUN, T)
    rows = job_pages.page(asked, COLUMNS, 10_000, T)
    assert [row["pandaid"] for row in rows] == in_order(told, asked)


def test_long_lists_of_tasks_are_asked_for_in_parts(told):
    tasks = "|".join(map(str, range(-5, 1000)))
    asked = parse([("jeditaskid", tasks), ("sortby", "pandaid-ascending"), *EVERY], NOUN, T)
    expected = [
        row["pandaid"] for row in told if row["jeditaskid"] is not None and -5 <= row["jeditaskid"] < 1000
    ]
    assert [row["pandaid"] for row in job_pages.page(asked, COLUMNS, 10_000, T)] == sorted(expected)


@pytest.mark.parametrize("place", [("yesterday", 1), (5, 1), ("2026-01-01T00:00:00", 1)])
@pytest.mark.parametrize("column", ["corecount", "modificationtime", "cpuconversion", "duration"])
def test_a_cursor_of_another_order_is_refused_or_harmless(told, column, place):
    with suppress(Problem):
        assert len(job_pages.page(selection(column, True, place), COLUMNS, 5, T)) <= 5


WINDOW = {"date_from": (T - timedelta(hours=1)).isoformat(), "date_to": T.isoformat()}


@pytest.mark.parametrize("active", [False, True])
def test_live_jobs_are_bound_by_the_window_or_not(world, active):
    asked = parse((WINDOW | ({"active": "all"} if active else {})).items(), NOUN, T)
    begin = T - timedelta(hours=1)
    expected = {
        row["pandaid"]
        for row in world.told("jobsdefined4", "jobsactive4", "jobsarchived4")
        if begin <= row["modificationtime"] <= T
        or (active and row["_table"] in ("jobsdefined4", "jobsactive4"))
    }
    rows = job_pages.page(asked, COLUMNS, 10_000, T)
    assert {row["pandaid"] for row in rows} == expected


@pytest.mark.parametrize(("value", "old"), [("1", False), ("0", True)])
def test_the_long_term_archive_can_be_left_out(told, value, old):
    asked = parse([("days", "30"), ("noarchjobs", value)], NOUN, T)
    tables = {row["_table"] for row in job_pages.page(asked, COLUMNS, 10_000, T)}
    assert ("jobsarchived" in tables) is old


@pytest.mark.parametrize("table", ["jobsarchived4", "jobsarchived"])
def test_a_range_of_ends_has_its_jobs_and_no_others(panda, table):
    """An archive is bounded by modificationtime, too: an end is before it but for clocks that differ."""
    begin, end, second = T - timedelta(days=40), T - timedelta(days=39), timedelta(seconds=1)
    inside = [begin, begin + timedelta(hours=5), end]
    outside = [begin - second, end + second]
    panda.jobs(
        (
            {"pandaid": number, "endtime": moment, "modificationtime": moment + late}
            for number, (moment, late) in enumerate(
                (moment, late)
                for moment in (*inside, *outside)
                for late in (timedelta(), timedelta(days=2), -timedelta(hours=23))
            )
        ),
        table,
    )
    asked = parse([("endtimerange", f"{begin.isoformat()}|{end.isoformat()}")], NOUN, T)
    rows = job_pages.page(asked, COLUMNS, 100, T)
    assert sorted(row["pandaid"] for row in rows) == list(range(3 * len(inside)))


@pytest.mark.parametrize("column", ["cpuconversion", "corecount", "pandaid", "duration"])
@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "9" * 50, "x", ""])
def test_places_at_numbers_that_are_none_are_refused(told, column, value):
    asked = selection(column, descending=True, after=(value, 1))
    with pytest.raises(Problem, match="cannot be read"):
        job_pages.page(asked, COLUMNS, 9, T)
