"""The box that finds everything: what a text may mean, and that its links lead to what it means."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bigpandamon_core.domain.privacy import Anonymous, Privacy
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.find import Finding
from tests.instance.factory import Panda

pytestmark = pytest.mark.usefixtures("own")


def meanings(text: str) -> list[tuple[str, str]]:
    return [(one["what"], one["text"]) for one in found(text)]


def found(text: str) -> list[dict[str, str]]:
    return Finding(Call((("q", text),), now(), settings.BIGPANDAMON.get, url="/find/")).meanings


@pytest.mark.parametrize("age_days", [0, 1, 400, 3000])
@pytest.mark.parametrize("in_tasks", [True, False])
def test_a_task_is_found_with_its_jobs_however_old(panda: Panda, age_days: int, in_tasks: bool):
    moment = now().replace(microsecond=0) - timedelta(days=age_days, minutes=1)
    table = "jobsarchived" if age_days > 100 else "jobsarchived4"
    for ago in (0, 20):
        panda.job(table, jeditaskid=8800, modificationtime=moment - timedelta(days=ago), attemptnr=1)
    if in_tasks:
        panda.task(jeditaskid=8800, creationdate=moment - timedelta(days=25))
    [task] = found("8800")
    assert task["what"] == "task"
    client = Client(headers={"host": "localhost"})
    if in_tasks:
        assert "<span>finished</span> <b>2</b>" in client.get(task["url"]).content.decode()
    else:
        assert len(client.get(task["url"] + "&json&fields=pandaid").json()["jobs"]) == 2


def test_a_number_that_nothing_has_means_nothing(panda: Panda):
    panda.job(jeditaskid=8800)
    assert meanings("8801") == []


def test_a_bare_code_is_an_error_of_every_component_known_to_have_it(panda: Panda):
    panda.row(ErrorDescriptions, id=1, component="ddm", code=77001, acronym="A")
    panda.row(ErrorDescriptions, id=2, component="pilot", code=77001, acronym="B")
    assert meanings("77001") == [("error", "dataservice 77001"), ("error", "pilot 77001")]
    assert ("error", "pilot 1099") in meanings("1099")
    assert ("error", "pilot 1099") in meanings("pilot error 1099")


def test_queues_that_only_jobs_name_are_found_where_none_is_defined(panda: Panda):
    panda.queue("DEFINED_QUEUE")
    for queue in ("Other_Queue", "Other_Queue", "ANOTHER"):
        panda.job(computingsite=queue, modificationtime=now() - timedelta(minutes=5))
    assert meanings("other") == [("queue", "ANOTHER"), ("queue", "Other_Queue")]
    assert meanings("queue") == [("queue", "DEFINED_QUEUE")]
    assert ("queue", "Other_Queue") in meanings("other_queue")


def test_of_several_texts_the_last_counts_and_that_is_said(panda: Panda):
    response = Client(headers={"host": "localhost"}).get("/find/?q=Cedar&q=Birch&sync=1&json")
    assert response.headers["X-Ignored-Parameters"] == "q, sync"


def test_a_text_that_is_no_name_is_told_of_the_box_itself(panda: Panda):
    with pytest.raises(Problem, match=r"The text aaaa.* has 5,000 characters") as refused:
        found("a" * 5000)
    assert refused.value.parameter == "q"
    assert found("a," * 500) == []


@pytest.mark.parametrize("text", ["/DC=ch/CN=x", "CN=*", "/DC=ch/CN=Jane"])
def test_certificate_subjects_are_nothing(panda: Panda, text: str):
    panda.job(produserid="/DC=ch/CN=Jane", produsername="/DC=ch/CN=Jane")
    assert found(text) == []


def test_a_task_is_found_by_its_whole_name_and_by_its_request(panda: Panda):
    first = panda.task(taskname="user.ada.x/", reqid=4711)
    newest = panda.task(taskname="user.ada.x/", reqid=4711)
    assert [(one["what"], one["url"]) for one in found("user.ada.x/")] == [
        ("task by name", f"/task/{newest}/")
    ]
    assert ("tasks so named", "user.*.x/, of the last days") in meanings("user.*.x/")
    assert Finding(Call((("q", "user*"),), now(), settings.BIGPANDAMON.get)).only == ""
    [request] = found("4711")
    assert request["what"] == "tasks of a request"
    client = Client(headers={"host": "localhost"})
    tasks = client.get(request["url"] + "&json&fields=jeditaskid").json()
    assert [task["jeditaskid"] for task in tasks] == [newest, first]
    assert meanings("4712") == []


def test_sites_and_regions_are_found_by_their_names(panda: Panda):
    panda.queue("Q_ONE", atlas_site="Willow-Lab", cloud="Shire")
    panda.queue("Q_TWO", atlas_site="Willow-Lab", cloud="Shire")
    assert [(one["what"], one["url"]) for one in found("willow-lab")] == [
        ("site", "/sites/?atlas_site.is=Willow-Lab")
    ]
    assert [(one["what"], one["url"]) for one in found("shire")] == [("region", "/dash/region/?region=Shire")]


def test_errors_are_found_by_words_of_what_they_mean(panda: Panda):
    panda.row(ErrorDescriptions, id=1, component="pilot", code=77001, description="The moon was in the way")
    [one] = found("moon was in")
    assert (one["what"], one["text"]) == ("error", "pilot:77001 The moon was in the way")
    assert one["url"] == "/errors/?piloterrorcode.is=77001"
    assert meanings("moo") == []


def test_users_lead_to_their_pages(panda: Panda):
    panda.job(produsername="Ann Ek", modificationtime=now() - timedelta(minutes=1))
    assert [one["url"] for one in found("ann ek")] == ["/user/Ann%20Ek/"]


def test_what_looks_like_a_script_is_told_of_the_box_itself(panda: Panda):
    with pytest.raises(Problem, match="Illegal request") as refused:
        found("<script>alert(1)</script>")
    assert refused.value.parameter == "q"


SAID: dict[str, Any] = {
    "piloterrorcode": 1305,
    "piloterrordiag": "Stage-out: No space left on device /scratch/7",
}


def test_words_that_failed_jobs_said(panda: Panda):
    """Of which nothing else has the name; each leads to the errors with that code."""
    moment = now() - timedelta(minutes=5)
    for _ in range(3):
        panda.job(jobstatus="failed", modificationtime=moment, **SAID)
    panda.job(
        jobstatus="failed", modificationtime=moment, ddmerrorcode=200, ddmerrordiag="no SPACE left there"
    )
    panda.job(jobstatus="finished", modificationtime=moment, **SAID | {"piloterrorcode": 1111})
    panda.job(jobstatus="failed", modificationtime=moment, piloterrorcode=1099, piloterrordiag="no input")
    told = [one for one in found("no space left") if one["what"] == "error message"]
    assert [one["text"] for one in told] == [
        f"pilot:1305 {SAID['piloterrordiag']}, said by 3 of the newest 5 failed jobs",
        "dataservice:200 no SPACE left there, said by 1 of the newest 5 failed jobs",
    ]
    client = Client(headers={"host": "localhost"})
    summed = client.get(f"{told[0]['url']}&json").json()["errsByCount"]
    assert {one["error"]: one["count"] for one in summed} == {"pilot:1305": 3}
    assert found("no time left") == []


def test_words_of_a_message_tell_no_hidden_name(panda: Panda):
    panda.job(
        jobstatus="failed", modificationtime=now() - timedelta(minutes=5), produsername="Ada Hidden",
        piloterrorcode=1305, piloterrordiag="no space for Ada Hidden here",
    )  # fmt: skip
    call = Call((("q", "for Ada Hidden"),), now(), settings.BIGPANDAMON.get, url="/find/")
    assert Finding(call).meanings
    hidden = replace(call, privacy=Privacy(Anonymous.NONE))
    assert Finding(hidden).meanings == []
