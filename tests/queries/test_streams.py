"""Streams of rows: read ahead, a few at once, in flat memory, each job once."""

import gc
import threading
import tracemalloc
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections

from bigpandamon_core.domain.by_column import records
from bigpandamon_core.queries import job_pages
from bigpandamon_core.queries.job_doubles import OlderRows
from bigpandamon_core.sources.ahead import ahead
from bigpandamon_core.sources.reading import ALIAS, recorded, snapshot
from tests.instance.factory import JOB_TABLES
from tests.queries.odd_values import T
from tests.queries.ordered import COLUMNS, selection


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
