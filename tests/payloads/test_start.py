"""What the start page judges: the sentence, what stands out, how old the news are."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bigpandamon_core.domain.privacy import Anonymous, Privacy
from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads import start
from bigpandamon_core.payloads.call import Call

GOOD: dict[str, Any] = {"jobstatus": "finished"}
BAD: dict[str, Any] = {"jobstatus": "failed", "piloterrorcode": 1099, "piloterrordiag": "no file"}
HALF_BAD = [GOOD] * 50 + [BAD] * 50
QUEUES = ("QUEUE_ONE", "QUEUE_TWO", "QUEUE_THREE")


def page(**call: Any) -> dict[str, Any]:
    return start.shape(start.Start(Call((), now(), settings.BIGPANDAMON.get, **call)))


def spread(panda, good: int, bad: int, **columns: Any) -> None:
    """So many jobs on each queue, each of a task and a user of its own."""
    for queue in QUEUES:
        ended = [*([GOOD] * good), *([BAD] * bad)]
        panda.jobs(
            {"computingsite": queue, "jeditaskid": 9000 + n, "produsername": f"user {n}"} | job | columns
            for n, job in enumerate(ended)
        )


def test_without_jobs_there_is_nothing_to_judge(panda, own):
    found = page()
    assert found["verdict"] == {
        "group": "waiting",
        "sentence": "There are no jobs in this window",
        "detail": "",
    }
    assert found["findings"] == []


def test_few_failures_everywhere_alike_are_well(panda, own):
    spread(panda, good=97, bad=3)
    found = page()
    assert found["verdict"]["sentence"] == "Nothing stands out"
    assert found["verdict"]["group"] == "good"
    assert found["verdict"]["detail"] == "9 of 300 jobs that ended failed: 3.0 %."


def test_many_failures_everywhere_alike_are_not(panda, own):
    spread(panda, good=60, bad=40)
    assert page()["verdict"]["sentence"] == "40 % of jobs fail, everywhere alike"


def test_what_fails_far_above_the_rest_is_named_with_its_needless_failures(panda, own):
    spread(panda, good=98, bad=2)
    panda.jobs({"computingsite": "QUEUE_BAD"} | job for job in HALF_BAD)
    found = page()
    assert found["verdict"]["sentence"] == "1 queue fails far above the rest"
    (worst,) = found["findings"]  # all its jobs are those of one task of one user, who stand beside it
    assert re.fullmatch(r"as many: task \d+, user \S.*", worst["alike"])
    assert (worst["name"], worst["failed"], worst["ended"], worst["rate"]) == ("QUEUE_BAD", 50, 100, 50.0)
    assert worst["excess"] == 36
    assert worst["mostly"]["count"] == 50
    assert "piloterrorcode.is=1099" in worst["mostly"]["url"]


def test_hidden_names_are_not_told(panda, own):
    spread(panda, good=98, bad=2)
    panda.jobs({"produsername": "Ada Hidden"} | job for job in HALF_BAD)
    assert "Ada Hidden" in str(page()["findings"])
    assert "Ada Hidden" not in str(page(privacy=Privacy(Anonymous.PSEUDONYMS, "x")))


@pytest.mark.parametrize(("minutes", "late"), [(5, False), (40, True)])
def test_a_panda_that_says_nothing_any_more_comes_first(panda, own, minutes, late):
    spread(panda, good=99, bad=1, modificationtime=now().replace(microsecond=0) - timedelta(minutes=minutes))
    found = page()
    assert found["newest"]["late"] is late
    assert (found["verdict"]["sentence"] == f"No job has changed for {minutes} minutes") is late


def test_parameters_have_no_effect_and_are_named(panda, own):
    client = Client(headers={"host": "localhost"})
    for asked, named in (
        ("hours=1&nosuch=2", "hours, nosuch"),
        ("hours=x", "hours"),
        ("json&hours=1", "hours"),
    ):
        assert client.get(f"/?{asked}").headers["X-Ignored-Parameters"] == named
    assert "X-Ignored-Parameters" not in client.get("/?timestamp=1&theme=dark").headers
