"""Pages of rows: each job once, the newest row, in the order of the selection, whatever the size of pages."""

import gc
import threading
import tracemalloc
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.by_column import records
from bigpandamon_core.domain.cursors import read_cursor, write_cursor
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.queries import job_pages
from bigpandamon_core.queries.job_doubles import OlderRows
from bigpandamon_core.queries.job_order import sort_value
from bigpandamon_core.sources.ahead import ahead
from bigpandamon_core.sources.reading import ALIAS, recorded, snapshot
from tests.instance.factory import JOB_TABLES
from tests.queries.odd_values import Rows, T
from tests.queries.worlds import World

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
SORTS = """pandaid modificationtime statechangetime starttime endtime creationtime currentpriority
    attemptnr corecount minramcount computingsite nucleus jobstatus produsername transformation
    cpuconversion eventservice duration queuetime""".split()


@pytest.fixture(scope="module")
def world(panda_tables, own_tables):
    from tests.instance.factory import Panda

    panda, world = Panda(), World(80, seed=3)
    world.store(panda)
    yield world
    panda.clear()


@pytest.fixture(scope="module")
def told(world):
    return world.told()


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


@pytest.mark.parametrize("limit", [4, 9, 12, 13, 40, 79, None])
def test_reading_ahead_asks_for_no_more_and_leaves_no_thread(told, limit, monkeypatch):
    monkeypatch.setattr(job_pages, "FIRST", 4)
    monkeypatch.setattr(job_pages, "AT_ONCE", 8)
    asked = selection("modificationtime", True)
    list(job_pages.stream(asked, COLUMNS, limit, T))  # which tables there are is asked once
    with snapshot(), recorded() as one_by_one:
        expected = list(job_pages.stream(asked, COLUMNS, limit, T))
    with recorded() as ahead:
        assert list(job_pages.stream(asked, COLUMNS, limit, T)) == expected
    names, needed = (Counter(name for name, _ in each.executed) for each in (ahead, one_by_one))
    assert names == needed
    rows = job_pages.stream(asked, COLUMNS, limit, T)
    next(rows)
    del rows
    assert not _threads()


def _threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("ahead")]


@pytest.mark.parametrize("what", ["among", "place"])
def test_what_fails_while_reading_ahead_leaves_no_thread(told, what, monkeypatch):
    """Neither where rows are read nor where older ones are looked up, even while the error is held."""
    monkeypatch.setattr(job_pages, "FIRST", 4)
    monkeypatch.setattr(job_pages, "AT_ONCE", 8)
    place = (OlderRows, "among") if what == "among" else (job_pages, "place")
    real, called = getattr(*place), []

    def failing(*given: Any) -> Any:
        called.append(given)
        if len(called) > 2:
            raise OperationalError("gone")
        return real(*given)

    monkeypatch.setattr(*place, failing)
    gc.disable()
    try:
        with pytest.raises(OperationalError, match="gone") as held:
            list(job_pages.stream(selection("modificationtime", True), COLUMNS, None, T))
        assert held.value
        assert not _threads()
    finally:
        gc.enable()


@pytest.mark.parametrize("most", [1, 7, 100])
def test_rows_that_are_read_together_are_the_same_by_column(told, most):
    asked = selection("modificationtime", True)
    found = list(job_pages.together(asked, COLUMNS, 50, T, most=most))
    assert {len(one["pandaid"]) for one in found[:-1]} <= {most}
    rows = [row for one in found for row in records(one)]
    assert rows == job_pages.page(asked, COLUMNS, 50, T)


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


def test_a_long_stream_that_is_read_ahead_tells_the_same(told, monkeypatch):
    asked = selection("modificationtime", True)
    expected = [row["pandaid"] for row in job_pages.stream(asked, COLUMNS, None, T)]
    assert len(expected) > 20
    used = []

    def noted(batches, goes_on):
        used.append(batches)
        return ahead(batches, goes_on)

    monkeypatch.setattr(job_pages, "ahead", noted)
    monkeypatch.setattr(job_pages, "AT_ONCE", 7)
    for first in (1, 2, 5):  # where one of these is older than another table's, nothing is read ahead
        monkeypatch.setattr(job_pages, "FIRST", first)
        assert [row["pandaid"] for row in job_pages.stream(asked, COLUMNS, None, T)] == expected
        few = job_pages.stream(asked, COLUMNS, 15, T)
        assert [row["pandaid"] for row in few] == expected[:15]
    assert bool(used) == (connections[ALIAS].vendor != "sqlite")
    used.clear()
    with snapshot():
        assert [row["pandaid"] for row in job_pages.stream(asked, COLUMNS, None, T)] == expected
    assert not used


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_a_stream_tells_a_job_once_that_moves_meanwhile(panda, descending, monkeypatch):
    monkeypatch.setattr(job_pages, "FIRST", 4)
    monkeypatch.setattr(job_pages, "AT_ONCE", 4)
    live = [{"modificationtime": T - timedelta(minutes=at), "pandaid": 100 + at} for at in range(12)]
    ended = [{"modificationtime": T - timedelta(minutes=30 - at), "pandaid": 200 + at} for at in range(20)]
    panda.jobs(live, "jobsactive4")
    panda.jobs(ended)
    rows = job_pages.stream(selection("modificationtime", descending), COLUMNS, None, T)
    told = [next(rows)["pandaid"]]
    for number in range(100, 112):
        JOB_TABLES["jobsactive4"]._base_manager.using(panda.alias).filter(pandaid=number).delete()
        panda.job(pandaid=number, jobstatus="finished", modificationtime=T - timedelta(minutes=number % 25))
    told += [row["pandaid"] for row in rows]
    assert len(told) == len(set(told))
    assert set(range(200, 220)) <= set(told)


def test_a_stream_does_not_remember_ended_jobs(panda, monkeypatch):
    """A number and its place in a set take about 100 bytes; drivers keep something of each page. A few pages
    are on their way at once."""
    monkeypatch.setattr(job_pages, "AT_ONCE", 500)
    few, many = 3000, 9000
    peaks = []
    for count in (few, many):
        panda.clear()
        panda.jobs({"modificationtime": T, "pandaid": 10_000_000 + at} for at in range(count))
        peaks.append(_peak_bytes(count))
    assert peaks[1] - peaks[0] < (many - few) * 50


def _peak_bytes(count: int) -> int:
    asked = selection("pandaid", False)
    sum(1 for _ in job_pages.stream(asked, ("pandaid",), 200, T))
    tracemalloc.start()
    assert sum(1 for _ in job_pages.stream(asked, ("pandaid",), None, T)) == count
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


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
