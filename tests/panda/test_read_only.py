"""The PanDA database is somebody else's: a write is refused by the session and by the router."""

import pytest
from django.db import DatabaseError, connections, router

from bigpandamon_core.panda.jobs import JobsArchived4
from bigpandamon_core.panda.router import WriteRefused

WRITES = [
    "/* test */ INSERT INTO jobs_statuslog (pandaid, modificationtime, jobstatus)"
    " VALUES (1, '2026-01-01 00:00:00', 'running')",
    "/* test */ UPDATE jobsarchived4 SET jobstatus = 'failed'",
    "/* test */ DELETE FROM jobsarchived4",
    "/* test */ DROP TABLE jobs_statuslog",
    "/* test */ CREATE TABLE ours (id integer)",
]


@pytest.mark.parametrize("statement", WRITES, ids=lambda text: text.split()[3])
def test_the_session_refuses(panda, statement):
    panda.job()
    with pytest.raises(DatabaseError), connections["panda"].cursor() as cursor:
        cursor.execute(statement)
    assert JobsArchived4.objects.using("demo").get().jobstatus == "finished"


def test_the_router_refuses_new_rows_and_deletions(panda):
    panda.job()
    with pytest.raises(WriteRefused, match="read only"):
        JobsArchived4.objects.create(pandaid=1)
    with pytest.raises(WriteRefused):
        JobsArchived4.objects.filter(pandaid=1).update(jobstatus="failed")
    with pytest.raises(WriteRefused):
        JobsArchived4.objects.using("demo").get().delete(using=None)


def test_no_migration_touches_panda():
    assert not router.allow_migrate("panda", "panda")
    assert not router.allow_migrate("panda", "state")
    assert not router.allow_migrate("default", "panda")
    assert router.allow_migrate("default", "state")
