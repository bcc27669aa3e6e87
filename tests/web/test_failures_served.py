"""Whole instances whose database is killed, cut off, silent or gone."""

import re
import time
from collections.abc import Iterator

import pytest

from tests.services.process import HOST
from tests.web.served import Monitor

pytestmark = [pytest.mark.services, pytest.mark.once]
SHORT = '[cache]\nkind = "memory"\ndefault_seconds = 1\nstale_seconds = 0'
AWAY = re.compile(r"The PanDA database does not answer since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d UTC\.")


@pytest.fixture(scope="module")
def mariadb_database(mariadb_server):
    mariadb_server.run("CREATE DATABASE failing")
    return mariadb_server


@pytest.fixture(scope="module")
def postgresql_database(postgresql_server):
    postgresql_server.run("CREATE DATABASE failing")
    return postgresql_server


@pytest.fixture(params=["mariadb_database", "postgresql_database"])
def server(request):
    """A database server that the test may kill; it runs again afterwards."""
    found = request.getfixturevalue(request.param)
    yield found
    if not found.process.alive:
        found.start()


@pytest.fixture
def monitor(server) -> Iterator[Monitor]:
    with Monitor(server.url("failing"), SHORT) as made:
        made.command("migrate")
        made.command("demo", "schema")
        yield made


def test_a_killed_database(server, monitor):
    assert monitor.get("/jobs/?json").headers["X-Cache"] == "miss"
    assert monitor.get("/jobs/").status == 200
    server.process.kill()
    time.sleep(1.1)
    stale_json_and_page(monitor)
    refusals(monitor)
    health = monitor.get("/health")
    assert health.status == 503
    assert '"panda":{"answers":false,"since":"' in health.text
    assert "Traceback" not in monitor.log
    server.start()
    assert monitor.get("/jobs/?json&timestamp=1").status == 200
    assert monitor.get("/jobs/?json").headers["X-Cache"] in ("miss", "hit")
    assert monitor.get("/api/v1/jobs").status == 200
    assert monitor.get("/health").status == 200


def stale_json_and_page(monitor: Monitor) -> None:
    answer = monitor.get("/jobs/?json")
    assert answer.status == 200
    assert answer.headers["X-Cache"] == "stale"
    assert answer.headers["Warning"].startswith("110 ")
    assert int(answer.headers["X-Stale"]) >= 1
    assert answer.headers["Age"] == answer.headers["X-Stale"]
    assert answer.headers["Cache-Control"] == "max-age=0, no-store"
    assert answer.text.startswith('{"jobs":[]')
    page = monitor.get("/jobs/")
    assert page.status == 200
    assert AWAY.search(page.text)
    assert "last good answer" in page.text
    assert page.text.index('<main id="main"') < page.text.index("last good answer")


def refusals(monitor: Monitor) -> None:
    page, legacy = monitor.get("/jobs/?hours=7"), monitor.get("/jobs/?json&timestamp=1")
    modern = monitor.get("/api/v1/jobs")
    for answer in (page, legacy, modern):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert AWAY.search(answer.text)
        assert HOST not in answer.text
    assert page.headers["Content-Type"].startswith("text/html")
    assert legacy.headers["Content-Type"] == "application/json"
    assert modern.headers["Content-Type"] == "application/problem+json"


def test_a_cut_connection_is_not_noticed(server, fault_proxy):
    proxy = fault_proxy(server.port)
    with Monitor(server.url("failing", port=proxy.port), '[cache]\nkind = "none"') as monitor:
        monitor.command("migrate")
        monitor.command("demo", "schema")
        for _ in range(3):
            assert [monitor.get("/jobs/?json").status for _ in range(3)] == [200] * 3
            proxy.cut()
        proxy.refuse()
        assert monitor.get("/jobs/?json").status == 503
        proxy.accept()
        assert monitor.get("/jobs/?json").status == 200


def test_a_silent_database_does_not_hold_up_health(server, fault_proxy):
    proxy = fault_proxy(server.port)
    with Monitor(server.url("failing", port=proxy.port)) as monitor:
        monitor.command("migrate")
        assert monitor.get("/health").status == 200
        proxy.stall()
        begun = time.monotonic()
        assert monitor.get("/health").status == 503
        assert time.monotonic() - begun < 4
        proxy.resume()


def test_a_file_that_is_gone(tmp_path):
    file = tmp_path / "panda.sqlite3"
    with Monitor(f"sqlite:///{file}", SHORT) as monitor:
        monitor.command("migrate")
        monitor.command("demo", "schema")
        assert monitor.get("/jobs/?json").status == 200
        file.rename(tmp_path / "away")
        time.sleep(1.1)
        assert monitor.get("/jobs/?json").headers["X-Cache"] == "stale"
        refusals(monitor)
        assert monitor.get("/health").status == 503
        assert not file.exists()
        (tmp_path / "away").rename(file)
        assert monitor.get("/jobs/?json").status == 200
        assert monitor.get("/health").status == 200
