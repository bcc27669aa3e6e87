"""Closed days that facets no longer have are counted once, and what was kept of them is what is there."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import Window, now
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.closed_days import MOST_DAYS, TICK, pieces, spans
from bigpandamon_core.payloads.job_days import Days, Reading
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import job_counts
from bigpandamon_core.queries import jobs as job_tables
from bigpandamon_core.sources.reading import recorded
from bigpandamon_core.state.imports import ImportedFile
from tests.facets import plain
from tests.web.conftest import NOON
from tests.web.days import ASKED, CLOSED, DAY, Shelf, fill


@pytest.fixture
def world(panda, own, clock):
    fill(panda)


def jobs(query: str, shelf: Shelf | None = None) -> Jobs:
    call = Call(tuple(parse_qsl(query)), now(), settings.BIGPANDAMON.get)
    return Jobs(replace(call, shelf=shelf))


def rows_read(query: str, shelf: Shelf) -> tuple[object, int]:
    with recorded() as statements:
        found = plain.results(jobs(query, shelf).tally)
    return found, sum(name == "jobs.counted" for name, _ in statements.executed)


@pytest.mark.parametrize(
    "query",
    [
        ASKED,
        f"{ASKED}&computingsite=Q1",
        f"{ASKED}&jobstatus=failed|cancelled",
        f"{ASKED}&active=all",
        "date_from=2026-02-20&date_to=2026-02-25",
    ],
)
def test_kept_or_new_it_is_the_same(world, query):
    shelf, expected = Shelf(), plain.results(jobs(query).tally)
    first, asked_first = rows_read(query, shelf)
    again, asked_again = rows_read(query, shelf)
    assert first == again == expected
    assert len(shelf) >= 5
    assert (asked_first, asked_again) == (2, 1)  # with what is not closed the last day, then those before


def test_days_of_jobs_that_tell_no_end_are_not_kept(world, panda, clock):
    """They are said to run on: tomorrow in another interval of durationmin."""
    at, usual = NOON - 5 * DAY, Shelf()
    jobs(ASKED, usual)._in_sql()
    panda.job("jobsarchived4", modificationtime=at, starttime=at - DAY, endtime=None, jobstatus="cancelled")
    shelf = Shelf()
    jobs(ASKED, shelf)._in_sql()
    assert [key for key in shelf if key.startswith(str(at.date()))] == []
    assert len(shelf) == len(usual) - 1
    clock.forward(DAY.total_seconds())
    assert plain.results(jobs(ASKED, shelf).tally) == plain.results(jobs(ASKED).tally)


def test_days_counted_without_the_long_term_archive_are_counted_again_with_it(world, monkeypatch):
    shelf = Shelf()
    with monkeypatch.context() as patched:
        patched.setattr(job_tables, "is_present", lambda _table: False)
        jobs(ASKED, shelf)._in_sql()
    known = len(shelf)
    assert plain.results(jobs(ASKED, shelf).tally) == plain.results(jobs(ASKED).tally)
    assert len(shelf) == 2 * known > 0


def test_only_days_that_are_not_kept_are_counted(world):
    shelf = Shelf()
    jobs("date_from=2026-02-20&date_to=2026-02-25", shelf)._in_sql()
    known = len(shelf)
    jobs("date_from=2026-02-18&date_to=2026-02-26", shelf)._in_sql()
    assert (known, len(shelf)) == (5, 8)


@pytest.mark.parametrize(
    "query",
    [
        "days=10&jeditaskid=1",
        "days=10&durationmin=0-9",
        "days=10&region=WORLD",
        "days=10&noarchjobs=1",
        "statechangetimerange=2026-02-20|2026-02-25",
        "jeditaskid=1&mode=nodrop",
        "pandaid=9001",
        "hours=47",
    ],
)
def test_what_may_change_is_never_kept(world, query):
    """Long jobs that run, retries that come later, other times, names looked up in other tables."""
    shelf = Shelf()
    jobs(query, shelf)._in_sql()
    assert not shelf


def test_what_began_long_ago_is_not_asked_day_by_day(world):
    shelf = Shelf()
    found, statements = rows_read("date_from=1970-01-01", shelf)
    assert found == plain.results(jobs("date_from=1970-01-01").tally)
    assert (len(shelf), statements) == (MOST_DAYS, 2)


def test_days_between_those_that_are_not_kept_are_not_read_again(world):
    shelf, expected = Shelf(), plain.results(jobs(ASKED).tally)
    _, nothing_new = rows_read(ASKED, shelf), rows_read(ASKED, shelf)[1]
    for day in (sorted(shelf)[0], sorted(shelf)[-1]):
        del shelf[day]
    found, statements = rows_read(ASKED, shelf)
    assert (found, statements, nothing_new) == (expected, 2, 1)


def test_what_was_counted_before_a_failure_is_kept(world, monkeypatch):
    """And who asks again gets further."""
    shelf, expected = Shelf(), plain.results(jobs(ASKED).tally)
    with monkeypatch.context() as patched:
        read = Days._is_read
        asked: list[int] = []

        def fails_later(self: Days, readings: Sequence[Reading]) -> bool:
            asked.append(len(readings))
            if len(asked) % 2 == 0:
                raise Problem("This takes too long", status=503)
            return read(self, readings)

        patched.setattr(Days, "_is_read", fails_later)
        for times in (1, 2):
            with pytest.raises(Problem):
                jobs(ASKED, shelf)._in_sql()
            assert len(shelf) == times
    assert plain.results(jobs(ASKED, shelf).tally) == expected


def test_a_cut_count_reads_no_further(world, monkeypatch):
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 1)
    asked = jobs(ASKED, Shelf())
    with recorded() as statements:
        assert asked.tally.total == 1
    assert asked.truncated
    assert sum(name == "jobs.counted" for name, _ in statements.executed) <= 3


def test_jobs_in_two_tables_are_looked_for_once(world, monkeypatch):
    monkeypatch.setattr(job_counts, "FEW", 0)
    expected = plain.results(jobs(ASKED).tally)
    with recorded() as statements:
        assert plain.results(jobs(ASKED, Shelf()).tally) == expected
    assert [name for name, _ in statements.executed].count("jobs.doubles") == 1


def test_however_little_is_kept_in_memory_two_days_are_open(world, monkeypatch):
    monkeypatch.setitem(settings.BIGPANDAMON._values, "follow.kept_hours", 1)
    shelf = Shelf()
    jobs("date_from=2026-02-20&date_to=2026-03-01T12:00", shelf)._in_sql()
    assert max(key.partition(" ")[0] for key in shelf) == "2026-02-26"


def test_an_import_makes_them_count_anew(world, panda):
    shelf = Shelf()
    before = jobs(ASKED, shelf).tally.total
    panda.job("jobsarchived4", modificationtime=NOON - 5 * DAY, jobstatus="finished")
    assert jobs(ASKED, shelf).tally.total == before
    ImportedFile.objects.create(name="more.csv", first_imported=NOON, last_imported=NOON)
    assert jobs(ASKED, shelf).tally.total == before + 1


def test_a_cap_is_passed_day_by_day(world, monkeypatch):
    """Who asks again gets further: what was counted need not be."""
    whole, shelf, totals = plain.results(jobs(ASKED).tally), Shelf(), []
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 190)
    for _ in range(CLOSED):
        asked = jobs(ASKED, shelf)
        totals.append(asked.tally.total)
        if not asked.truncated:
            break
        assert "or again: " in asked.truncated
    assert len(totals) > 1
    assert totals == sorted(totals)
    assert plain.results(asked.tally) == whole


def test_many_days_are_counted_as_far_as_the_first_says(world, monkeypatch):
    """Not all at once, or none of them would be kept where a limit cuts."""
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 270)
    shelf, asked = Shelf(), "date_from=2026-02-17"
    with recorded() as statements:
        jobs(asked, shelf)._in_sql()
    assert sum(name == "jobs.counted" for name, _ in statements.executed) == 3
    assert 2 <= len(shelf) < 9


def test_a_page_keeps_them_in_files_unless_asked_anew(world, configured, tmp_path, client):
    configured(f'[cache]\nkind = "memory"\nfolder = "{tmp_path}"\ndefault_seconds = 0')
    anew = client.get(f"/api/v1/jobs/summary?{ASKED}&timestamp=1").json()["data"]
    assert not (tmp_path / "days").exists()
    assert client.get(f"/api/v1/jobs/summary?{ASKED}").json()["data"] == anew
    files = list((tmp_path / "days").iterdir())
    assert len(files) >= CLOSED
    for file in files:
        file.write_bytes(b"nonsense")
    assert client.get(f"/api/v1/jobs/summary?{ASKED}").json()["data"] == anew
    told = f"{len(files)} closed days as they were counted before"
    assert told in client.get(f"/jobs/?{ASKED}").content.decode()
    assert told not in client.get(f"/jobs/?{ASKED}&timestamp=1").content.decode()


def test_without_room_nothing_is_kept(world, configured, tmp_path, client):
    configured(f'[cache]\nkind = "memory"\nfolder = "{tmp_path}"\ndays_mb = 0')
    assert client.get(f"/api/v1/jobs/summary?{ASKED}").status_code == 200
    assert not (tmp_path / "days").exists()


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 7, 1))


@given(ends=st.tuples(MOMENTS, MOMENTS).map(sorted), closed=MOMENTS)
def test_pieces_are_the_window_and_do_not_meet(ends, closed):
    window = Window(*ends)
    found = pieces(window, closed)
    parts = [part for part in (found.before, *reversed(found.days), found.recent) if part]
    assert (parts[0].begin, parts[-1].end) == (window.begin, window.end)
    for one, other in itertools.pairwise(parts):
        assert other.begin - one.end == TICK
    assert all(day.end - day.begin == DAY - TICK and day.end < closed for day in found.days)
    assert len(found.days) <= MOST_DAYS
    rest = sum((part.end - part.begin for part in (found.before, found.recent) if part), timedelta())
    not_closed = max(window.end - max(closed, window.begin), timedelta())
    assert len(found.days) == MOST_DAYS or rest <= not_closed + 2 * DAY


@given(there=st.sets(st.integers(0, 40), min_size=1))
def test_days_in_as_few_windows_as_possible(there):
    days = [Window(NOON + DAY * place, NOON + DAY * (place + 1) - TICK) for place in sorted(there)[::-1]]
    found = list(spans(days))
    assert [day for one in found for day in days if one.begin <= day.begin <= day.end <= one.end] == days
    assert sum((one.end - one.begin + TICK for one in found), timedelta()) == len(days) * DAY
    assert all(later.begin - earlier.end > TICK for later, earlier in itertools.pairwise(found))
