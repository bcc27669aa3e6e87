"""/metrics: what Prometheus reads."""

import json
import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bigpandamon_core.queries import job_pages
from bigpandamon_core.sources.reading import tuples
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.leases import acquire
from bigpandamon_core.state.periodic import PeriodicState
from bigpandamon_core.state.rollups import RollupStatus
from bigpandamon_core.web import metrics
from tests.web.served import Monitor

pytestmark = pytest.mark.once

LABELS = {
    "bigpandamon_lag_seconds": {"of"},
    "bigpandamon_follow_rows_read": set(),
    "bigpandamon_follow_changes": set(),
    "bigpandamon_follow_repairs": set(),
    "bigpandamon_follow_failures": set(),
    "bigpandamon_requests": {"resource", "format", "status"},
    "bigpandamon_request_seconds": {"resource", "format"},
    "bigpandamon_statement_seconds": {"query"},
    "bigpandamon_cache_answers": {"point", "outcome"},
    "bigpandamon_cache_entries": {"event"},
    "bigpandamon_version_info": {"version"},
    "bigpandamon_periodic_last_start_timestamp_seconds": {"task"},
    "bigpandamon_periodic_last_end_timestamp_seconds": {"task"},
    "bigpandamon_periodic_last_success_timestamp_seconds": {"task"},
    "bigpandamon_periodic_last_failure_timestamp_seconds": {"task"},
    "bigpandamon_periodic_next_run_timestamp_seconds": {"task"},
    "bigpandamon_periodic_consecutive_failures": {"task"},
    "bigpandamon_lease_fence": {"lease"},
    "bigpandamon_follow_bins": set(),
    "bigpandamon_rollup_complete_since_timestamp_seconds": {"rollup"},
    "bigpandamon_rollup_sampled_timestamp_seconds": {"rollup"},
}


def value(name, **labels):
    return metrics.OWN.get_sample_value(name, labels) or 0


def families(client):
    text = client.get("/metrics").content.decode()
    return {family.name: family for family in text_string_to_metric_families(text)}


class Rise:
    """How much a sample has risen since."""

    def __init__(self, name, **labels):
        self.name, self.labels = name, labels
        self.before = value(name, **labels)

    @property
    def by(self):
        return value(self.name, **self.labels) - self.before


def test_names_and_labels_are_as_promised(panda, own, keeping, client):
    times = ("next_run", "last_start", "last_end", "last_success", "last_failure")
    PeriodicState.objects.create(task="one", **dict.fromkeys(times, keeping.moment))
    acquire("schedule", "somebody", 60)
    told_until = keeping.moment - timedelta(seconds=7)
    FollowStatus.objects.create(
        name="jobs", columns="any", as_of=told_until, complete_since=told_until, closed_before=told_until,
        sampled_at=told_until,
    )  # fmt: skip
    RollupStatus.objects.create(rollup=1, version="any", complete_since=told_until)
    client.get("/jobs/?json")
    found = families(client)
    assert set(found) == set(LABELS)
    for name, family in found.items():
        told = {label for sample in family.samples for label in sample.labels} - {"le"}
        assert told == LABELS[name]
        assert family.documentation.endswith(".") or ":" in family.documentation


def test_units_are_part_of_names():
    assert all(re.fullmatch(r"bigpandamon_[a-z_]+", name) for name in LABELS)


def test_the_type_is_that_of_prometheus(client):
    response = client.get("/metrics")
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "resource", "format_name", "status"),
    [
        ("/jobs/", "jobs", "html", 200),
        ("/jobs/?json", "jobs", "json", 200),
        ("/jobs/?format=csv", "jobs", "csv", 200),
        ("/jobs/?json&days=x", "jobs", "json", 400),
        ("/job/77/?json", "job", "json", 404),
        ("/api/v1/jobs", "v1-jobs", "json", 200),
        ("/health", "health", "none", 200),
        ("/somewhere/else/?json", "none", "json", 404),
    ],
)
def test_requests_are_counted(panda, client, address, resource, format_name, status):
    counted = Rise("bigpandamon_requests_total", resource=resource, format=format_name, status=str(status))
    timed = Rise("bigpandamon_request_seconds_count", resource=resource, format=format_name)
    assert client.get(address).status_code == status
    assert (counted.by, timed.by) == (1, 1)


def test_addresses_are_no_labels(panda, client):
    client.get("/somewhere/else/of-nobody")
    assert "of-nobody" not in client.get("/metrics").content.decode()


def test_statements_are_timed_by_their_query(panda, client):
    timed = Rise("bigpandamon_statement_seconds_count", query="jobs.one")
    client.get("/job/5/?json")
    assert timed.by >= 1


def statements_timed():
    (family,) = metrics.STATEMENT_SECONDS.collect()
    return sum(sample.value for sample in family.samples if sample.name.endswith("_count"))


def test_statements_of_a_long_stream_are_timed_each(panda, client, monkeypatch):
    """Also those of a thread that reads ahead, while the beginning of the answer is told and after it."""
    monkeypatch.setattr("bigpandamon_core.web.answers.WHOLE_BYTES", 10_000)
    monkeypatch.setattr(job_pages, "FIRST", 10)
    monkeypatch.setattr(job_pages, "AT_ONCE", 20)
    panda.jobs({} for _ in range(200))
    pages = Rise("bigpandamon_statement_seconds_count", query="jobs.page")
    read = []

    def noted(query, rows):
        read.append(query.name)
        return tuples(query, rows)

    monkeypatch.setattr(job_pages, "tuples", noted)
    response = client.get("/jobs/?json&outputs=jobs")
    assert len(json.loads(response.getvalue())["jobs"]) == 200
    response.close()
    assert pages.by == read.count("jobs.page") >= 10


def test_statements_of_a_stream_are_timed(panda, client, monkeypatch):
    monkeypatch.setattr("bigpandamon_core.web.answers.WHOLE_BYTES", 10)
    panda.job()
    before = statements_timed()
    response = client.get("/jobs/?json")
    begun = statements_timed()
    response.getvalue()
    response.close()
    assert before < begun < statements_timed()


def test_cache_answers_are_counted_by_point(panda, keeping, client):
    rises = {outcome: Rise("bigpandamon_cache_answers_total", point="jobs", outcome=outcome)
             for outcome in ("miss", "hit", "bypass", "stale")}  # fmt: skip
    kept = Rise("bigpandamon_cache_entries_total", event="kept")
    for address in ("/jobs/?json", "/jobs/?json", "/jobs/?json&timestamp=1"):
        client.get(address)
    assert {outcome: rise.by for outcome, rise in rises.items()} == {
        "miss": 1,
        "hit": 1,
        "bypass": 1,
        "stale": 0,
    }
    assert kept.by == 1


def test_the_release_is_told(client):
    (sample,) = families(client)["bigpandamon_version_info"].samples
    assert sample.value == 1


@pytest.mark.services
def test_processes_sum_up_when_they_share_a_folder(tmp_path):
    database, asked = f"sqlite:///{tmp_path}/panda.sqlite3", 0
    with Monitor(database, workers=2, PROMETHEUS_MULTIPROC_DIR=str(tmp_path)) as monitor:
        while len(list(tmp_path.glob("counter_*.db"))) < 2:
            assert monitor.get("/somewhere/?json").status == 404
            asked += 1
            assert asked < 2000
        told = {monitor.get("/metrics").text for _ in range(5)}
    counts = {
        sample.value
        for text in told
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "bigpandamon_requests_total" and sample.labels["status"] == "404"
    }
    assert counts == {asked}
