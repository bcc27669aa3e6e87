"""A large answer is read in flat memory, and one may stop reading it."""

import os
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, OperationalError, connections, transaction

from bigpandamon_core.panda.statuslog import JobsStatusLog

DOUBLINGS = 14
ROWS = 2**DOUBLINGS
LONG = 400_000
WIDTH = 200
LONG_ANSWER = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
    f" SELECT i, printf('%.{WIDTH}c', 'x') FROM n",
    "mysql": f"SELECT seq, REPEAT('x', {WIDTH}) FROM seq_1_to_{{rows}}",
    "postgresql": f"SELECT i, repeat('x', {WIDTH}) FROM generate_series(1, {{rows}}) AS g(i)",
}
NO_ROWS: dict[str, object] = {"sqlite": [], "mysql": (), "postgresql": []}


@pytest.fixture
def many(panda):
    """A table without a key, filled with copies of one row."""
    panda.row(JobsStatusLog, pandaid=1, jobstatus="running", modificationhost="x" * 120)
    with connections["demo"].cursor() as cursor:
        for _ in range(DOUBLINGS):
            cursor.execute("INSERT INTO jobs_statuslog SELECT * FROM jobs_statuslog")


def stream(alias):
    return JobsStatusLog.objects.using(alias).values_list("pandaid", "modificationhost").iterator(1000)


def test_all_rows_arrive(many, reader):
    assert sum(1 for _ in stream(reader)) == ROWS


def test_memory_is_flat(reader, vendor):
    """The drivers hold rows outside Python's own memory, so the process is measured."""
    with connections[reader].chunked_cursor() as cursor:
        before = resident_bytes()
        cursor.execute(LONG_ANSWER[vendor].format(rows=LONG))
        assert sum(len(rows) for rows in iter(lambda: cursor.fetchmany(1000), NO_ROWS[vendor])) == LONG
        assert resident_bytes() - before < LONG * WIDTH / 4


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_the_connection_serves_again_after_a_stream_that_was_left(many, reader):
    rows = stream(reader)
    next(rows)
    rows.close()
    assert JobsStatusLog.objects.using(reader).filter(pandaid=2).count() == 0


def test_leaving_a_long_answer_takes_no_time(reader, vendor):
    if vendor != "mysql":
        pytest.skip("only MariaDB's driver reads what is left")
    with connections[reader].chunked_cursor() as cursor:
        cursor.execute(LONG_ANSWER[vendor].format(rows=20 * LONG))
        assert len(cursor.fetchmany(10)) == 10
        begun = time.monotonic()
    assert time.monotonic() - begun < 1
    with connections[reader].cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchall() == ((1,),)


def test_a_stream_read_to_its_end_keeps_its_connection(many, reader, vendor):
    if vendor != "mysql":
        pytest.skip("the others never give theirs up")
    sum(1 for _ in stream(reader))
    kept = connections[reader].connection
    assert kept is not None
    sum(1 for _ in stream(reader))
    assert connections[reader].connection is kept


def test_a_refused_statement_keeps_its_connection(reader, vendor):
    if vendor != "mysql":
        pytest.skip("the others never give theirs up")
    with pytest.raises(OperationalError), connections[reader].chunked_cursor() as cursor:
        cursor.execute("SELECT no_such_function()")
    assert connections[reader].connection is not None


NO_DATE = """SELECT seq, CAST(IF(seq = 700, '0000-00-00 00:00:00', '2026-05-04 12:00:00') AS DATETIME)
    FROM seq_1_to_1000"""


def test_dates_that_there_are_not_are_absent(reader, vendor, monkeypatch):
    """Wherever in an answer one is met: no row is read twice, and none is left out."""
    if vendor != "mysql":
        pytest.skip("only MySQL has such dates")
    from bigpandamon_core.panda.backends.mysql.base import HeldCursor

    monkeypatch.setattr(HeldCursor, "is_quick", True)
    expected = [(number, None if number == 700 else datetime(2026, 5, 4, 12)) for number in range(1, 1001)]
    for is_quick in (True, False):
        assert HeldCursor.is_quick is is_quick
        with transaction.atomic(using=reader), connections[reader].cursor() as cursor:
            cursor.execute(NO_DATE)
            assert [*cursor.fetchmany(600), *cursor.fetchmany(50), *cursor.fetchall()] == expected


def test_outside_a_snapshot_an_answer_that_was_read_half_is_asked_for_anew(reader, vendor, monkeypatch):
    """The rows that were read may be gone by now: going on at the same place would leave others out."""
    if vendor != "mysql":
        pytest.skip("only MySQL has such dates")
    from bigpandamon_core.panda.backends.mysql.base import HeldCursor

    monkeypatch.setattr(HeldCursor, "is_quick", True)
    with connections[reader].cursor() as cursor:
        cursor.execute(NO_DATE)
        assert len(cursor.fetchmany(600)) == 600
        with pytest.raises(OperationalError, match="read half"):
            cursor.fetchmany(600)
        cursor.execute(NO_DATE)
        assert len(cursor.fetchall()) == 1000


@pytest.mark.parametrize(
    "values",
    [
        (0, -1, 2**63 - 1, True, None, 1.5),
        ("100 %", "it's", "a\\b", "Jürgen", b"x"),
        [7, "%s", Decimal("1.50"), datetime(2026, 5, 4, 12, 30)],
        {"a": 7, "b": "x"},
        None,
        (),
    ],
)
def test_values_are_bound_as_the_driver_binds_them(reader, vendor, values):
    if vendor != "mysql":
        pytest.skip("only MySQL's driver writes them into the statement itself")
    from MySQLdb.cursors import SSCursor

    text = (
        "SELECT %(a)s, %(b)s"
        if isinstance(values, dict)
        else f"SELECT {', '.join(['%s'] * len(values or ()))}"
    )
    with connections[reader].cursor() as cursor:
        own = cursor.cursor.cursor
        assert own._mogrify(text, values) == SSCursor._mogrify(own, text, values)


@pytest.mark.parametrize("values", [(1,), (1, 2, 3)])
def test_too_few_or_many_values_are_refused(reader, vendor, values):
    if vendor != "mysql":
        pytest.skip("only MySQL's driver writes them into the statement itself")
    with pytest.raises(DatabaseError, match="format"), connections[reader].cursor() as cursor:
        cursor.execute("SELECT %s, %s", values)
