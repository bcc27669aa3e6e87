"""Named reads, compiled as they would reach Oracle: with their names, their time limit and nothing else."""

from datetime import datetime

from bigpandamon_core.panda.jobs import JobsArchived4
from bigpandamon_core.sources import reading
from tests.oracle.checks import check

QUERY = reading.Query("tests.oracle", "a read of this test")


def test_a_named_read_carries_its_name(oracle_compiler_without_server, panda_tables):
    rows = JobsArchived4.objects.filter(modificationtime__gte=datetime(2026, 1, 1)).values_list("pandaid")
    with oracle_compiler_without_server.in_place_of("panda") as statements, reading.snapshot():
        assert list(reading.tuples(QUERY, rows)) == []
    one_moment, statement = statements
    assert one_moment.text.startswith("SET TRANSACTION")
    assert statement.text.startswith("/* tests.oracle */ SELECT")
    check(statement)
