"""With one task only the last attempts are told. json-api facts, section 4.3, "Retries"."""

import pytest

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.queries import last_attempts
from bigpandamon_core.queries.job_counts import states
from tests.instance.defaults import moment
from tests.queries.counting import counted

NOUN = job_requests.noun()


def told(**parameters: str) -> list[int]:
    selection = parse(({"jeditaskid": "7000"} | parameters).items(), NOUN, moment())
    rows = sorted(row[0] for row in counted(selection, ("pandaid",)))
    assert states(selection, moment()).total() == len(rows)
    return rows


@pytest.fixture
def task(panda, own):
    for number in range(1, 10):
        panda.job(pandaid=number, jobsetid=100 + number, jobstatus="failed")
    return panda


def test_replaced_jobs_are_dropped_whatever_their_chain(task):
    task.retry(1, 2)
    task.retry(2, 3)
    task.retry(4, 5, relationtype="")
    task.retry(6, 7, relationtype=None)
    assert told() == [3, 5, 7, 8, 9]
    assert told(mode="drop") == [3, 5, 7, 8, 9]
    assert told(mode="nodrop") == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_several_tasks_keep_all_attempts(task):
    task.retry(1, 2)
    assert told(jeditaskid="7000|7001") == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert len(told(jeditaskid="7000", jobname="job.example")) == 8


def test_history_of_another_task_does_not_count(task):
    task.retry(1, 2, jeditaskid=7001)
    assert 1 in told()


def test_a_job_is_not_replaced_by_itself(task):
    task.retry(1, 1)
    assert 1 in told()


def test_jobs_of_a_retried_job_set_are_dropped(task):
    task.retry(101, 102, relationtype="jobset_retry")
    task.retry(3, 4, relationtype="jobset_retry")
    assert told() == [2, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("processingtype", "jobstatus", "dropped"),
    [
        ("pmerge", "failed", True),
        ("pmerge", "cancelled", True),
        ("pmerge", "finished", False),
        ("simul", "failed", False),
        (None, "failed", False),
    ],
)
def test_merge_jobs_are_dropped_when_they_did_not_succeed(panda, own, processingtype, jobstatus, dropped):
    panda.job(pandaid=1, processingtype=processingtype, jobstatus=jobstatus)
    panda.job(pandaid=2)
    panda.retry(1, 2, relationtype="merge")
    assert told() == ([2] if dropped else [1, 2])


@pytest.mark.parametrize("relationtype", ["RETRY", "retry ", "originpandaid", "boosting"])
def test_other_relations_drop_nothing(task, relationtype):
    task.retry(1, 2, relationtype=relationtype)
    assert 1 in told()


@pytest.mark.parametrize(("eventservice", "kept"), [(None, False), (1, True), (2, True), (3, False)])
def test_event_service_jobs_are_never_dropped(panda, own, eventservice, kept):
    panda.job(pandaid=1, eventservice=eventservice)
    panda.job(pandaid=2)
    panda.retry(1, 2)
    assert (1 in told()) is kept


def test_dropping_holds_together_with_other_conditions(task):
    task.job(pandaid=20, jobstatus="finished")
    task.retry(1, 20)
    assert told(jobstatus="failed") == [2, 3, 4, 5, 6, 7, 8, 9]
    assert told(jobstatus="finished") == [20]


def test_what_retries_replaced_in_several_tasks(task):
    task.retry(1, 2)
    task.retry(2, 3, relationtype="")
    task.retry(4, 5, relationtype=None, jeditaskid=7001)
    task.retry(6, 7, jeditaskid=7002)
    task.retry(8, 8)
    task.retry(9, 1, relationtype="merge")
    assert last_attempts.replaced([7000, 7001]) == {1, 2, 4}
    assert last_attempts.replaced([]) == frozenset()


def test_tasks_with_more_of_them_than_a_statement_reads(task, monkeypatch):
    monkeypatch.setattr(last_attempts, "MOST_REPLACED", 2)
    for number in range(1, 5):
        task.retry(number, number + 10, jeditaskid=7000 + number)
    assert last_attempts.replaced(range(7000, 7010)) == {1, 2, 3, 4}
