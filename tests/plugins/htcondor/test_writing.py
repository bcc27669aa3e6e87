"""What becomes of a record that cannot be written at once."""

import pytest
from django.db import IntegrityError

from bigpandamon_core.plugin import now
from bigpandamon_htcondor import store as storing
from bigpandamon_htcondor.models import BatchJob

NAME = "q@h.example#7.0#1"
IDLE = {"GlobalJobId": NAME, "JobStatus": 1, "ServerTime": 1700000100}
RUNS = IDLE | {"JobStatus": 2, "ServerTime": 1700000300}


@pytest.fixture
def overtaken(own, monkeypatch):
    """overtaken(times): so many times the database says that somebody else was faster."""
    real = storing._put
    left: list[Exception] = []

    def put(*asked):
        if left:
            raise left.pop()
        return real(*asked)

    monkeypatch.setattr(storing, "_put", put)
    return lambda times: left.extend(IntegrityError("it is there") for _ in range(times))


def test_a_job_that_another_writer_stored_first_is_written_again(overtaken):
    storing.store([IDLE], now())
    overtaken(1)
    assert storing.store([RUNS], now()).stored == 1
    assert BatchJob.objects.get().state == "running"


def test_but_not_for_ever(overtaken):
    storing.store([IDLE], now())
    overtaken(2)
    done = storing.store([RUNS], now())
    assert (done.stored, [one.code for one in done.refused]) == (0, [storing.NOT_UPDATED])
    assert BatchJob.objects.get().state == "idle"


def test_what_is_nested_too_deep_to_be_kept_is_refused_alone(own):
    deep: list[object] = []
    for _ in range(2000):
        deep = [deep]
    done = storing.store([IDLE, RUNS | {"GlobalJobId": "deep#1.0#1", "Requirements": deep}], now())
    assert (done.stored, len(done.refused)) == (1, 1)
    assert [one.pk for one in BatchJob.objects.all()] == [NAME]
