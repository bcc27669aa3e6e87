"""What schedulers say of files, addresses and people stays with the entitled."""

import re

import pytest

from bigpandamon_htcondor.hiding import cleaned
from bigpandamon_htcondor.models import BatchEvent
from bigpandamon_htcondor.store import store
from tests.plugins.htcondor.conftest import JOBS
from tests.plugins.htcondor.world import NOW, unix

NAME = "q@h.example#1.0#1"
PAGE = "/htcondor/job/q@h.example%231.0%231/"
TELLING = (
    "Transfer output failure by a: STARTER at 10.0.0.33 could not write /home/bob/out to"
    " <10.0.0.33:9618?addrs=10.0.0.33-9618&alias=n1.example>; ask bob@lab.example, token=sesame1,"
    " eyJhbGciOi.eyJzdWIi.c2lnbmF0 at https://se.example:8443/bob/x?authz=sesame2"
)
HIDDEN = ("/home", "10.0.0.33", "9618", "bob", "sesame", "eyJ", "authz")
PLACES = (PAGE, f"{PAGE}?json", "/htcondor/jobs/", f"{JOBS}?hours=none", "/htcondor/held/",
          "/htcondor/htcondorapi/jobs/", f"{JOBS}/q@h.example%231.0%231")  # fmt: skip


@pytest.fixture
def told(pool, noon):
    ad = {
        "GlobalJobId": NAME, "JobStatus": 5, "Owner": "a", "HoldReasonCode": 12, "HoldReason": TELLING,
        "AccountingGroup": "group_zoe.prod", "AcctGroup": "group_zoe", "ProjectName": "zoe-thesis",
        "RemoteHost": "<10.0.0.33:9618?x>", "executable": "/home/bob/run.sh",
        "QDate": unix(NOW), "ServerTime": unix(NOW),
    }  # fmt: skip
    assert store([ad], NOW).stored == 1
    BatchEvent.objects.create(globaljobid=NAME, moment=NOW, number=12, text=TELLING)
    return pool


def test_texts_are_without_places_addresses_and_secrets(told, accounts):
    monitor = told()
    for url in PLACES:
        content = re.sub(r"10\.0\.0\.33(?=<|\")", "", monitor.client.get(url).content.decode())  # the node
        assert [one for one in HIDDEN if one in content] == [], url
    assert "could not write (path) to (address)" in monitor.json(PAGE)["Reason"]
    accounts.make("rea", "readers")
    headers = {"authorization": f"Token {accounts.token('rea', 'personal')}"}
    whole = monitor.client.get(f"{PAGE}classad/", headers=headers).json()
    assert (whole["ClassAd"]["HoldReason"], whole["Events"][0]["Text"]) == (TELLING, TELLING)
    assert monitor.get(f"{PAGE}classad/").status_code == 403


@pytest.mark.parametrize("mode", ["none", "pseudonyms"])
def test_hidden_names_are_whole_words_and_groups_are_among_them(told, mode):
    monitor = told(f'[privacy]\nanonymous = "{mode}"\n')
    for url in PLACES:
        assert "zoe" not in monitor.client.get(url).content.decode(), url
    name = "(name not shown)" if mode == "none" else "user-"
    assert monitor.json(PAGE)["Reason"].startswith(f"Transfer output failure by {name}")
    assert "zoe-thesis" not in str(monitor.json(PAGE)["Attributes"])


@pytest.mark.parametrize(
    "text",
    [
        "The job attribute OnExitHold expression '( ExitCode =!= 0 )' evaluated to TRUE",
        "Error from slot1_2@n1.example.org: memory 5/2 used, release 3.5.1 and/or 10%",
        "Invalid credential: expired at 2025-01-02 10:11:12",
        "via condor_rm (by user bob)",
    ],
)
def test_what_is_harmless_stays(text):
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'/afs/a b/c' is missing", "'(path)' is missing"),
        ("see file=/x/y:/home/bob, ~bob/z or ../y", "see file=(path):(path), (path) or (path)"),
        (r"C:\Users\bob\x", "(path)"),
        ("Authorization: Bearer abcdef123456", "Authorization: (secret)"),
        ("QUJD/REVGR0hJSktMTU5PUFFSU1RVVldYWVph+YmNkZWZnaGlqa2xtbm9w1==", "(secret)"),
        ("root://u:p@se.example//eos/bob?x=1", "root://se.example/(path)"),
        ("<[2001:db8::1]:9618?alias=n>", "(address)"),
    ],
)
def test_marks(text, told):
    assert cleaned(text) == told


def test_a_gateway_is_named_without_whom_it_is_asked_as(pool, noon):
    ad = {"GlobalJobId": NAME, "JobStatus": 2, "Owner": "svc", "ServerTime": unix(NOW),
          "GridResource": "batch slurm alice@login.example --rgahp-nokey"}  # fmt: skip
    assert store([ad], NOW).stored == 1
    monitor = pool('[privacy]\nanonymous = "none"\n')
    for url in (*PLACES, "/htcondor/pools/", "/htcondor/pools/?json", "/htcondor/jobs/?format=csv"):
        content = monitor.client.get(url).content.decode()
        assert "alice" not in content, url
    assert "batch slurm login.example" in monitor.client.get("/htcondor/jobs/").content.decode()
