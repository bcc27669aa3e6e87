"""/health: fast, honest, and telling what does not work."""

import time
from threading import Event

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder

from bigpandamon_core import __version__
from bigpandamon_core.sources import failures
from bigpandamon_core.state import pending
from bigpandamon_core.web import probes
from bigpandamon_core.web.probes import Probe
from tests.services.process import HOST, free_port
from tests.web.served import Monitor

LAST = "0009_hosts"


@pytest.fixture(autouse=True)
def _anew():
    probes.probes.cache_clear()
    yield
    probes.probes.cache_clear()
    for alias in ("panda", "default"):
        failures.answered(alias)


@pytest.fixture
def tables_before(own):
    """The tables are those of the release before."""
    call_command("migrate", pending.LABEL, pending.RUNS_ON, database=pending.OWN, verbosity=0)
    yield
    call_command("migrate", pending.LABEL, database=pending.OWN, verbosity=0)


def test_all_is_well(own_tables, panda_tables, client):
    response = client.get("/health")
    told = response.json()
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert response["Cache-Control"] == "no-store"
    assert (told["status"], told["version"]) == ("well", __version__)
    assert told["databases"]["default"]["answers"]
    assert told["databases"]["default"]["migrated"]
    assert told["databases"]["panda"]["answers"]
    assert told["cache"] == {"kind": "none"}
    assert told["plugins"] == []


def test_it_is_fast(own_tables, panda_tables, client):
    client.get("/health")
    begun = time.perf_counter()
    for _ in range(10):
        client.get("/health")
    assert (time.perf_counter() - begun) / 10 < 0.1


def broken(monkeypatch, alias, look):
    """A database that behaves so when it is looked at."""
    real = Probe._look

    def either(probe):
        return look() if probe.alias == alias else real(probe)

    monkeypatch.setattr(Probe, "_look", either)


@pytest.mark.parametrize("alias", ["panda", "default"])
def test_a_database_that_does_not_answer_is_told_since_when(
    own_tables, panda_tables, client, monkeypatch, alias
):
    def refuse():
        raise OperationalError("secret words of a driver")

    broken(monkeypatch, alias, refuse)
    first, again = client.get("/health"), client.get("/health")
    assert first.status_code == 503
    state = first.json()["databases"][alias]
    assert not state["answers"]
    assert state["since"] == again.json()["databases"][alias]["since"]
    assert first.json()["status"] == "unwell"
    assert "secret words" not in first.content.decode()
    monkeypatch.undo()
    assert client.get("/health").status_code == 200


def test_a_database_that_hangs_does_not_hold_it_up(own_tables, panda_tables, client, monkeypatch):
    go, asked = Event(), []

    def hang():
        asked.append(1)
        go.wait(10)

    monkeypatch.setattr(probes, "PATIENCE_SECONDS", 0.1)
    broken(monkeypatch, "panda", hang)
    begun = time.perf_counter()
    for _ in range(3):
        response = client.get("/health")
        assert response.status_code == 503
        assert not response.json()["databases"]["panda"]["answers"]
    assert time.perf_counter() - begun < 2
    assert len(asked) == 1
    go.set()
    monkeypatch.setattr(probes, "PATIENCE_SECONDS", 2)
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize(("lacking", "status"), [((LAST,), 200), ((pending.RUNS_ON, LAST), 503)])
def test_tables_of_the_release_before_do(own_tables, panda_tables, client, lacking, status):
    """Older ones do not."""
    recorder = MigrationRecorder(connections["default"])
    for name in lacking:
        recorder.record_unapplied("state", name)
    try:
        response = client.get("/health")
    finally:
        for name in lacking:
            recorder.record_applied("state", name)
    assert response.status_code == status
    told = response.json()["databases"]["default"]
    assert (told["migrated"], told["usable"]) == (False, status == 200)
    assert told["lacks"] == [f"state.{name}" for name in lacking]


def test_the_release_works_on_those_tables(tables_before, panda, client):
    panda.job()
    told = client.get("/health").json()
    assert told["status"] == "well"
    assert told["databases"]["default"]["lacks"] == [
        name for name in pending.pending() if name.startswith("state.")
    ]
    for path in ("/", "/jobs/", "/errors/", "/status_summary/?json", "/metrics"):
        assert client.get(path).status_code == 200


def test_no_connection_is_left_behind(own_tables, panda_tables, client):
    before = connections.all(initialized_only=True)
    client.get("/health")
    assert connections.all(initialized_only=True) == before


@pytest.mark.services
def test_looking_does_not_make_the_file_of_our_own_database(tmp_path):
    with Monitor(f"sqlite:///{tmp_path}/panda.sqlite3") as monitor:
        response = monitor.get("/health")
        assert response.status == 503
        assert not (monitor.folder / "own.sqlite3").exists()


def test_a_dead_cache_is_told_and_does_no_harm(own_tables, panda_tables, client, configured):
    dead = f"{HOST}:{free_port()}"
    configured(f'[cache]\nkind = "memcached"\nservers = ["{dead}"]')
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json()["cache"] == {"kind": "memcached", "servers": {dead: False}}
