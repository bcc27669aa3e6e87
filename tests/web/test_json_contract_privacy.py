"""What anonymous callers see of persons: no certificate subject ever, names as the instance says."""

import json
from datetime import timedelta
from urllib.parse import quote, quote_plus

import pytest
from django.test import Client

from tests.instance.factory import Panda
from tests.web.compatible import ask, jobs
from tests.web.conftest import NOON, Configured

pytestmark = pytest.mark.usefixtures("own", "clock")
NAME, OTHER = "Ada Lovelace-Example", "Grace H. O'Example"
SUBJECT = "/DC=org/DC=example/CN=Ada Secret 4711"
AT = NOON - timedelta(minutes=5)
FORMS = """
    / /jobs/ /jobs/?json /jobs/?format=csv /jobs/?format=ndjson /jobs/?format=text /jobs/?limit=1
    /jobs/?view=produsername&order=alpha /jobs/?jeditaskid=7000&json
    /jobs/?json&datasets=1&fields=produsername,produserid,piloterrordiag /jobs/?json&fields=metastruct
    /jobs/?json&datasets=1&pandaid=501
    /api/v1/jobs /api/v1/jobs?format=csv&limit=5 /api/v1/jobs?fields=produserid,produsername
    /jobs/?format=csv&fields=pandaid,piloterrordiag /jobs/?format=ndjson&fields=jobname
    /api/v1/jobs?fields=pandaid,jobname,commandtopilot
    /api/v1/jobs?limit=1 /api/v1/jobs/summary /api/v1/jobs/501
    /job/501/ /job/501/?json /job/501/?format=text /find/?q=501&json /find/?q=pilot:1099
""".split()
HIDING = pytest.mark.parametrize("mode", ["pseudonyms", "none"])


@pytest.fixture(autouse=True)
def people(panda: Panda) -> None:
    """Two users with jobs; one's name stands in texts, too."""
    panda.job(
        pandaid=501, modificationtime=AT, jobstatus="failed", produsername=NAME, produserid=SUBJECT,
        piloterrorcode=1099, piloterrordiag=f"killed by {NAME}", commandtopilot=f"tobekilled {NAME}",
        jobname=f"job of {NAME}",
    )  # fmt: skip
    panda.job(pandaid=502, modificationtime=AT, produsername=OTHER, produserid=SUBJECT)
    panda.job(pandaid=503, modificationtime=AT, produsername=None, produserid=SUBJECT)
    panda.parameters(501, f"--user '{NAME}' --n 10")
    panda.metadata(501, json.dumps({"owner": NAME}))
    panda.file(501, lfn=f"user.{NAME}.log.tgz", jeditaskid=7000)
    panda.task(jeditaskid=7000, taskname=f"task of {NAME}", username=NAME)
    panda.worker(501, diagmessage=f"held by {NAME}")


def configure(configured: Configured, mode: str) -> None:
    configured(f'[privacy]\nanonymous = "{mode}"\n[cache]\nkind = "none"')


def told(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code in (200, 302), url
    headers = " ".join(response.headers.values())
    text: str = response.getvalue().decode() + headers
    return text


@pytest.mark.parametrize("url", FORMS)
@pytest.mark.parametrize("mode", ["names", "pseudonyms", "none"])
def test_no_certificate_subject_leaves(client: Client, configured: Configured, mode: str, url: str):
    configure(configured, mode)
    assert "Secret" not in told(client, url)


@pytest.mark.parametrize("url", FORMS)
@HIDING
def test_no_name_leaves(client: Client, configured: Configured, mode: str, url: str):
    configure(configured, mode)
    text = told(client, url)
    for name in (NAME, OTHER):
        for written in (name, quote(name), quote_plus(name), name.replace("'", "&#x27;"), name.split()[-1]):
            assert written not in text


def test_names_are_told_where_the_instance_says_so(client: Client):
    assert {job["pandaid"]: job["produsername"] for job in jobs(client)} == {
        501: NAME,
        502: OTHER,
        503: "Unknown",
    }
    assert NAME in told(client, "/jobs/")
    assert NAME in told(client, "/job/501/")


def test_pseudonyms_tell_users_apart(client: Client, configured: Configured, panda: Panda):
    configure(configured, "pseudonyms")
    panda.job(modificationtime=AT, produsername=NAME)
    by_number = {job["pandaid"]: job["produsername"] for job in jobs(client)}
    assert by_number[501] != by_number[502]
    assert by_number[503] == "Unknown"
    [part] = [part for part in ask(client)["selectionsummary"] if part["field"] == "produsername"]
    assert {value["kname"]: value["kvalue"] for value in part["list"]} == {
        by_number[501]: 2, by_number[502]: 1, "Not specified": 1,
    }  # fmt: skip


def test_without_names_all_are_one(client: Client, configured: Configured):
    configure(configured, "none")
    assert {job["produsername"] for job in jobs(client)} == {"Unknown"}
    [part] = [part for part in ask(client)["selectionsummary"] if part["field"] == "produsername"]
    assert part["list"] == [{"kname": "Not specified", "kvalue": 3}]


@pytest.mark.parametrize(
    "query",
    [
        "produsername=Ada*",
        "user=ada",
        "username=ada",
        f"produsername.is={quote(NAME)}",
        "sort=produsername",
        "taskname=x&username=ada",
        "jobname=*Ada*",
        "piloterrordiag=*Ada*",
        "destinationdblock=!*Ada*",
        "taskname=*Ada*&computingsite=A",
    ],
)
@HIDING
def test_hidden_names_cannot_be_asked_for(client: Client, configured: Configured, mode: str, query: str):
    """Whoever may try patterns finds out names letter by letter."""
    configure(configured, mode)
    for path in ("/jobs/?json&", "/api/v1/jobs?", "/api/v1/jobs/summary?"):
        assert client.get(path + query).status_code == 403
    assert "personal" in json.loads(client.get("/jobs/?json&" + query).content)["problem"]["code"]


@pytest.mark.parametrize(
    "query", ["produserid=*Secret*", f"produserid.is={quote(SUBJECT)}", "sort=-produserid"]
)
def test_certificate_subjects_can_never_be_asked_for(client: Client, query: str):
    for path in ("/jobs/?json&", "/api/v1/jobs?", "/jobs/?"):
        assert client.get(path + query).status_code == 403
