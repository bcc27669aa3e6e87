"""A job that is left over in a live table is told as the long-term archive has it, if that is the later."""

from collections import Counter
from datetime import timedelta

import pytest

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.queries.job_counts import states
from bigpandamon_core.queries.job_pages import page
from bigpandamon_core.queries.jobs import one, some
from bigpandamon_core.sources.reading import recorded
from tests.queries.counting import counted
from tests.queries.odd_values import T

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("still_clock", "own_tables")


def told(**asked: str) -> set[str]:
    """The states of job 501 in every kind of answer, each of which has it once."""
    selection = parse(asked.items(), job_requests.noun(), T)
    rows = page(selection, ("jobstatus",), 10, T)
    counts = states(selection, T)
    listed = [row["jobstatus"] for row in rows]
    assert (
        Counter(listed) == counts == Counter(row[1] for row in counted(selection, ("pandaid", "jobstatus")))
    )
    assert [row["pandaid"] for row in rows] == [501]
    return {*listed}


@pytest.mark.parametrize(
    ("live_days", "ended_days", "state"),
    [(7, 6, "finished"), (7, 7, "finished"), (6, 7, "running"), (1, 7, "running"), (2.5, 2.1, "finished")],
)
def test_the_later_observation_wins(panda, live_days, ended_days, state):
    panda.job("jobsactive4", pandaid=501, jobstatus="running", modificationtime=T - live_days * DAY)
    panda.job("jobsarchived", pandaid=501, jobstatus="finished", modificationtime=T - ended_days * DAY)
    found = one(501)
    assert found is not None
    assert found["jobstatus"] == state
    assert [row["jobstatus"] for row in some([501])] == [state]
    assert told(days="10") == told(pandaid="501") == told(jeditaskid="7000", mode="nodrop") == {state}


def test_a_live_row_without_a_state_change_goes_by_its_modification(panda):
    moment = T - 5 * DAY
    panda.job("jobsactive4", pandaid=501, modificationtime=moment, statechangetime=None)
    panda.job("jobsarchived", pandaid=501, jobstatus="failed", modificationtime=moment + DAY)
    assert told(days="10") == told(pandaid="501") == {"failed"}
    found = one(501)
    assert found is not None
    assert found["jobstatus"] == "failed"


def test_a_record_without_times_is_older_than_any_other(panda):
    absent = dict.fromkeys(("jobstatus", "modificationtime", "statechangetime", "creationtime"))
    panda.job("jobsactive4", pandaid=501, modificationtime=T - 5 * DAY)
    panda.job("jobsarchived", pandaid=501, **absent)
    assert told(pandaid="501") == {"running"}


def test_jobs_that_changed_lately_are_not_looked_for_in_the_archive(panda):
    panda.job("jobsactive4", pandaid=501, modificationtime=T - DAY)
    with recorded() as statements:
        assert one(501) is not None
    assert [name for name, _ in statements.executed] == ["jobs.one"]
