"""What programs hand in: who may, what is refused, and that a refusal leaves nothing behind."""

import json

import pytest
from django.test import Client, override_settings

from tests.plugins.monitors import NAMES, registry, running

PATH = "/demo_vo/notes/"
ROLES = '\n[accounts.roles]\noperate = ["operators"]\n'
JSON = "application/json"


@pytest.fixture
def notes(accounts, panda_tables, monitor, tmp_path):
    from bigpandamon_demo_vo.models import Note
    from tests.plugins.monitors import configured

    folder = tmp_path / "roles"
    folder.mkdir()
    monitor("demo_vo", "quiet_vo")
    with override_settings(BIGPANDAMON=configured(folder, {}, ROLES)):
        yield Note.objects


@pytest.fixture
def client():
    return Client(headers={"host": "localhost"})


@pytest.fixture
def send(notes, accounts, client):
    accounts.make("ada", "operators")
    accounts.make("bob")
    keys = {"ada": accounts.token("ada", "operate"), "bob": accounts.token("bob")}

    def send(body, who="ada", kind=JSON, method="POST", **more):
        token = {"HTTP_AUTHORIZATION": f"Token {keys[who]}"} if who else {}
        data = body if isinstance(body, bytes) else json.dumps(body)
        return client.generic(method, PATH, data, content_type=kind, **token, **more)

    return send


def texts(notes):
    return sorted(notes.values_list("text", flat=True))


def test_what_is_handed_in_is_stored_and_written_down(send, notes, accounts):
    answer = send(["calm", "storm"])
    assert (answer.status_code, answer.json()) == (201, {"written": 2, "by": "ada"})
    assert answer["Cache-Control"] == "private, no-store"
    assert texts(notes) == ["calm", "storm"]
    assert accounts.done() == [("ada", "handed-in", "demo_vo-notes POST")]


def test_half_a_surrogate_pair_does_not_refuse_the_whole(send, notes):
    r"""Only what is half: pairs and escaped backslashes stay what they are."""
    body = rb'["half \ud800 \uDC00", "pair \ud83d\ude00 \u00e9", "text \\ud800"]'
    assert send(body).json()["written"] == 3
    assert texts(notes) == sorted(["half \ufffd \ufffd", "pair \U0001f600 \u00e9", "text \\ud800"])


def test_a_number_that_no_double_holds_does_not_refuse_the_whole(send, notes):
    """It stays as it was written; what looks like one within a text is none."""
    assert send(rb'["calm", 1e400, -2.5E+999, "a \" 1e400 \\"]').json()["written"] == 4
    assert texts(notes) == sorted(["calm", "1e400", "-2.5E+999", 'a " 1e400 \\'])
    assert send(b'["wind", 12]').status_code == 400


@pytest.mark.parametrize(
    ("how", "status", "told"),
    [
        ({"who": ""}, 401, "No token provided"),
        ({"who": "bob"}, 403, "This address is for those who may operate."),
        ({"kind": "text/plain"}, 415, "The body is not plain JSON"),
        ({"HTTP_CONTENT_ENCODING": "gzip"}, 415, "The body is not plain JSON"),
        ({"CONTENT_LENGTH": "100001"}, 413, "The body has 100,001 bytes"),
        ({"CONTENT_LENGTH": ""}, 411, "The body has no length"),
        ({"CONTENT_LENGTH": "-1"}, 411, "The body has no length"),
        ({"method": "PUT", "HTTP_ACCEPT": JSON}, 405, "PUT is not allowed here"),
        ({"body": b'["calm", '}, 400, "The body is not JSON"),
        ({"body": b"[" * 3000}, 400, "The body is not JSON"),
        ({"body": b'["\xff"]'}, 400, "The body is not JSON"),
        ({"body": b'["calm", 1e400, NaN]'}, 400, "The body is not JSON"),
        ({"body": b'[1e400, "' + rb"\"" * 20_000}, 400, "The body is not JSON"),
        ({"body": ["calm", 7]}, 400, "These are no notes"),
        ({"body": None}, 400, "These are no notes"),
    ],
)
def test_what_is_refused_leaves_nothing(send, notes, accounts, how, status, told):
    answer = send(**{"body": ["calm"]} | how)
    assert (answer.status_code, answer.json()["error"]) == (status, told)
    assert answer.json()["problem"]["remedy"]
    assert texts(notes) == []
    assert accounts.done() == []


def test_who_is_signed_in_by_a_browser_hands_in_nothing(send, notes, accounts):
    browser = accounts.browser("ada")
    answer = browser.post(PATH, ["calm"], content_type=JSON)
    assert (answer.status_code, texts(notes)) == (401, [])


def test_what_cannot_be_written_down_is_undone(send, notes, monkeypatch):
    from bigpandamon_core.accounts import audit
    from bigpandamon_core.domain.problems import Problem

    def full(*_):
        raise Problem("The disk is full", status=503)

    monkeypatch.setattr(audit, "note", full)
    assert send(["calm"]).status_code == 503
    assert texts(notes) == []


def test_reading_stays_what_it_was(send, client):
    send(["calm"])
    answer = client.get(PATH, {"json": ""})
    assert [one["text"] for one in answer.json()["notes"]] == ["calm"]
    assert client.get(PATH).content.count(b"calm") == 1


def test_the_description_of_the_api_tells_of_it(monitor):
    from bigpandamon_core.sections import openapi

    shown = monitor("demo_vo", "quiet_vo")
    told = openapi.document(shown.registry, "Zephyr", "1", "/")["paths"][PATH]
    assert set(told) == {"get", "post"}
    assert told["post"]["requestBody"]["content"][JSON]["schema"]["type"] == "array"


def test_a_restriction_of_the_section_holds_for_actions(send, notes, tmp_path):
    """Ada may hand in, and does not administer."""
    more = ROLES + '[sections.restricted]\ndemo_vo = "administer"\n'
    with running(registry(tmp_path, dict.fromkeys(NAMES, "enabled = true\n"), more=more)):
        answer = send(["calm"])
    assert (answer.status_code, texts(notes)) == (403, [])
    assert send(["calm"]).status_code == 201
