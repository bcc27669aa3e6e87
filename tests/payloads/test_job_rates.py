"""How the jobs around a job fared: the twelve hours up to it, by the state as shown."""

from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.job_rates import rates
from tests.instance.factory import Panda
from tests.payloads.one_job import one_job

pytestmark = pytest.mark.usefixtures("own")
HOUR = timedelta(hours=1)


def told(pandaid: int) -> dict[str, tuple[int, int, Any]]:
    return {rate["text"]: (rate["failed"], rate["ended"], rate["rate"]) for rate in rates(one_job(pandaid))}


def test_the_twelve_hours_up_to_the_job(panda: Panda):
    moment = now().replace(microsecond=0) - 20 * HOUR
    number = panda.job(jobstatus="failed", modificationtime=moment, modificationhost="slot1@node1")
    around: list[tuple[str, float, dict[str, Any]]] = [
        ("finished", -11.9, {"modificationhost": "slot2@node1"}),
        ("finished", -0.5, {"produsername": "Bea", "jeditaskid": 8}),
        ("failed", -3, {"computingsite": "QUEUE_TWO"}),
        ("failed", -12.1, {}),
        ("failed", 0.1, {}),
        ("closed", -1, {}),
        ("cancelled", -1, {}),
    ]
    for state, hours, more in around:
        panda.job(jobstatus=state, modificationtime=moment + hours * HOUR, **more)
    assert told(number) == {
        "This task, 12 h": (2, 3, pytest.approx(200 / 3)),
        "Queue QUEUE_ONE, 12 h": (1, 3, pytest.approx(100 / 3)),
        "This node, 12 h": (1, 2, 50.0),
        "This user, 12 h": (2, 3, pytest.approx(200 / 3)),
    }


def test_rates_go_by_the_state_as_shown(panda: Panda):
    number = panda.job(jobstatus="finished", jobsubstatus="fg_stumble")
    panda.job(jobstatus="finished", jobsubstatus="fg_done")
    panda.job(jobstatus="finished", jobsubstatus="fg_partial")
    assert told(number)["This task, 12 h"] == (1, 3, pytest.approx(100 / 3))


def test_a_record_without_times_has_none(panda: Panda):
    absent = dict.fromkeys(("modificationtime", "statechangetime", "creationtime", "jobstatus"))
    assert told(panda.job("jobsarchived", **absent)) == {}
