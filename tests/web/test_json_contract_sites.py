"""`/sites/`, `/site/` and names of queues, as programs ask for them."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.state.queues import QueueChange
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
HOUR = timedelta(hours=1)
DOCUMENTS: dict[str, dict[str, Any]] = {
    "ALPHA": {
        "nickname": "ALPHA", "atlas_site": "SITE_A", "cloud": "NORTH", "region": "Uplands", "site": "SITE_A",
        "status": "online", "type": "unified", "resource_type": "GRID", "corecount": 8, "corepower": 10.5,
        "maxrss": 16000, "is_virtual": False, "copytools": {"rucio": {"setup": ""}, "gfal": {"setup": "x"}},
        "queues": [{"ce_name": "ce01", "ce_state": "ACTIVE"}], "comment": "", "nodes": None,
    },
    "BETA": {
        "nickname": "BETA", "atlas_site": "SITE_A", "cloud": "NORTH", "status": "offline", "type": "special",
        "resource_type": "hpc", "corecount": 1, "copytool": "mv", "comment": "down | for good",
        "prodSourceLabel": "managed", "catchall": "one=1,two=2",
    },
    "alpha": {"nickname": "alpha", "cloud": "SOUTH", "status": "test", "corecount": "8",
              "copytools": {"mv": {}}},
}  # fmt: skip
ALL = ["ALPHA", "BETA", "alpha"]


@pytest.fixture
def queues(panda) -> None:
    for name, document in DOCUMENTS.items():
        panda.row(SchedconfigJson, panda_queue=name, data=document, last_update=NOON - 3 * HOUR)


def names(client, **asked: object) -> list[str]:
    return [one["nickname"] for one in ask(client, "/sites/", **asked)]


@pytest.mark.usefixtures("queues")
def test_queues_are_told_as_they_are_stored(client):
    assert ask(client, "/sites/") == [DOCUMENTS[name] for name in ALL]


@pytest.mark.usefixtures("queues")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "online"}, ["ALPHA"]),
        ({"status": "Online"}, []),
        ({"status": "online|test"}, ["ALPHA", "alpha"]),
        ({"status": "!online"}, ["BETA", "alpha"]),
        ({"status": "!online|test"}, ["BETA"]),
        ({"status": "o*"}, ["ALPHA", "BETA"]),
        ({"status": "o*|!*line"}, []),
        ({"status": "!*"}, []),
        ({"nickname": "*LPHA"}, ["ALPHA"]),
        ({"nickname": "a*"}, ["alpha"]),
        ({"panda_queue": "ALPHA"}, ["ALPHA"]),
        ({"queuestatus": "offline"}, ["BETA"]),
        ({"queuesite": "SITE_A"}, ["ALPHA"]),
        ({"corecount": 8}, ["ALPHA", "alpha"]),
        ({"corecount": "!8"}, ["BETA"]),
        ({"corepower": "10*"}, ["ALPHA"]),
        ({"maxrss": "16000|1"}, ["ALPHA"]),
        ({"maxrss": "Not specified"}, ["BETA", "alpha"]),
        ({"corepower": "*"}, ["ALPHA"]),
        ({"corepower": "10.5"}, ["ALPHA"]),
        ({"is_virtual": "False"}, ["ALPHA"]),
        ({"prodsourcelabel": "managed"}, ["BETA"]),
        ({"catchall": "one=1,two=2"}, ["BETA"]),
        ({"copytool": "rucio"}, ["ALPHA"]),
        ({"copytool": "mv"}, ["BETA", "alpha"]),
        ({"copytool": "!mv"}, ["ALPHA"]),
        ({"copytool": "g*|r*"}, ["ALPHA"]),
        ({"queues": "*ce01*"}, ["ALPHA"]),
        ({"site": "NOWHERE", "region": "NOWHERE"}, ALL),
        ({"no_such_property": "x", "hours": 1}, ALL),
        ({"status.is": "online"}, ["ALPHA"]),
        ({"catchall.is": "one=1,two=2"}, ["BETA"]),
        ({"comment.is": "down | for good"}, ["BETA"]),
        ({"maxrss.is": "Not specified"}, ["BETA", "alpha"]),
        ({"cloud": "NORTH", "type": "special"}, ["BETA"]),
        ({"last_update": "2026-03-01*"}, ALL),
        ({"sort": "-nickname"}, ["alpha", "BETA", "ALPHA"]),
        ({"sort": "corecount"}, ["BETA", "ALPHA", "alpha"]),
        ({"sort": "-maxrss"}, ALL),
        ({"limit": 2}, ["ALPHA", "BETA"]),
        ({"STATUS": "online"}, ["ALPHA"]),
    ],
    ids=str,
)  # fmt: skip
def test_any_property_filters_case_counts(client, asked, found):
    assert names(client, **asked) == found


@pytest.mark.usefixtures("queues")
def test_words_that_are_no_properties_are_said_or_refused(client):
    told = client.get("/sites/?json&status=online&nonsense=1&region=x").headers["X-Ignored-Parameters"]
    assert told == "nonsense, region"
    page = client.get("/sites/?status=online&nonsense=1").content.decode()
    assert '<b title="online">' in page
    assert '<b title="1">' not in page
    for asked in ("nonsense=1", "region=x", "hours=1"):
        answer = client.get(f"/api/v1/sites?{asked}")
        assert (answer.status_code, answer.json()["parameter"]) == (400, asked.partition("=")[0])
    assert client.get("/api/v1/sites?prodsourcelabel=managed").json()["meta"]["total"] == 1


@pytest.mark.usefixtures("queues")
def test_queues_page_by_page_and_as_rows(client):
    url, seen = "/api/v1/sites?limit=1&sort=-status", []
    while url:
        answer = client.get(url).json()
        seen += [one["panda_queue"] for one in answer["data"]]
        url = answer["links"]["next"]
    assert seen == ["alpha", "ALPHA", "BETA"]
    one = client.get("/api/v1/sites?status=online").json()["data"][0]
    assert one["queues"] == DOCUMENTS["ALPHA"]["queues"]
    assert one["last_update"] == "2026-03-01T09:00:00"
    csv = client.get("/sites/?format=csv&fields=panda_queue,copytools").content.decode()
    assert csv.splitlines()[:2] == ["panda_queue,copytools", 'ALPHA,"gfal = setup = x, rucio = setup = "']
    assert client.get("/api/v1/sites?after=WyJAIiwgIkdPTkUiXQ").status_code == 400
    assert client.get("/sites/?format=text").content.decode().splitlines()[-1].endswith("3 queues")


@pytest.mark.usefixtures("queues")
def test_counts_of_the_page_open_what_they_count(client):
    page = client.get("/sites/").content.decode()
    assert "<h1>3 queues</h1>" in page
    links = re.findall(
        r'href="(/sites/\?[^"]*\.is=[^"]*)"[^>]*>(?:<i[^>]*></i>)?<span>[^<]*</span> <b>(\d+)</b>', page
    )
    assert len(links) >= 3
    for link, count in links:
        assert len(client.get(html.unescape(link) + "&json").json()) == int(count)
    assert 'href="/site/ALPHA/"' in page


@pytest.mark.parametrize(
    "query", ["status=", "status=!", "status=%7C", "limit=x", "sort=nonsense", "queuetier=!", "maxrss=1*"]
)
def test_what_cannot_be_read_is_refused(client, panda, query):
    status, body = refused(client, f"/sites/?{query}&json")
    assert status == 400
    assert query.partition("=")[0] in body["error"]


def test_none_is_an_empty_array(client, panda):
    assert ask(client, "/sites/") == []
    assert ask(client, "/sites/", status="online") == []


def test_what_is_personal_is_never_told(client, panda):
    secret = {
        "email": "ada@example.org", "dn": "/DC=org/CN=Ada Byron", "comment": "ask ada.b+x@example.org first",
        "params": {"contact": ["<ada@example.org>"], "dn": "/DC=org/CN=Ada Byron"},
        "special_par": "proxy of /DC=org/DC=users/CN=Ada Byron", "status": "online",
    }  # fmt: skip
    panda.queue("SECRET", **secret)
    changes = {name: {"old": value, "new": "x"} for name, value in secret.items()}
    QueueChange.objects.create(
        queue="SECRET", seen_at=NOON, kind="changed", status="online", digest="0", changes=changes
    )
    for address in (
        "/sites/?json", "/sites/", "/sites/?format=csv", "/sites/?format=ndjson", "/sites/?fields=comment",
        "/api/v1/sites", "/site/SECRET/", "/site/SECRET/?json", "/site/SECRET/?format=text",
        "/api/v1/sites/SECRET",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert b"Byron" not in answer.getvalue(), address
        assert b"example.org" not in answer.getvalue(), address
    assert "ask (not shown) first" in client.get("/sites/?json").content.decode()
    for name, pattern in (("comment", "*ada*"), ("params", "*example*"), ("special_par", "*users*")):
        assert names(client, **{name: pattern}) == []
    for asked in ("email=*ada*", "dn=*"):
        assert refused(client, f"/sites/?json&{asked}")[0] == 403


@pytest.mark.usefixtures("queues")
def test_names_of_queues_for_scripts_of_pages(client):
    script = {"X-Requested-With": "XMLHttpRequest"}
    for term, found in (("lph", ["ALPHA", "alpha"]), ("BET", ["BETA"]), ("", ALL), ("zzz", [])):
        answer = client.get(f"/api/get_sites/?term={term}", headers=script)
        assert (answer.status_code, answer.json()) == (200, found)
        assert answer.headers["Content-Type"] == "application/json"
    assert client.get("/api/get_sites/?term=A").status_code == 400


@pytest.mark.usefixtures("queues")
@pytest.mark.parametrize("mode", ["names", "pseudonyms", "none"])
def test_properties_are_asked_for_alike_whatever_names_are_shown(client, configured, mode):
    configured(f'[privacy]\nanonymous = "{mode}"')
    assert names(client, nickname="*LPHA", sort="atlas_site") == ["ALPHA"]
