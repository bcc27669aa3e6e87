"""Named reads: the name travels, nothing unnamed passes, limits are the database's, nothing is written."""

import time
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived4
from bigpandamon_core.sources import reading
from bigpandamon_core.sources.reading import (
    ALIAS,
    Query,
    UnnamedStatement,
    declare,
    dicts,
    recorded,
    registry,
    snapshot,
    tuples,
    written,
)

ROWS = JobsActive4.objects.using(ALIAS).values_list("pandaid")
LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)"
    " SELECT COUNT(*) FROM n",
    "mysql": "SELECT COUNT(*) FROM seq_1_to_100000 a, seq_1_to_100000 b WHERE a.seq + b.seq = 7",
    "postgresql": "SELECT COUNT(*) FROM generate_series(1, 100000000) AS n(i) WHERE i < 0",
}
WRITE = "UPDATE jobsactive4 SET jobstatus = 'failed'"


@pytest.fixture
def query() -> Iterator[Query]:
    yield declare("test.some", "Some rows.")
    reading._REGISTRY.pop("test.some")


@pytest.fixture
def impatient() -> Iterator[Query]:
    yield declare("test.impatient", "Some rows, at once.", seconds=0.3)
    reading._REGISTRY.pop("test.impatient")


@pytest.fixture
def vendor() -> str:
    return connections[ALIAS].vendor


def test_rows_are_read(panda, query):
    panda.jobs([{"pandaid": 5, "cloud": "A"}, {"pandaid": 6, "cloud": None}], "jobsactive4")
    assert sorted(tuples(query, ROWS)) == [(5,), (6,)]
    found = dicts(query, JobsActive4.objects.using(ALIAS).order_by("pandaid"), ("pandaid", "cloud"))
    assert found == [{"pandaid": 5, "cloud": "A"}, {"pandaid": 6, "cloud": None}]


def test_every_statement_carries_the_name_of_its_query(panda, query):
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connections[ALIAS].execute_wrapper(note):
        list(tuples(query, ROWS))
    assert len(sent) == 1
    assert "/* test.some */ SELECT" in sent[0]


@pytest.mark.parametrize(
    "text",
    ["SELECT 1", "/* SELECT 1 */ SELECT 1", "/* no.such */ SELECT 1", "/* test.some SELECT 1", "COMMIT"],
)
def test_a_statement_without_a_declared_name_is_refused(panda_tables, query, text):
    with pytest.raises(UnnamedStatement), connections[ALIAS].cursor() as cursor:
        cursor.execute(text)


def test_a_query_set_beside_the_named_reads_is_refused(panda_tables):
    with pytest.raises(UnnamedStatement):
        JobsActive4.objects.using(ALIAS).count()


def test_a_name_that_is_declared_may_stand_in_the_text(panda_tables):
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("/* health.ping */ SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_name_is_declared_once(query):
    with pytest.raises(ValueError, match=r"test\.some is declared twice"):
        declare("test.some", "Again.")
    assert list(registry()) == sorted(registry())


def test_statements_of_an_answer_are_counted(panda, query):
    with recorded() as statements, snapshot():
        list(tuples(query, ROWS))
        list(tuples(query, ROWS))
    assert [name for name, _ in statements.executed] == ["test.some", "test.some"]
    assert all(seconds >= 0 for _, seconds in statements.executed)


def test_a_connection_that_was_closed_comes_back(panda, query):
    """What connecting and transactions say needs no name."""
    for _ in range(2):
        connections[ALIAS].close()
        with snapshot():
            assert list(tuples(query, ROWS)) == []
    connections[ALIAS].close()
    assert list(tuples(query, ROWS)) == []


def test_inside_a_snapshot_the_database_stands_still(panda, query):
    panda.job("jobsactive4", pandaid=5)
    with snapshot():
        assert list(tuples(query, ROWS)) == [(5,)]
        panda.job("jobsactive4", pandaid=6)
        assert list(tuples(query, ROWS)) == [(5,)]
        with snapshot():
            assert list(tuples(query, ROWS)) == [(5,)]
    assert sorted(tuples(query, ROWS)) == [(5,), (6,)]


def test_a_query_has_a_time_limit_of_its_own(panda_tables, query, impatient, vendor):
    begun = time.monotonic()
    with pytest.raises(Problem, match="longer than is allowed") as slow:
        written(impatient, LONG[vendor])
    assert time.monotonic() - begun < 3
    assert slow.value.status == 503
    assert slow.value.retry_after_seconds > 0
    assert written(query, "SELECT 1") == [(1,)]


def test_every_query_has_the_instance_s_time_limit(panda_tables, query, vendor, monkeypatch):
    """The session has it from the start; SQLite is told with each statement."""
    if vendor == "sqlite":
        monkeypatch.setattr(settings, "PANDA_STATEMENT_SECONDS", 0.3)
        with pytest.raises(Problem, match="longer than is allowed"):
            written(query, LONG[vendor])
        return
    told = {"mysql": "SELECT @@max_statement_time", "postgresql": "SHOW statement_timeout"}
    [(limit,)] = written(query, told[vendor])
    assert str(limit).rstrip("s") in (
        f"{settings.PANDA_STATEMENT_SECONDS}",
        f"{settings.PANDA_STATEMENT_SECONDS}.0",
    )


def test_the_instance_s_limit_holds_again_after_a_query_with_its_own(panda_tables, query, impatient, vendor):
    if vendor != "postgresql":
        pytest.skip("the others limit single statements")
    with pytest.raises(Problem):
        written(impatient, LONG[vendor])
    assert written(impatient, "SHOW statement_timeout") == [("300ms",)]
    assert written(query, "SHOW statement_timeout") == [(f"{settings.PANDA_STATEMENT_SECONDS}s",)]
    with snapshot():
        written(impatient, "SELECT 1")
        assert written(query, "SHOW statement_timeout") == [(f"{settings.PANDA_STATEMENT_SECONDS}s",)]


def test_a_slow_statement_inside_a_snapshot_leaves_the_connection_usable(
    panda_tables, query, impatient, vendor
):
    with pytest.raises(Problem, match="longer than is allowed"), snapshot():
        written(impatient, LONG[vendor])
    assert written(query, "SELECT 1") == [(1,)]


def test_nothing_can_be_written(panda, query):
    panda.job("jobsactive4", pandaid=5, jobstatus="running")
    with pytest.raises(Problem):
        written(query, WRITE)
    rows = JobsActive4.objects.using(ALIAS).values_list("jobstatus")
    assert list(tuples(query, rows)) == [("running",)]


def test_hints_stand_in_the_statement(panda_tables, vendor):
    if vendor != "mysql":
        pytest.skip("the others have no hints or cannot be asked")
    hinted = declare("test.hinted", "Some rows.", hints={"mysql": "MAX_EXECUTION_TIME(1000)"})
    sent = []

    def note(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connections[ALIAS].execute_wrapper(note):
        list(tuples(hinted, JobsArchived4.objects.using(ALIAS).values_list("pandaid")[:1]))
    reading._REGISTRY.pop("test.hinted")
    assert sent[0].startswith("/* test.hinted */ SELECT /*+ MAX_EXECUTION_TIME(1000) */ ")
