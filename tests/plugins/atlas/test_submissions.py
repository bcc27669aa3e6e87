"""Submissions tell what DEFT's table tells, but never the parameters of a task."""

import csv
from datetime import timedelta

from bigpandamon_atlas.tables import DeftTask
from bigpandamon_core.demo.importing import tables as kind


def test_the_servers_own_row(atlas, tables, imported, shared):
    report = imported(kind.KIND, "server/deft_t_task.csv")
    assert (report.added, report.refused) == (1, 0)
    with open(shared / "data/panda/server/deft_t_task.csv", encoding="utf-8") as lines:
        [row] = csv.DictReader(lines)
    told = atlas.json("/atlas/submissions/")
    assert [(one["status"], one["tasks"]) for one in told["states"]] == [(row["status"], 1)]
    [task] = told["tasks"]
    assert (task["taskname"], task["username"], task["priority"]) == (row["taskname"], row["username"], 1000)
    assert "jobParameters" not in atlas.get("/atlas/submissions/", json="").content.decode()


def test_counts_are_those_of_the_rows_behind_their_links(atlas, tables, noon):
    for number, status in enumerate(("waiting", "waiting", "finished"), 1):
        tables(DeftTask, taskid=number, status=status, submit_time=noon - timedelta(hours=number))
    told = atlas.json("/atlas/submissions/")
    assert {row["status"]: row["tasks"] for row in told["states"]} == {"finished": 1, "waiting": 2}
    for row in told["states"]:
        found = atlas.json("/atlas/submissions/", status=row["status"])["tasks"]
        assert [one["status"] for one in found] == [row["status"]] * row["tasks"]
    assert [one["taskid"] for one in told["tasks"]] == [3, 2, 1]
    assert [one["taskid"] for one in atlas.json("/atlas/submissions/", limit="1")["tasks"]] == [3]
