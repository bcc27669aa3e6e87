"""Which source answers: the table of selections, and that each source tells what plain SQL tells."""

from datetime import timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads import job_facets
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.job_rates import rates
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import last_attempts
from bigpandamon_core.sources.reading import recorded
from tests.facets import plain
from tests.payloads.one_job import one_job
from tests.web.conftest import NOON

TASK = 7000
STATES = {
    "jobsdefined4": ("defined",),
    "jobsactive4": ("running", "holding"),
    "jobsarchived4": ("finished", "failed", "failed", "cancelled", "closed"),
}


@pytest.fixture
def world(panda):
    """Jobs of all states over three days; some are retried, merged, or found through other tables."""
    random = Random(5)
    for table, states in STATES.items():
        panda.jobs([_job(random, state) for state in states for _ in range(12)], table)
    numbers = range(1001, 1001 + 12 * sum(map(len, STATES.values())))
    for old, relation in zip(random.sample(numbers, 40), ("retry", None, "merge", "other") * 10, strict=True):
        panda.retry(old, old + 1, TASK, relation)
    panda.retry(501, 502, TASK, "jobset_retry")
    for number in random.sample(numbers, 30):
        panda.file(number, datasetid=11, jeditaskid=TASK)
        panda.worker(number, workerid=number)
    panda.queue("A", cloud="WORLD")
    panda.task(jeditaskid=TASK, taskname="task.seven")


def _job(random: Random, state: str) -> dict[str, Any]:
    return {
        "jobstatus": state,
        "modificationtime": NOON - timedelta(minutes=random.randrange(1, 3 * 1440)),
        "computingsite": random.choice("ABC"),
        "jeditaskid": random.choice((TASK, TASK, 7001)),
        "jobsetid": random.choice((501, 502)),
        "processingtype": random.choice(("pmerge", "simul")),
        "piloterrorcode": 1099 if state == "failed" else 0,
    }


def jobs(query: str) -> Jobs:
    return Jobs(Call(tuple(parse_qsl(query)), now(), settings.BIGPANDAMON.get))


FACETS, SQL = job_facets.FACETS, job_facets.SQL
TABLE = [
    ("hours=12", FACETS, ""),
    ("hours=30&jobstatus=failed&computingsite=A|B", FACETS, ""),
    ("hours=24&piloterrorcode=1099&active=all", FACETS, ""),
    ("date_from=2026-02-28T12:00&date_to=2026-03-01", FACETS, ""),
    ("creationtimerange=2026-02-28T18:00|2026-03-01", FACETS, ""),
    ("hours=47&datasetid=11", FACETS, ""),
    ("hours=47&harvesterid=harvester_one&harvesterinstance=harvester_one", FACETS, ""),
    ("hours=47&region=WORLD", FACETS, ""),
    ("hours=47&taskname=task*", FACETS, ""),
    (f"hours=47&jeditaskid={TASK}", FACETS, ""),
    (f"hours=47&jeditaskid={TASK}&jobstatus=failed", FACETS, ""),
    (f"hours=47&jeditaskid={TASK}&mode=nodrop", FACETS, ""),
    ("days=4", SQL, "it begins before"),
    ("date_from=2026-02-20&date_to=2026-02-21", SQL, "it begins before"),
    ("creationtimerange=2026-02-27T18:00|2026-03-01", SQL, "it begins before"),
    (f"jeditaskid={TASK}", SQL, "it begins before"),
    ("pandaid=1001", SQL, "all time"),
    ("hours=12&batchid=7", SQL, "batchid is not kept"),
    ("hours=12&jobname=job*", SQL, "jobname is not kept"),
]


def test_which_source_answers_and_that_it_is_right(world, facets):
    facets()
    for row in TABLE:
        right(*row)


def right(query: str, source: str, why_not: str) -> None:
    """A question's source, the reason, and the answer as plain SQL tells it."""
    asked, expected = jobs(query), jobs(query)._in_sql()
    assert plain.results(asked.tally) == plain.results(expected)
    assert asked.source.name == source
    assert why_not in asked.source.why_not
    assert bool(why_not) == bool(asked.source.why_not)
    assert asked.count() == expected.total


def test_more_superseded_attempts_than_are_looked_up(world, facets, monkeypatch):
    facets()
    monkeypatch.setattr(last_attempts, "MOST_IDS", 3)
    right(f"hours=47&jeditaskid={TASK}", SQL, "superseded attempts are too many")
    right(f"hours=47&jeditaskid={TASK}&mode=nodrop", FACETS, "")


def test_what_sql_counts_is_capped_and_says_so(world, facets, monkeypatch):
    facets()
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 10)
    asked = jobs("days=4")
    assert (asked.tally.total, asked.source.name) == (10, SQL)
    assert "counting stopped at 10 jobs" in asked.truncated
    whole = jobs("hours=47")
    assert (whole.tally.total > 10, whole.source.name, whole.truncated) == (True, FACETS, "")


def test_rates_around_a_job_are_counted_in_memory(world, facets):
    """The same as in the database, of which no jobs are counted any more."""
    number = jobs("hours=24&jobstatus=failed").page(("pandaid",), 1)[0]["pandaid"]
    before = rates(one_job(number))
    facets()
    with recorded() as statements:
        after = rates(one_job(number))
    assert after == before
    assert len(before) > 2
    assert {name for name, _ in statements.executed}.isdisjoint({"jobs.states", "jobs.identities"})


def test_no_facets(world, own):
    right("hours=12", SQL, "")


def test_old_facets(world, facets, clock):
    facets()
    clock.forward(settings.BIGPANDAMON.get("facets.oldest_seconds") + 1)
    right("hours=12", SQL, "nothing was heard of changes since 2026-03-01T12:00:00")


def test_facets_of_a_moment_that_is_to_come(world, facets, clock):
    """The clock was set back."""
    facets()
    clock.forward(-settings.BIGPANDAMON.get("facets.oldest_seconds") - 1)
    right("hours=12", SQL, "nothing was heard of changes since 2026-03-01T12:00:00")


def test_damaged_facets(world, facets, tmp_path):
    facets()
    for part in (tmp_path / "facets").glob("*.part"):
        part.write_bytes(part.read_bytes()[:-1])
    job_facets._store.cache_clear()
    right("hours=12", SQL, "is rebuilt")
    facets()
    facets()
    right("hours=12", FACETS, "")
