"""A few columns of all jobs at once: each job once, cut where the instance says, nothing personal."""

from collections import Counter
from datetime import datetime, timedelta
from inspect import signature

import pytest
from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import job_counts
from bigpandamon_core.sources.reading import recorded

pytestmark = pytest.mark.usefixtures("own")


@pytest.fixture
def moment() -> datetime:
    return now().replace(microsecond=0) - timedelta(hours=1)


def jobs(**parameters: str) -> Jobs:
    return Jobs(Call(tuple(parameters.items()), now(), settings.BIGPANDAMON.get))


@pytest.mark.parametrize("few", [0, 2000], ids=["many", "few"])
def test_each_job_is_told_once_with_its_newest_row(panda, monkeypatch, moment, few):
    monkeypatch.setattr(job_counts, "FEW", few)
    panda.job("jobsactive4", pandaid=900, jobstatus="holding", modificationtime=moment)
    panda.job(pandaid=900, jobstatus="finished", modificationtime=moment + timedelta(minutes=1))
    panda.job(pandaid=800, jobstatus="failed", modificationtime=moment)
    panda.job("jobsdefined4", pandaid=700, jobstatus="defined", modificationtime=moment)
    found = [(row["pandaid"], row["jobstatus"]) for row in jobs().in_bulk(("jobstatus",))]
    assert sorted(found) == [(700, "defined"), (800, "failed"), (900, "finished")]


def test_many_jobs_take_few_statements(panda, moment):
    written = [{"jobname": f"job-{number % 7}", "modificationtime": moment} for number in range(4000)]
    panda.jobs(written)
    with recorded() as statements:
        counted = Counter(row["jobname"] for row in jobs().in_bulk(("jobname",)))
    assert counted == Counter(row["jobname"] for row in written)
    assert len(statements.executed) <= 4


def test_what_the_instance_cuts_is_said(panda, monkeypatch, moment):
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 3)
    panda.jobs({"modificationtime": moment} for _ in range(5))
    asked = jobs()
    assert len(list(asked.in_bulk(("jobstatus",)))) == 3
    assert asked.truncated == "reading stopped at 3 jobs: ask for a shorter window"


@pytest.mark.parametrize(("most", "cap", "read"), [(2, 9, 2), (9, 3, 3), (5, 9, 5)])
def test_memory_for_one_answer_is_bounded(panda, monkeypatch, moment, most, cap, read):
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", cap)
    panda.jobs({"modificationtime": moment} for _ in range(5))
    asked = jobs()
    assert len(list(asked.in_bulk(("jobstatus",), most=most))) == read
    assert bool(asked.truncated) == (read < 5)


def test_without_a_wish_no_answer_holds_two_million_jobs():
    assert signature(Jobs.in_bulk).parameters["most"].default <= 200_000


def test_conditions_hold_and_nothing_personal_is_told(panda, moment):
    subject = "/DC=org/CN=Ada Example"
    panda.job(pandaid=1, computingsite="ONE", produserid=subject, modificationtime=moment)
    panda.job(pandaid=2, computingsite="TWO", produserid=subject, modificationtime=moment)
    [row] = list(jobs(computingsite="ONE").in_bulk(("computingsite", "produserid")))
    assert (row["pandaid"], row["computingsite"]) == (1, "ONE")
    assert subject not in map(str, row.values())
