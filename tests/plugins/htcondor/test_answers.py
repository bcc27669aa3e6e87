"""Forms that have every row, and what programs of 2014 and of the REST successor ask for and hand in."""

import csv
import json
import re
from io import StringIO

import pytest

from bigpandamon_htcondor import jobs as listing
from bigpandamon_htcondor.dag_store import put_dag, put_nodes
from bigpandamon_htcondor.models import BatchJob
from bigpandamon_htcondor.store import store
from tests.plugins.conftest import NOON
from tests.plugins.htcondor.conftest import JOBS
from tests.plugins.htcondor.test_pages import truth_of
from tests.plugins.htcondor.world import NOW, jobs

MANY = 230
OLD, REST = "/htcondor/htcondorapi/jobs/", "/htcondor/rest/jobs/"
ONE = "q@h.example#7.0#1"


@pytest.fixture
def stored(pool, noon, monkeypatch):
    monkeypatch.setattr(listing, "AT_ONCE", 50)
    assert store(list(jobs(MANY)), NOW).stored == MANY
    return pool()


def text_of(answer) -> str:
    return b"".join(answer).decode()


def names() -> list[str]:
    return sorted(one["GlobalJobId"] for one in jobs(MANY))


@pytest.mark.parametrize("path", ["/htcondor/jobs/", JOBS])
def test_csv_and_ndjson_have_every_row(stored, path):
    answer = stored.get(path, format="csv", hours="none")
    told = list(csv.DictReader(StringIO(text_of(answer))))
    assert sorted(row["GlobalJobId"] for row in told) == names()
    assert {row["GlobalJobId"]: row["wmsid"] for row in told} == {
        one["GlobalJobId"]: one["wmsid"] for one in jobs(MANY)
    }
    lines = [
        json.loads(line) for line in text_of(stored.get(path, format="ndjson", hours="none")).splitlines()
    ]
    assert lines.pop() == {"_complete": True, "_rows": MANY}
    assert sorted(row["GlobalJobId"] for row in lines) == names()
    assert "X-Truncated" not in answer
    held = text_of(stored.get(path, format="csv", hours="none", state="held")).splitlines()
    assert len(held) - 1 == sum(one["JobStatus"] == 5 for one in jobs(MANY))


def test_what_is_left_out_is_said_in_plain_signs(stored):
    """Also where more than a thousand are."""
    asked = {"hours": "none", "limit": "7"}
    assert stored.get(OLD, **asked)["X-Truncated"] == f"7 of {MANY} jobs: raise limit"
    store([{"GlobalJobId": f"more#{number}.0#1"} for number in range(1000)], NOON)
    told = stored.get("/htcondor/jobs/", format="csv", **asked)
    assert told["X-Truncated"] == f"7 of {MANY + 1000} jobs: raise limit"


def test_csv_has_every_dag(pool):
    for number in range(120):
        put_dag(f"dag{number}", NOON, {"state": "running"}, {})
    put_nodes("dag7", {"a": {"state": "not ready"}, "b": {"state": "not ready"}, "c": {"state": "ready"}})
    monitor = pool()
    told = {
        row["name"]: row
        for row in csv.DictReader(StringIO(text_of(monitor.get("/htcondor/dags/", format="csv"))))
    }
    assert (len(told), told["dag7"]["not ready"], told["dag8"]["not ready"]) == (120, "2", "0")
    assert text_of(monitor.get("/api/v1/htcondor/dags", format="ndjson")).splitlines()[-1].endswith(":120}")
    page = monitor.get("/htcondor/dags/", limit="120").content.decode()
    assert "Not ready" in page
    assert "Futile" not in page


@pytest.mark.parametrize("path", ["held", "pools", "dags"])
def test_lists_of_the_api_are_told_as_lines(stored, path):
    told = text_of(stored.get(f"/api/v1/htcondor/{path}", format="ndjson")).splitlines()
    assert json.loads(told[-1])["_complete"]


@pytest.mark.parametrize("path", [OLD, "/htcondorjobs/"])
def test_what_programs_of_2014_ask_by(stored, path):
    for asked, wanted in {
        ("wmsid", "9021"): lambda one: one["wmsid"] == "9021",
        ("st", "H"): lambda one: truth_of(one) == "held",
        ("st", "C"): lambda one: one["JobStatus"] == 4,
        ("status", "Running"): lambda one: truth_of(one) == "running",
        ("owner", "owner2"): lambda one: one["Owner"] == "owner2",
        ("condorid", "17.0"): lambda one: "#17.0#" in one["GlobalJobId"],
        ("globaljobid", "q@h2.example#5.0#1"): lambda one: one["wmsid"] == "9005",
    }.items():
        told = stored.json(path, **{asked[0]: asked[1], "hours": "none", "limit": "1000"})
        rows = [
            row.get("globaljobid", row.get("GlobalJobId")) for row in (told if path == OLD else told["jobs"])
        ]
        assert sorted(rows) == sorted(one["GlobalJobId"] for one in jobs(MANY) if wanted(one)), asked


def test_the_limit_is_of_what_is_there(stored):
    first, second = (row["globaljobid"] for row in stored.json(OLD, hours="none", limit="2"))
    BatchJob.objects.filter(pk=first).update(removed=NOON)
    assert [row["globaljobid"] for row in stored.json(OLD, hours="none", limit="1")] == [second]


def test_states_that_are_none_are_refused_by_name(stored):
    answer = stored.get(JOBS, state="bogus")
    assert answer.status_code == 400
    assert "suspended" in answer.content.decode()
    assert stored.get("/htcondor/jobs/", state="held|bogus").status_code == 400
    assert stored.get(OLD, st="Q").status_code == 400
    told = stored.client.get(f"{JOBS}?state=held&state=idle&hours=none").json()["meta"]["states"]
    assert told.keys() == {"held", "idle"}


def test_the_successor_takes_one_and_calls_its_key_id(send):
    item = {"id": ONE, "JobStatus": 2, "wmsid": "3"}
    answer = send(item, REST)
    assert (answer.status_code, answer.json()) == (201, item)
    for method in ("PUT", "PATCH"):
        answer = send([{"id": ONE, "JobStatus": 5}], REST, method)
        assert (answer.status_code, BatchJob.objects.get().state) == (200, "held")
        assert send({"id": ONE, "JobStatus": 2}, REST, method).status_code == 200
        assert BatchJob.objects.get().state == "running"
    assert "id" not in json.loads(BatchJob.objects.get().attributes)
    told = send.monitor.json(f"{REST}{ONE.replace('#', '%23')}/")
    assert (told["id"], told["wmsid"], told["state"]) == (ONE, "3", "running")
    assert send.monitor.get(f"{REST}nobody/").status_code == 404
    assert send({"JobStatus": 2}, REST, "PATCH").status_code == 400


def test_a_held_job_without_times_has_a_life(pool, noon):
    store([{"GlobalJobId": ONE, "JobStatus": 5, "QDate": 1700000000, "ServerTime": 1700000600}], NOON)
    told = pool().json(f"/htcondor/job/{ONE.replace('#', '%23')}/")["States"]
    assert [one["state"] for one in told] == ["idle", "held"]
    assert "not known" in told[1]["reason"]


def test_ids_with_slashes_have_their_pages(pool, noon):
    store([{"GlobalJobId": "q/a@h#1.0#1", "JobStatus": 1}], NOON)
    put_dag("a/b", NOON, {"state": "running"}, {})
    monitor = pool()
    [url] = set(re.findall(r'href="(/htcondor/job/[^"]+)"', monitor.get("/htcondor/jobs/").content.decode()))
    assert monitor.client.get(url).status_code == 200
    assert monitor.client.get(f"{url}classad/").status_code == 403
    assert monitor.get("/api/v1/htcondor/jobs/q%2Fa@h%231.0%231").status_code == 200
    assert monitor.get("/htcondor/dag/a%2Fb/").status_code == 200


def test_the_page_of_a_dag_stands_under_dags(pool):
    put_dag("some", NOON, {"state": "running"}, {})
    page = pool().get("/htcondor/dag/some/").content.decode()
    assert re.findall(r'href="(/htcondor/[a-z]+/)"[^>]*aria-current', page)[-1:] == ["/htcondor/dags/"]
