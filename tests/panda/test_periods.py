from datetime import datetime, timedelta

import pytest

from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.panda.periods import job_tables

NOW = datetime(2026, 11, 20, 12, 0)
RECENT = (JobsDefined4, JobsActive4, JobsArchived4)
TWO_DAYS = timedelta(days=2)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("begin", "asked"),
    [
        (NOW - timedelta(hours=12), RECENT),
        (NOW - TWO_DAYS, RECENT),
        (NOW - TWO_DAYS - SECOND, (*RECENT, JobsArchived)),
        (NOW - timedelta(days=180), (*RECENT, JobsArchived)),
        (None, (*RECENT, JobsArchived)),
    ],
)
def test_the_archive_is_asked_for_what_may_have_left_the_recent_table(begin, asked):
    assert job_tables(begin, now=NOW) == asked


@pytest.mark.parametrize("begin", [None, NOW - timedelta(days=30)])
def test_the_archive_is_left_out_on_request(begin):
    assert job_tables(begin, now=NOW, archive=False) == RECENT


def test_live_or_ended_alone():
    assert job_tables(NOW - SECOND, now=NOW, ended=False) == (JobsDefined4, JobsActive4)
    assert job_tables(None, now=NOW, live=False) == (JobsArchived4, JobsArchived)
