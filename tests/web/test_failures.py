"""A database that fails: 503 with what and since when, or the last good answer, marked."""

import time
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from bigpandamon_core.sources import failures
from bigpandamon_core.sources.failure_codes import Failure
from bigpandamon_core.web import answers, kept
from tests.instance.databases import Databases


@pytest.fixture(autouse=True)
def _anew():
    yield
    for alias in ("panda", "default"):
        failures.answered(alias)


@pytest.fixture
def down(monkeypatch):
    """`down()`: from then on the PanDA database gives no answer."""

    def refuse(*_arguments, **_more):
        raise OperationalError("no words of a driver for clients")

    def begin(code=None):
        connections["panda"].close()
        monkeypatch.setattr(connections["panda"], "connect", refuse)

    yield begin
    monkeypatch.undo()


def test_the_last_good_answer_stands_in(panda, keeping, client, down):
    panda.job()
    good = client.get("/jobs/?json")
    keeping.forward(3599)
    down()
    stale = client.get("/jobs/?json")
    assert (stale.status_code, stale.content) == (200, good.content)
    assert (stale["X-Cache"], stale["Age"], stale["X-Stale"]) == ("stale", "3599", "3599")
    assert stale["Warning"] == '110 - "Response is Stale"'
    assert "Expires" not in stale


def test_a_stale_page_is_another_page(panda, keeping, client, down):
    good = client.get("/jobs/")
    keeping.forward(600)
    down()
    stale = client.get("/jobs/", headers={"if-none-match": good["ETag"], "accept-encoding": "gzip"})
    assert stale.status_code == 200
    assert stale["ETag"] != good["ETag"]
    text = stale.content.decode()
    assert "does not answer since 2026-03-01T12:10:00 UTC." in text
    assert "made 10\u00a0min\u00a0ago" in text
    assert len(text) > len(good.content.decode())


def test_not_for_ever(panda, clock, configured, client, down):
    configured('[cache]\nkind = "memory"\nlast_good_seconds = 3600')
    client.get("/jobs/?json")
    down()
    clock.forward(3600)
    assert client.get("/jobs/?json").status_code == 200
    clock.forward(1)
    assert client.get("/jobs/?json").status_code == 503


def test_nobody_gets_what_was_made_for_another(panda, keeping, client, down):
    client.get("/jobs/?json&computingsite=A")
    keeping.forward(600)
    down()
    for address in ("/jobs/?json&computingsite=B", "/jobs/?computingsite=A", "/jobs/?json"):
        assert client.get(address).status_code == 503


def test_timestamp_wants_no_older_answer(panda, keeping, client, down):
    client.get("/jobs/?json")
    down()
    assert client.get("/jobs/?json&timestamp=1").status_code == 503


def test_a_kept_answer_needs_no_database(panda, keeping, client, down):
    client.get("/jobs/?json")
    down()
    assert client.get("/jobs/?json")["X-Cache"] == "hit"


def test_what_does_not_pass_by_itself_gets_no_older_answer(panda, keeping, client):
    pandaid = panda.job()
    assert client.get(f"/job/{pandaid}/?json").status_code == 200
    panda.clear()
    keeping.forward(600)
    assert client.get(f"/job/{pandaid}/?json").status_code == 404


def test_since_when_stays_until_it_answers(panda, clock, client, down, monkeypatch):
    down()
    first = client.get("/jobs/?json").json()["error"]
    clock.forward(60)
    assert client.get("/jobs/?json").json()["error"] == first
    monkeypatch.undo()
    assert client.get("/jobs/?json").status_code == 200
    down()
    assert client.get("/jobs/?json").json()["error"] != first


def test_the_words_of_the_driver_go_to_the_log(panda, client, down, caplog):
    down()
    response = client.get("/jobs/?json")
    assert "no words of a driver" not in response.content.decode()
    assert "no words of a driver" in caplog.text


def test_our_own_database_is_told_as_ours(panda, client, monkeypatch):
    def refuse(*_arguments, **_more):
        raise OperationalError("gone")

    monkeypatch.setattr("bigpandamon_core.queries.lookups.pandaids_of", refuse)
    response = client.get("/jobs/?json&origin=file.csv")
    assert response.status_code == 503
    assert "monitor's own database" in response.json()["error"]


# --- a database that lets everybody wait


@pytest.fixture
def hanging(monkeypatch):
    """Asking takes long and ends in nothing; how often it was asked."""
    asked = []

    def wait(*_arguments):
        asked.append(1)
        raise failures._away("panda", Failure.UNREACHABLE)

    monkeypatch.setattr(answers, "_answer", wait)
    monkeypatch.setattr(answers, "IN_VAIN_SECONDS", -1)
    return asked


def test_who_was_waited_for_in_vain_is_left_alone(panda, client, hanging):
    assert {client.get("/jobs/?json").status_code for _ in range(5)} == {503}
    assert len(hanging) == 1


def test_meanwhile_the_last_good_answer_is_given_at_once(panda, keeping, client, hanging, monkeypatch):
    monkeypatch.undo()
    client.get("/jobs/?json")
    keeping.forward(600)
    failures.rest("panda", failures._away("panda", Failure.UNREACHABLE))
    assert client.get("/jobs/?json")["X-Cache"] == "stale"
    assert client.get("/jobs/?json&timestamp=1").status_code == 503


def test_after_a_while_one_tries_again(panda, client, hanging, monkeypatch):
    client.get("/jobs/?json")
    moment = time.monotonic() + failures.REST_SECONDS
    monkeypatch.setattr(failures, "monotonic", lambda: moment)
    for _ in range(3):
        client.get("/jobs/?json")
    assert len(hanging) == 2


def test_when_it_answers_everybody_asks_it_again(panda, client, hanging, monkeypatch):
    client.get("/jobs/?json")
    monkeypatch.undo()
    assert client.get("/jobs/?json").status_code == 503
    failures.answered("panda")
    assert client.get("/jobs/?json").status_code == 200


# --- connections that are none any more


def ended(databases: Databases, alias: str = "panda") -> None:
    """End the connection of this thread from the server's side."""
    connection = connections[alias]
    connection.ensure_connection()
    assert databases.server
    with connection.cursor() as cursor:
        if databases.kind == "mariadb":
            cursor.execute("/* health.ping */ SELECT CONNECTION_ID()")
            databases.server.run(f"KILL CONNECTION {cursor.fetchone()[0]}")
        else:
            cursor.execute("/* health.ping */ SELECT pg_backend_pid()")
            databases.server.run(f"SELECT pg_terminate_backend({cursor.fetchone()[0]})")


@pytest.mark.parametrize("address", ["/jobs/", "/jobs/?json", "/job/{pandaid}/?json", "/api/v1/jobs"])
def test_a_connection_the_server_ended_is_replaced(panda, client, private_databases, address):
    if private_databases.server is None:
        pytest.skip("SQLite has no server")
    pandaid = panda.job()
    ended(private_databases)
    assert client.get(address.format(pandaid=pandaid)).status_code == 200


def test_it_is_tried_once_more_and_not_again(panda, client, monkeypatch):
    times = []

    def lose(*_arguments):
        times.append(1)
        raise failures._away("panda", Failure.LOST)

    monkeypatch.setattr(answers, "_answer", lose)
    assert client.get("/jobs/?json").status_code == 503
    assert len(times) == 2


def test_after_a_long_wait_it_is_not_tried_again(panda, client, monkeypatch):
    times = []

    def lose(*_arguments):
        times.append(1)
        raise failures._away("panda", Failure.LOST)

    monkeypatch.setattr(answers, "_answer", lose)
    monkeypatch.setattr(answers, "ONCE_MORE_SECONDS", -1)
    assert client.get("/jobs/?json").status_code == 503
    assert len(times) == 1


def test_a_page_without_the_place_for_the_note_stays_whole():
    assert kept.MAIN in (Path(kept.__file__).parents[1] / "templates/bigpandamon/base.html").read_bytes()
