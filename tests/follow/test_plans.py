"""On filled tables no statement of the follower reads an archive from end to end: the databases' own plans,
as `bigpandamon queries --explain` prints them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo import ddl
from bigpandamon_core.demo.bulk import filling
from bigpandamon_core.demo.bulk.filling import Size, Wanted
from bigpandamon_core.demo.simulation.profile import load
from bigpandamon_core.domain.window import now
from bigpandamon_core.management.main import main
from tests.follow.plans import ARCHIVES, ASKED, by_query, first_columns, read_whole
from tests.instance.factory import JOB_TABLES, Panda

ENDED, ALIVE, KEPT = 20_000, 2_500, timedelta(hours=48)
ANALYZE = {"mysql": "ANALYZE TABLE", "postgresql": "ANALYZE"}
REMOVE = {"mysql": "DROP INDEX {} ON {}", "postgresql": "DROP INDEX {}"}


@pytest.fixture(scope="module")
def filled(request: pytest.FixtureRequest, panda_tables: None, own_tables: None) -> Iterator[None]:
    if request.config.getoption("--panda") == "sqlite":
        pytest.skip("SQLite plans without looking at what tables hold")
    size = Size(ENDED, ALIVE, KEPT)
    filling.fill(demo.writing(), load("default"), Wanted(size, seed=3, end=now()), lambda _: None)
    with demo.writing().cursor() as cursor:
        for table in JOB_TABLES:
            cursor.execute(f"{ANALYZE[demo.writing().vendor]} {table}")
    yield
    Panda().clear()


def whole_archives(capsys: pytest.CaptureFixture[str]) -> dict[str, set[str]]:
    """By query of the follower, the archives that some statement of it reads from end to end."""
    found: dict[str, set[str]] = {}
    indexes = first_columns(demo.writing())
    for asked in ("changes", "jobs.doubles", "jobs.living_by"):
        assert main(["queries", "--explain", asked]) == 0
        for name, plan in by_query(capsys.readouterr().out):
            assert plan
            found.setdefault(name, set()).update(read_whole(plan, indexes).intersection(ARCHIVES))
    return found


def test_no_statement_reads_an_archive_from_end_to_end(filled, capsys):
    """Neither when little has changed since the last look nor after days of absence."""
    assert whole_archives(capsys) == {name: set() for name in ASKED}


@pytest.mark.parametrize(
    ("index", "queries"),
    [
        ("jobsarchived4_ix08", {"changes.how_many", "changes.period"}),
        ("jobsarchived4_ix13", {"changes.since"}),
    ],
)
def test_without_its_index_a_query_does(filled, capsys, index, queries):
    with removed(index):
        found = whole_archives(capsys)
    assert {name for name, tables in found.items() if tables} >= queries


@contextmanager
def removed(index: str) -> Iterator[None]:
    with demo.writing().cursor() as cursor:
        cursor.execute(REMOVE[demo.writing().vendor].format(index, "jobsarchived4"))
        yield
        for statement in ddl.indexes(JOB_TABLES["jobsarchived4"], demo.writing()):
            cursor.execute(statement)
