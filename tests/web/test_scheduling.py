"""What /health and /metrics tell of periodic tasks: read when it is asked for, from the own database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from bigpandamon_core.sources import failures
from bigpandamon_core.state.leases import acquire, holders
from bigpandamon_core.state.periodic import PeriodicState
from bigpandamon_core.web import scheduling

pytestmark = pytest.mark.once

NOON = datetime(2026, 3, 1, 12, 0, 0)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _anew(own, panda_tables):
    yield
    failures.answered("default")


@pytest.fixture
def tasks():
    PeriodicState.objects.create(task="new", next_run=NOON)
    PeriodicState.objects.create(
        task="old",
        next_run=NOON + HOUR,
        last_start=NOON,
        last_end=NOON + HOUR / 2,
        last_success=NOON - HOUR,
        last_failure=NOON + HOUR / 2,
        failures=3,
        failure_words="words for operators",
    )


def samples(client):
    families = text_string_to_metric_families(client.get("/metrics").content.decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if family.name.startswith(("bigpandamon_periodic", "bigpandamon_lease"))
    }


def test_health_tells_when_and_how_often_but_not_why(tasks, client):
    response = client.get("/health")
    assert response.json()["schedule"] == {
        "leases": {},
        "tasks": {
            "new": {
                "next_run": "2026-03-01T12:00:00",
                "last_start": None,
                "last_end": None,
                "last_success": None,
                "last_failure": None,
                "failures": 0,
            },
            "old": {
                "next_run": "2026-03-01T13:00:00",
                "last_start": "2026-03-01T12:00:00",
                "last_end": "2026-03-01T12:30:00",
                "last_success": "2026-03-01T11:00:00",
                "last_failure": "2026-03-01T12:30:00",
                "failures": 3,
            },
        },
    }
    assert "words for operators" not in response.content.decode()


def test_health_tells_who_holds_what(client):
    acquire("schedule", "one", 60)
    acquire("other", "two", 0)
    (lease,) = holders()
    assert client.get("/health").json()["schedule"]["leases"] == {
        "schedule": {
            "holder": "one",
            "since": lease.since.strftime("%Y-%m-%dT%H:%M:%S"),
            "until": lease.until.strftime("%Y-%m-%dT%H:%M:%S"),
            "fence": 1,
        }
    }


def test_a_task_that_fails_does_not_make_the_service_unwell(tasks, client):
    assert client.get("/health").status_code == 200


def test_metrics_are_those_of_this_moment(tasks, client):
    noon = NOON.replace(tzinfo=UTC).timestamp()
    found = samples(client)
    assert found == {
        ("bigpandamon_periodic_next_run_timestamp_seconds", "new"): noon,
        ("bigpandamon_periodic_next_run_timestamp_seconds", "old"): noon + 3600,
        ("bigpandamon_periodic_last_start_timestamp_seconds", "old"): noon,
        ("bigpandamon_periodic_last_end_timestamp_seconds", "old"): noon + 1800,
        ("bigpandamon_periodic_last_success_timestamp_seconds", "old"): noon - 3600,
        ("bigpandamon_periodic_last_failure_timestamp_seconds", "old"): noon + 1800,
        ("bigpandamon_periodic_consecutive_failures", "new"): 0,
        ("bigpandamon_periodic_consecutive_failures", "old"): 3,
    }
    PeriodicState.objects.filter(task="old").update(failures=4, next_run=None)
    acquire("schedule", "one", 60)
    later = samples(client)
    assert later[("bigpandamon_periodic_consecutive_failures", "old")] == 4
    assert later[("bigpandamon_lease_fence", "schedule")] == 1
    assert ("bigpandamon_periodic_next_run_timestamp_seconds", "old") not in later


def test_a_database_that_fails_takes_only_its_own_samples_away(tasks, client, monkeypatch):
    def refuse():
        raise OperationalError("no words of a driver for clients")

    monkeypatch.setattr(scheduling, "states", refuse)
    response = client.get("/metrics")
    assert response.status_code == 200
    assert "bigpandamon_version_info" in response.content.decode()
    assert samples(client) == {}
