"""What batches tell, replayed, and what PanDA shows by the plain rule."""

import sqlite3
from datetime import datetime, timedelta

from benchmarks.told import Database, Told, differing, shown
from bigpandamon_core.facets.batch import NAMES, Place, encode

AT = datetime(2026, 11, 20, 12)


def batch(*rows):
    """(job, place, state, seconds after noon) each."""
    told = []
    for pandaid, place, state, seconds in rows:
        moment = AT + timedelta(seconds=seconds)
        times = {"statechangetime": moment, "modificationtime": moment}
        told.append(dict.fromkeys(NAMES) | times | {"pandaid": pandaid, "place": place, "jobstatus": state})
    return AT + timedelta(seconds=60), encode(told)


def test_the_last_of_a_job_counts_and_what_is_told_again_is_found():
    told = Told()
    first, same_again = batch((1, 1, "running", 0), (2, 1, "sent", 50)), batch((1, 1, "running", 0))
    told.replay([first, (AT, b""), same_again, batch((1, 2, "failed", 70))], AT + timedelta(seconds=10))
    assert told.newest == {1: (2, "failed"), 2: (1, "sent")}
    assert (told.rows, told.twice, told.lags) == (4, 1, [10.0, -10.0])


def test_a_state_that_comes_back_is_not_told_twice():
    told = Told()
    told.replay([batch((1, 1, "running", n), (2, Place.GONE, "", n)) for n in (1, 2)], AT)
    assert told.twice == 0


def test_what_panda_shows(tmp_path):
    path = tmp_path / "panda.sqlite3"
    with sqlite3.connect(path) as made:
        for table in ("jobsdefined4", "jobsactive4", "jobsarchived4"):
            made.execute(f"CREATE TABLE {table} (pandaid, jobstatus, statechangetime, modificationtime)")
        made.execute("INSERT INTO jobsdefined4 VALUES (1, 'defined', '2026-11-20 12:00:00', NULL)")
        made.execute("INSERT INTO jobsactive4 VALUES (1, 'sent', '2026-11-20 12:00:00', NULL)")
        made.execute("INSERT INTO jobsactive4 VALUES (2, 'running', NULL, '2026-11-20 12:00:01')")
        made.execute("INSERT INTO jobsarchived4 VALUES (2, 'failed', '2026-11-20 12:00:00', NULL)")
    assert shown(Database(lambda: sqlite3.connect(path))) == {1: (1, "sent"), 2: (1, "running")}


def test_differing_jobs_are_counted_once_each():
    assert (
        differing({1: (1, "sent"), 2: (2, "failed"), 3: (1, "sent")}, {1: (1, "sent"), 2: (1, "sent")}) == 2
    )
