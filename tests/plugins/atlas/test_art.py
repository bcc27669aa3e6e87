"""ART tests: who may hand them in, what is refused, and what the pages make of results."""

import json
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bigpandamon_atlas.art_pages import change
from bigpandamon_atlas.models import ArtTest

ROLES = '\n[accounts.roles]\noperate = ["operators"]\n'
BRANCH = "main/Athena/x86_64-el9-gcc14-opt"
NIGHTS = ("2026-05-01T2101", "2026-05-02T2101", "2026-05-03T2101")


def one(test="test_a.sh", night=NIGHTS[0], **more):
    return {"branch": BRANCH, "nightly": night, "package": "Tracking", "test": test} | more


@pytest.fixture
def send(atlas, accounts, panda_tables, tmp_path):
    """send([…]) hands tests in as somebody who may; who="": without a token."""
    from tests.plugins.monitors import configured

    folder = tmp_path / "roles"
    folder.mkdir()
    client = Client(headers={"host": "localhost"})

    def run(tests, who="ada", path="/api/v1/atlas/art"):
        token = {"Authorization": f"Token {keys[who]}"} if who else {}
        body = json.dumps(tests if isinstance(tests, dict) else {"tests": tests})
        return client.post(path, body, content_type="application/json", headers=token)

    with override_settings(BIGPANDAMON=configured(folder, {}, ROLES)):
        accounts.make("ada", "operators")
        accounts.make("bob")
        keys = {"ada": accounts.token("ada", "operate"), "bob": accounts.token("bob")}
        yield run


@pytest.fixture
def nightlies(send, noon):
    """Three nightlies: a mended, b broken, c always well, d gone, e new, f not at its end."""
    results = {"a": "ffs", "b": "ssf", "c": "sss", "d": "ss.", "e": "..s", "f": "ssr"}
    words = {"s": "succeeded", "f": "failed", "r": "active"}
    for night, name in enumerate(NIGHTS):
        tests = [
            one(f"test_{letter}.sh", name, result=words[told[night]])
            for letter, told in results.items()
            if told[night] != "."
        ]
        assert send(tests).status_code == 201
    return results


def test_a_test_is_registered_then_told(send, accounts):
    assert send([one(pandaid=77)]).json() == {"registered": 1, "updated": 0}
    assert ArtTest.objects.get().result == "active"
    told = send([one(result="failed", exit_code=3, message="no such file")], path="/atlas/art/")
    assert (told.status_code, told.json()) == (201, {"registered": 0, "updated": 1})
    stored = ArtTest.objects.get()
    assert (stored.result, stored.pandaid, stored.exit_code, stored.message) == (
        "failed",
        77,
        3,
        "no such file",
    )
    assert [who for who, _, _ in accounts.done()] == ["ada", "ada"]


def test_what_a_test_does_not_say_stays(send):
    """Also where others of the list say it; and many take no more statements than few."""
    names = [f"test_{number}.sh" for number in range(40)]
    send([one(name, pandaid=number + 1) for number, name in enumerate(names)])
    with CaptureQueriesContext(connections["default"]) as caught:
        send([one(names[0], message="slow"), *(one(name, result="succeeded") for name in names[1:])])
    assert len(caught) < 25
    told = ArtTest.objects.order_by("pandaid").values_list("pandaid", "result", "message")
    assert list(told) == [(1, "active", "slow"), *((number, "succeeded", "") for number in range(2, 41))]


def test_only_who_may_operate_hands_in(send):
    assert [send([one()], who=who).status_code for who in ("", "bob")] == [401, 403]
    assert not ArtTest.objects.exists()


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"result": "great"}, "Test 2 of the list: result is none that is known"),
    ({"package": ""}, "package is no text that fits"),
    ({"package": " x"}, "package is no text that fits"),
    ({"branch": 7}, "branch is no text that fits"),
    ({"test": "x" * 121}, "test is no text that fits"),
    ({"message": "a\0b"}, "message is no text that fits"),
    ({"pandaid": "1"}, "pandaid is no whole number that fits"),
    ({"pandaid": 2**63}, "pandaid is no whole number that fits"),
    ({"exit_code": True}, "exit_code is no whole number that fits"),
    ({"owner": "ada"}, "has unknown fields: owner"),
    ({"nightly": "last night"}, "nightly is no moment"),
    ({"nightly": "2026-02-30T2101"}, "nightly is no moment"),
    ({"nightly": "2026-05-01T2561"}, "nightly is no moment"),
    ({"pandaid": 0}, "pandaid is the number of no job"),
    ({"pandaid": -7}, "pandaid is the number of no job"),
    ({"result": []}, "result is none that is known"),
)


def test_one_wrong_test_and_nothing_is_stored(send):
    for wrong, told in WRONG:
        answer = send([one("test_0.sh"), one(**wrong)])
        assert (answer.status_code, told in answer.content.decode()) == (400, True), wrong
    assert not ArtTest.objects.exists()


def test_a_body_without_tests_is_refused(send):
    bodies: tuple[dict[str, Any], ...] = ({}, {"tests": []}, {"tests": {}}, {"tests": [7]}, {"tests": [{}]})
    for body in bodies:
        assert send(body).status_code == 400, body


def test_packages_by_nightly_count_what_was_handed_in(atlas, nightlies):
    told = atlas.json("/atlas/art/")
    assert told["nightlies"] == list(reversed(NIGHTS))
    [row] = told["packages"]
    words = {"s": "succeeded", "f": "failed", "r": "active"}
    for night, name in enumerate(NIGHTS):
        expected = Counter(words[letters[night]] for letters in nightlies.values() if letters[night] != ".")
        assert row["nightlies"][name] == expected
    assert atlas.json("/atlas/art/", nights=1)["nightlies"] == [NIGHTS[2]]
    assert "3 of 5, 1 failed" in atlas.get("/atlas/art/").content.decode()


def test_a_test_that_comes_late_makes_no_nightly_newer(atlas, nightlies, send, noon):
    from bigpandamon_core.domain import window

    before = atlas.json("/atlas/art/Tracking/")["branches"][BRANCH]["tests"]
    window.set_clock(lambda: noon + timedelta(days=1))
    assert send([one("test_late.sh", NIGHTS[0], result="failed")]).status_code == 201
    assert atlas.json("/atlas/art/")["nightlies"] == list(reversed(NIGHTS))
    after = atlas.json("/atlas/art/Tracking/")["branches"][BRANCH]["tests"]
    assert [row for row in after if row["test"] != "test_late.sh"] == before


def test_names_of_nightlies_are_read_as_moments(send, atlas):
    for night in ("2026-05-01", "2026-05-01T2101", "2026-05-01T21:02", "2026-04-30T235959"):
        assert send([one(night=night)]).status_code == 201, night
    ArtTest.objects.filter(nightly="2026-05-01T2101").update(nightly="zulu")
    assert atlas.json("/atlas/art/")["nightlies"] == [
        "2026-05-01T21:02", "2026-05-01", "2026-04-30T235959", "zulu",
    ]  # fmt: skip


def test_results_have_their_colours_beside_links_to_jobs(send, atlas):
    results = {"succeeded": "good", "failed": "bad", "active": "running"}
    tests = [one(f"{result}.sh", result=result, pandaid=7 + n) for n, result in enumerate(results)]
    assert send(tests).status_code == 201
    page = atlas.get("/atlas/art/Tracking/").content.decode()
    for number, (result, group) in enumerate(results.items()):
        assert re.search(
            rf'<a class="state {group}" href="/job/{7 + number}/"><i[^>]*></i>{result}</a>', page
        )


def test_what_changed_since_the_nightly_before(atlas, nightlies):
    told = atlas.json("/atlas/art/Tracking/")
    changes = {row["test"][5]: row["change"] for row in told["branches"][BRANCH]["tests"]}
    assert changes == {
        "a": "mended",
        "b": "broken",
        "c": "same",
        "d": "gone",
        "e": "new",
        "f": "not known yet",
    }
    assert "1 broken since the nightly before" in atlas.get("/atlas/art/Tracking/").content.decode()


def test_how_stable_a_test_is(atlas, nightlies):
    tests = atlas.json("/atlas/art/Tracking/")["branches"][BRANCH]["tests"]
    stability = {row["test"][5]: row["stability"] for row in tests}
    assert stability == pytest.approx({"a": 100 / 3, "b": 200 / 3, "c": 100, "d": 100, "e": 100, "f": 100})
    last = atlas.json("/atlas/art/Tracking/", nights=1)["branches"][BRANCH]["tests"]
    assert {row["test"][5]: row["stability"] for row in last} == {
        "a": 100,
        "b": 0,
        "c": 100,
        "e": 100,
        "f": None,
    }


def test_what_is_not_known(atlas, own):
    assert atlas.get("/atlas/art/Nothing/").status_code == 404
    assert atlas.get("/atlas/art/", nights="x").status_code == 400
    assert "No test was handed in" in atlas.get("/atlas/art/").content.decode()


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (None, None, "in neither"), ("active", None, "new"), (None, "failed", "gone"),
        ("failed", "finished", "same"),
        ("succeeded", "active", "not known yet"), ("succeeded", "finished", "mended"),
    ],
    ids=range(6),
)  # fmt: skip
def test_changes(now, before, told):
    assert change(now, before) == told


def test_what_a_test_says_tells_no_certificate(send, atlas):
    send([one(result="failed", message="no proxy of /DC=ch/CN=Ada Lovelace found")])
    for form in ({}, {"json": ""}):
        text = atlas.get("/atlas/art/Tracking/", **form).content.decode()
        assert "no proxy of" in text
        assert "Lovelace" not in text
