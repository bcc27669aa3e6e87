"""Real files: all that is in them is stored and shown, and counts are those that other means find in them."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bigpandamon_core.demo.importing.files import Watcher, import_file
from bigpandamon_core.demo.importing.tree import import_tree
from bigpandamon_htcondor.importing import KINDS
from bigpandamon_htcondor.models import BatchEvent, BatchJob, Dag, DagNode
from tests.plugins.conftest import NOON

HEADER = re.compile(r"^\d{3} \((-?\d+)\.(-?\d+)\.-?\d+\) ", re.MULTILINE)
NODE = re.compile(r'Type = "NodeStatus";\s*Node = "([^"]+)";\s*NodeStatus = (\d)')
WORDS = ("not ready", "ready", "pre-script", "submitted", "post-script", "done", "error", "futile")
SAME_WORKFLOW = "group_running_1.dag.nodes.log"
"""An earlier copy of the log of the same jobs as group_failed_1."""


@pytest.fixture
def data(shared: Path) -> Path:
    folder = shared / "data" / "htcondor"
    if not folder.is_dir():
        pytest.skip(f"no real files: {folder} is not there")
    return folder


@pytest.fixture
def imported(data, pool):
    """The monitor with all of it."""
    report = import_tree(data, Watcher(), KINDS)
    assert {path.suffix for path in report.passed_over} == {".md", ".out"}
    assert sum(one.refused for one in report.imported) == 0
    return pool()


def history(path: Path) -> dict[str, str]:
    """The attributes of a history file, the last value of each."""
    lines = (line.split(" = ", 1) for line in path.read_text().splitlines())
    return {name: value.strip('"') for name, value in lines}


def test_ads(imported, data):
    compare_histories(imported, data)
    compare_held(imported, data)


def compare_histories(imported, data):
    told = [history(path) for path in sorted((data / "per_job_history").iterdir())]
    rows = {row["GlobalJobId"]: row for row in found(imported, schedd="stress3*")}
    assert rows.keys() == {one["GlobalJobId"] for one in told}
    for one in told:
        row = rows[one["GlobalJobId"]]
        for name in (
            "JobStatus",
            "QDate",
            "JobStartDate",
            "ClusterId",
            "RemoteWallClockTime",
            "NumJobStarts",
        ):
            if name in row:
                assert row[name] == float(one[name]), name
        assert (row["Owner"], row["RemoteHost"]) == (one["Owner"], one["LastRemoteHost"])
        assert (row["CompletionDate"] or 0) == float(one["CompletionDate"]) or row["State"] == "removed"
    assert Counter(row["State"] for row in rows.values()) == {"completed": 18, "removed": 9}


def found(monitor, **asked):
    return monitor.json("/api/v1/htcondor/jobs", limit=1000, **{"hours": "none"} | asked)["data"]


def compare_held(imported, data):
    [ad] = json.loads((data / "ads" / "condor_q_json_held_2021.json").read_text())
    [row] = found(imported, state="held")
    assert (row["GlobalJobId"], row["QDate"], row["NumJobStarts"]) == (
        ad["GlobalJobId"], ad["QDate"], ad["NumJobStarts"],
    )  # fmt: skip
    assert row["CpuTime"] == ad["CumulativeRemoteUserCpu"] + ad["CumulativeRemoteSysCpu"]
    assert row["MemoryUsage"] == -(-ad["ResidentSetSize"] // 1024)
    [reason] = imported.json("/htcondor/held/")["reasons"]
    assert (reason["reason_code"], reason["jobs"], reason["why"]) == (
        ad["HoldReasonCode"],
        1,
        "a policy of the job",
    )
    page = imported.get(f"/htcondor/job/{ad['GlobalJobId'].replace('#', '%23')}/").content.decode()
    assert "OnExitHold" in page
    assert ad["Iwd"] not in page
    assert imported.get("/htcondor/job/x/classad/").status_code == 403


def test_events(imported, data):
    counts = {
        path.name: sum(cluster[0] != "-" for cluster, _ in HEADER.findall(path.read_text(errors="replace")))
        for path in data.rglob("*.log")
    }
    assert not BatchJob.objects.filter(pk__contains="#-").exists()
    assert BatchEvent.objects.count() == sum(counts.values()) - counts[SAME_WORKFLOW]
    for name, states in {
        "normal_log.log": ["idle", "running", "failed"],
        "job_evicted.log": ["idle", "running", "idle", "running", "completed"],
        "aborted_with_errors.log": ["idle", "running", "idle", "held", "removed"],
    }.items():
        [cluster, process] = HEADER.findall((data / "event_logs" / "htcanalyze" / name).read_text())[0]
        [row] = found(imported, batchid=f"{int(cluster)}.{int(process)}")
        shown = imported.json(f"/htcondor/job/{row['GlobalJobId'].replace('#', '%23')}/")
        assert [one["state"] for one in shown["States"]] == states, name
    every_record_has_its_page(imported)


def every_record_has_its_page(imported):
    names = [*BatchJob.objects.values_list("globaljobid", flat=True)]
    assert len(names) > 70
    for name in names:
        assert imported.get(f"/htcondor/job/{name.replace('#', '%23')}/").status_code == 200, name
    for name in Dag.objects.values_list("name", flat=True):
        assert imported.get(f"/htcondor/dag/{name}/").status_code == 200, name


def test_dags(imported, data, with_libraries):
    for name in ("group_failed_1", "group_running_1", "tiny_problems", "tiny_running"):
        compare(imported, data, name)
    compare_edges(imported, data)


def compare(imported, data, name):
    """A DAG with its file of states."""
    told = dict(NODE.findall((data / "dagman" / f"{name}.node_status").read_text()))
    shown = imported.json(f"/htcondor/dag/{name}/")
    assert {one["name"]: one["state"] for one in shown["nodes"] if one["state"]} == {
        node: WORDS[int(state)] for node, state in told.items()
    }
    states = {state: many for state, many in shown["states"].items() if state}
    assert states == Counter(WORDS[int(state)] for state in told.values())
    for node in shown["nodes"]:
        if node["GlobalJobId"]:
            assert BatchJob.objects.get(pk=node["GlobalJobId"]).dagnode == node["name"]


def compare_edges(imported, data):
    lines = (data / "dagman" / "group_failed_1.dag").read_text().splitlines()
    edges = {(line.split()[1], line.split()[3]) for line in lines if line.startswith("PARENT")}
    shown = imported.json("/htcondor/dag/group_failed_1/")
    assert {(parent, one["name"]) for one in shown["nodes"] for parent in one["parents"]} == edges
    path = shown["critical_path"]
    assert all(pair in edges for pair in pairwise(path))
    assert (path[0], len(path)) == ("pipetaskInit", 7)
    page = imported.get("/htcondor/dag/group_failed_1/").content.decode()
    [text] = re.findall('type="application/json">(.*?)</script>', page)
    drawn = json.loads(text)
    assert {(before, after) for before, after, _ in drawn["edges"]} == edges
    assert [(before, after) for before, after, marked in drawn["edges"] if marked] == sorted(
        pairwise(path), key=[(before, after) for before, after, _ in drawn["edges"]].index
    )


def test_runs_that_were_evicted_are_lost(imported):
    """By its log it ran from 14:24:34 to 14:42:37, which was lost, and from 14:42:38 to 14:48:15;
    the first run used 228 s, the second 186 s."""
    row = BatchJob.objects.get(batchid="164275.0")
    lost, kept = 18 * 60 + 3, 5 * 60 + 37
    assert (row.core_s, row.committed_core_s) == (lost + kept, kept)
    assert (row.cpu_s, row.cpu_core_s) == (228 + 186, lost + kept)
    assert imported.json("/htcondor/pools/", batchid=row.batchid)["by_host"][0]["lost_h"] == lost / 3600


def test_the_same_again_changes_nothing(data, own):
    import_tree(data, Watcher(), KINDS)
    tables = (BatchJob, BatchEvent, Dag, DagNode)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    again = import_tree(data, Watcher(), KINDS)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert sum(one.added + one.completed for one in again.imported) == 0


def test_what_cannot_be_read_is_told_with_its_place(tmp_path, own):
    ads, logs, dags = KINDS
    broken = tmp_path / "queue.json"
    broken.write_text(
        '[{"GlobalJobId": "a#1.0#5", "JobStatus": 1},\n{"GlobalJobId": "b#1.0#5", oops},\n{"x": 1}]'
    )
    log = tmp_path / "job.log"
    log.write_text("000 (1.0.0) 2025-01-01 00:00:00 Job submitted from host: <h:1>\n...\n0x1 nonsense\n...\n")
    dag = tmp_path / "d.dag"
    dag.write_text("JOB a a.sub\nPARENT a b\nJOB\nPARENT a CHILD b\n")
    told = [import_file(kind, path, Watcher()) for kind, path in ((ads, broken), (logs, log), (dags, dag))]
    assert [(one.added, one.refused) for one in told] == [(1, 2), (1, 1), (2, 2)]


@pytest.mark.parametrize(
    "told",
    [
        {"NodesDone": 3},
        {"NodesDone": "1 + x", "NodesTotal": None},
        {"metrics": {"duration": None, "exitcode": "x", "rescue_dag_number": []}},
        {"metrics": 5, "NodesFailed": [1]},
    ],
)
def test_odd_files_of_dagman_break_no_page(own, pool, told):
    Dag.objects.create(name="odd", state="done", observed=NOON, received=NOON, attributes=json.dumps(told))
    page = pool().get("/htcondor/dag/odd/")
    assert page.status_code == 200
