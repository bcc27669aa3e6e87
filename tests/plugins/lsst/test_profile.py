"""The world of the profile: names that tell the hierarchy, and counters that the jobs bear out."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bigpandamon_core.demo.simulation import requests
from bigpandamon_core.demo.simulation.profile import load
from bigpandamon_core.demo.simulation.world import World
from bigpandamon_lsst import plugin
from bigpandamon_lsst.names import quantum, task_name
from bigpandamon_lsst.workflows import files_of, workflows

PROFILE = Path(plugin.__file__).with_name("profile.toml")
BEGIN = datetime(2026, 11, 20, 6, 30)


@pytest.fixture(scope="module")
def tables():
    world = World(load(str(PROFILE)), 3, BEGIN, 1500.0)
    requests.begin(world)
    world.agenda.advance(BEGIN + timedelta(hours=14))
    found: dict[str, list[dict[str, object]]] = {}
    for record in world.changes.take():
        found.setdefault(record.table, []).append(record.values)
    return found


def test_tasks_are_of_runs(tables):
    names = [task_name(row["taskname"]) for row in tables["jedi_tasks"]]
    assert all(names)
    assert len(set(names)) == len(names) > 20
    made = workflows(tables["jedi_tasks"])
    assert 2 <= len(made) < len(names)
    assert [one.created or BEGIN for one in made] == sorted(
        (one.created or BEGIN for one in made), reverse=True
    )


def test_files_have_data_ids(tables):
    names = {row["jeditaskid"]: task_name(row["taskname"]) for row in tables["jedi_tasks"]}
    labels = {number: name.label for number, name in names.items() if name}
    meant = Counter(
        tuple(quantum(row["lfn"], labels[row["jeditaskid"]]).data_id)
        for row in tables["jedi_dataset_contents"]
    )
    known = {("exposure", "detector"), ("visit", "detector"), ("tract", "patch", "visit"), ()}
    assert known <= set(meant) <= {*known, ("tract", "patch", "band")}


def test_counters_are_those_of_the_jobs(tables):
    jobs = [row for name in ("jobsarchived4", "jobsactive4", "jobsdefined4") for row in tables.get(name, ())]
    finished = Counter(row["jeditaskid"] for row in jobs if row["jobstatus"] == "finished")
    for row in tables["jedi_tasks"]:
        sets = [one for one in tables["jedi_datasets"] if one["jeditaskid"] == row["jeditaskid"]]
        files = files_of([{"masterid": None, "nfilesmissing": 0, **one} for one in sets])
        assert files.finished == finished[row["jeditaskid"]]
        assert 0 <= files.running + files.finished + files.failed <= files.total
    assert any(files_of([{"masterid": None, **one}]).running for one in tables["jedi_datasets"])
