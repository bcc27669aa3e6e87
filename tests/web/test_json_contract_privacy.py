"""What anonymous callers see of persons: no certificate subject ever, names as the instance says."""

import base64
import json
from datetime import timedelta
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from django.test import Client

from bigpandamon_core.domain.cursors import OF_THE_ROW, write_cursor
from tests.instance.factory import Panda
from tests.web.compatible import ask, jobs
from tests.web.conftest import NOON, Configured

pytestmark = [pytest.mark.usefixtures("own", "clock"), pytest.mark.once]
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
    /jobs/?order=failing /jobs/?view=homepackage
    /job/504/ /job/504/?json /job/504/?format=text /api/v1/jobs/504 /job/?jobname=user.adalove.x&json
    /jobs/?sort=pandaid&limit=1 /jobs/?jeditaskid=7000 /jobs/?jeditaskid=7000&json&fields=metastruct
    /job/501/ /job/501/?json /job/501/?format=text /find/?q=501&json /find/?q=pilot:1099
""".split()
HIDING = pytest.mark.parametrize("mode", ["pseudonyms", "none"])


@pytest.fixture(autouse=True)
def people(panda: Panda) -> None:
    """Two users with jobs; one's name stands in texts, too."""
    panda.job(
        pandaid=501, modificationtime=AT, jobstatus="failed", produsername=NAME, produserid=SUBJECT,
        piloterrorcode=1099, piloterrordiag=f"killed by {NAME}", commandtopilot=f"tobekilled {NAME}",
        jobname=f"job of {NAME}", homepackage=f"package of {NAME.upper()}",
    )  # fmt: skip
    panda.job(pandaid=502, modificationtime=AT, produsername=OTHER, produserid=SUBJECT)
    panda.job(pandaid=503, modificationtime=AT, produsername=None, produserid=SUBJECT)
    panda.parameters(501, f"--user '{NAME}' --n 10")
    panda.metadata(501, json.dumps({"owner": NAME}))
    panda.file(501, lfn=f"user.{NAME}.log.tgz", jeditaskid=7000)
    panda.task(jeditaskid=7000, taskname=f"task of {NAME}", username=NAME)
    panda.worker(501, diagmessage=f"held by {NAME}")
    panda.job(
        pandaid=504, modificationtime=AT, jobstatus="failed", produsername=NAME, produserid=SUBJECT,
        taskbuffererrorcode=100, taskbuffererrordiag=f"killed by {SUBJECT}", homepackage=SUBJECT,
        jeditaskid=7000,
        jobname="user.adalove.x", destinationdblock="user.adalove.x/", commandtopilot=f"by {NAME.lower()}",
    )  # fmt: skip
    panda.parameters(504, f"--dn '{SUBJECT}' --user {NAME.lower()}")
    panda.metadata(
        504, json.dumps({"owner": NAME, "dn": "CN=Ada Secret 4711,DC=example", "x": {SUBJECT: NAME}})
    )


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
            assert written.lower() not in text.lower()
    assert "adalove" not in text.replace(url, "")


def test_names_are_told_where_the_instance_says_so(client: Client):
    assert {job["pandaid"]: job["produsername"] for job in jobs(client)} == {
        501: NAME,
        502: OTHER,
        503: "Unknown",
        504: NAME,
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
        by_number[501]: 3, by_number[502]: 1, "Not specified": 1,
    }  # fmt: skip


def test_without_names_all_are_one(client: Client, configured: Configured):
    configure(configured, "none")
    assert {job["produsername"] for job in jobs(client)} == {"Unknown"}
    [part] = [part for part in ask(client)["selectionsummary"] if part["field"] == "produsername"]
    assert part["list"] == [{"kname": "Not specified", "kvalue": 4}]


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
        "commandtopilot=*Ada S*",
        "lockedby=ada*",
        "homepackage=*ada|x",
        "transformation=ada",
        "sort=commandtopilot",
        "sort=-jobname",
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
    "query",
    [
        "produserid=*Secret*",
        f"produserid.is={quote(SUBJECT)}",
        "sort=-produserid",
        "taskbuffererrordiag=*CN=Ada*",
        "taskbuffererrordiag=*N=Ada*",
        f"jobname.is={quote(SUBJECT)}",
        f"computingsite={quote(SUBJECT)}",
        f"sort=piloterrordiag&after={write_cursor('killed by ' + SUBJECT[:20], 1)}",
        "user=CN%3DAda,DC%3Dx",
    ],
)
def test_certificate_subjects_can_never_be_asked_for(client: Client, query: str):
    for path in ("/jobs/?json&", "/api/v1/jobs?", "/jobs/?"):
        assert client.get(path + query).status_code == 403


SORTED = ("sort=taskbuffererrordiag", "sort=-taskbuffererrordiag", "sort=homepackage", "sort=jobname")


@pytest.mark.parametrize("query", SORTED)
def test_a_list_by_texts_that_hold_subjects_goes_on_to_its_end(client: Client, panda: Panda, query: str):
    """The place to continue from holds nothing that the rows do not."""
    for number in range(600, 609):
        subject = f"/DC=x/CN=Secret {number % 4}"
        panda.job(pandaid=number, modificationtime=AT, jobstatus="failed", taskbuffererrorcode=1,
                  taskbuffererrordiag=f"by {subject}", homepackage=subject)  # fmt: skip
    url, found = f"/api/v1/jobs?limit=2&fields=pandaid&{query}", list[int]()
    while url:
        answer = client.get(url).json()
        found += [row["pandaid"] for row in answer["data"]]
        url = answer["links"]["next"]
        place = parse_qs(urlsplit(url or "").query).get("after", [""])[0]
        assert "Secret" not in base64.urlsafe_b64decode(place + "==").decode()
    assert sorted(found) == [501, 502, 503, 504, *range(600, 609)]


def test_a_place_of_a_job_that_is_gone_is_told(client: Client):
    place = write_cursor(OF_THE_ROW, 999)
    assert client.get(f"/api/v1/jobs?sort=homepackage&after={place}").status_code == 400


@HIDING
def test_values_that_are_no_names_stay(client: Client, configured: Configured, panda: Panda, mode: str):
    configure(configured, mode)
    for number, name in ((701, "ed"), (702, "panda"), (703, "managed"), (704, "finished")):
        panda.job(pandaid=number, modificationtime=AT, jobstatus="finished", produsername=name, vo="panda",
                  prodsourcelabel="managed", jobname="unnamed")  # fmt: skip
    for job in jobs(client, pandaid="701,702,703,704"):
        told = (job["jobstatus"], job["vo"], job["prodsourcelabel"], job["jobname"])
        assert told == ("finished", "panda", "managed", "unnamed")


@HIDING
@pytest.mark.parametrize(
    "query",
    ["computingsite=*A*", "jobstatus=failed", "jobtype=production", "processor_type=gpu", "wn=node",
     "jobname=x",
     "processingtype=man*", "atlasrelease=*21*", "pilotversion=3", "sort=computingsite", "piloterrordiag=*",
     "homepackage.is=a*b", "transformation.is=x", "specialhandling=x", "harvesterinstance=all"],
)  # fmt: skip
def test_what_names_nobody_can_be_asked_for(client: Client, configured: Configured, mode: str, query: str):
    configure(configured, mode)
    for path in ("/jobs/?json&", "/api/v1/jobs?"):
        assert client.get(path + query).status_code == 200


@pytest.mark.parametrize(
    ("mode", "why"),
    [("names", "subjects are shown to nobody"), ("none", "not shown here (privacy.anonymous)")],
)
def test_why_something_cannot_be_asked_for(client: Client, configured: Configured, mode: str, why: str):
    configure(configured, mode)
    response = client.get("/jobs/?produserid=abc&json")
    assert (response.status_code, why in response.json()["problem"]["remedy"]) == (403, True)
