"""Pieces of work by data id: inside a workflow from its files, across workflows from the index."""

import re
from functools import partial

import pytest

from bigpandamon_core.plugin import Record
from bigpandamon_core.schedule import catalogue
from bigpandamon_core.state.leases import acquire, fenced
from tests.plugins.lsst.world import LATER, RUN
from tests.plugins.monitors import announced, configured

WORK = {
    101: ("02_calibrate_00", "calibrate_1180_102", {"visit": "1180", "detector": "102"}),
    102: ("02_calibrate_00", "calibrate_1180_103", {"visit": "1180", "detector": "103"}),
    103: ("02_calibrate_00", "calibrate_102_1180", {"visit": "102", "detector": "1180"}),
    104: ("03_makeWarp_00", "makeWarp_9813_5_1180", {"tract": "9813", "patch": "5", "visit": "1180"}),
    105: ("03_makeWarp_00", "makeWarp_9813_51_11800", {"tract": "9813", "patch": "51", "visit": "11800"}),
    106: ("01_isr_00", "isr_1180_102", {"exposure": "1180", "detector": "102"}),
    107: ("04_finalJob_00", "finalJob_", {}),
}
"""By file its task, its name, and what that means."""
QUESTIONS = (
    {"visit": "1180"},
    {"visit": "1180", "detector": "102"},
    {"visit": "118"},
    {"tract": "9813"},
    {"tract": "9813", "patch": "5"},
    {"exposure": "1180"},
    {"detector": "102", "label": "isr"},
    {"band": "r"},
)


def truth(question):
    wanted = {name: value for name, value in question.items() if name != "label"}
    label = question.get("label", "")
    return sorted(
        fileid
        for fileid, (_, name, told) in WORK.items()
        if wanted.items() <= told.items() and name.startswith(label)
    )


@pytest.fixture
def files(rubin):
    for fileid, (task, name, _) in WORK.items():
        rubin.file(task, fileid, name, pandaid=9000 + fileid)
    rubin.file("00_pipetaskInit_00", 201, "pipetaskInit_1180_102", run=LATER)
    return rubin


@pytest.fixture
def index(tmp_path, own):
    """One run of the task, or of another, and what it says."""
    from bigpandamon_lsst.plugin import Lsst

    def go(name="lsst-index", more=""):
        from bigpandamon_core.domain.periodic import Turn

        configuration = configured(tmp_path, {"lsst": "enabled = true\n"}, more)
        [task] = (one for one in catalogue.tasks(configuration, [announced(Lsst)]) if one.name == name)
        lease = acquire("schedule.test", "test", 60)
        assert lease is not None
        return task.run(Turn(configuration.get, 60, partial(fenced, lease), lambda: False))

    return go


def test_inside_a_workflow(files, rubin_monitor):
    m = rubin_monitor()
    for question in QUESTIONS:
        told = m.json("/lsst/data/", run=RUN, **question)["pieces"]
        assert sorted(one["fileid"] for one in told) == truth(question)
        assert {one["pandaid"] for one in told} == {9000 + fileid for fileid in truth(question)}
        assert {one["run"] for one in told} <= {RUN}


def test_inside_a_workflow_a_label_alone_will_do(files, rubin_monitor):
    m = rubin_monitor()
    for label in ("calibrate", "finalJob", "nothing"):
        told = m.json("/lsst/data/", run=RUN, label=label)["pieces"]
        expected = [fileid for fileid, (_, name, _) in WORK.items() if name.startswith(f"{label}_")]
        assert sorted(one["fileid"] for one in told) == expected
        page = m.get("/lsst/data/", run=RUN, label=label).content.decode()
        assert f"{len(expected)} piece" in page
    assert m.json("/lsst/data/", label="calibrate")["pieces"] == []
    for asked in ({}, {"visit": "1180"}):
        answer = m.get("/lsst/data/", run="nope", **asked)
        assert (answer.status_code, b"There is no workflow nope" in answer.content) == (404, True)


def test_across_workflows(files, rubin_monitor, index):
    m = rubin_monitor()
    assert m.json("/lsst/data/", visit="1180")["pieces"] == []
    assert "The index is empty" in m.get("/lsst/data/", visit="1180").content.decode()
    assert index() == f"{len(WORK) + 1} files of 7 tasks taken in"
    assert index() == "0 files of 0 tasks taken in"
    for question in QUESTIONS:
        found = m.json("/lsst/data/", **question)["pieces"]
        assert sorted(one["fileid"] for one in found) == truth(question), question
    page = m.get("/lsst/data/", visit="1180").content.decode()
    assert "The index is empty" not in page
    assert page.count(f'href="/lsst/workflow/{RUN}/"') == len(truth({"visit": "1180"}))


def test_files_that_were_not_looked_at_are_told(files, rubin_monitor, monkeypatch):
    monkeypatch.setattr("bigpandamon_lsst.find.MOST_READ", 1)
    told = rubin_monitor().json("/lsst/data/", run=RUN, visit="1180")
    assert "only 1 files of some tasks were looked at" in told["truncated"]


def test_what_came_later_is_taken_in_and_what_is_old_goes(files, index):
    from bigpandamon_core.domain import window
    from bigpandamon_core.panda.tasks import JediDatasets
    from bigpandamon_lsst.models import IndexedFile, IndexedTask

    index()
    number = files.number("03_makeWarp_00")
    files.file("03_makeWarp_00", 301, "makeWarp_9813_6_1180")
    files.panda.row(JediDatasets, jeditaskid=number, datasetid=7, datasetname="more", type="input", nfiles=1)
    assert index().startswith("1 files of 1 tasks taken in")
    assert IndexedFile.objects.filter(jeditaskid=number).count() == 3
    later = files.now.replace(month=6)
    window.set_clock(lambda: later)
    kept = "[schedule]\nkeep_days = {{ lsst-index = {} }}\n"
    assert index("lsst-clean-up", kept.format(40)) == "no rows removed"
    assert index("lsst-clean-up", kept.format(20)) == "7 of lsst-index removed"
    assert (IndexedFile.objects.count(), IndexedTask.objects.count()) == (0, 0)


BAD = (
    ("visit", "x"),
    ("visit", "1*"),
    ("band", "5"),
    ("label", "a b"),
    ("tract", "9" * 101),
    ("detector", "١"),
)


def test_bad_questions(rubin, rubin_monitor):
    m = rubin_monitor()
    for name, value in BAD:
        answer = m.get("/lsst/data/", json="", **{name: value})
        assert answer.status_code == 400
        assert name in answer.json()["error"]


def test_lists_of_operators(shared, rubin, rubin_monitor):
    """Every row that was imported is shown."""
    from bigpandamon_lsst.records import KINDS

    files = {
        "tolerated": "errors/rubin_error_code_decisions.yaml",
        "reported": "errors/rubin_errors_example.yaml",
        "queues": "queues/rubin_harvester_queues_2026.json",
    }
    m = rubin_monitor()
    for kind, (name, path) in zip(KINDS, files.items(), strict=True):
        file = shared / "data/panda" / path
        with file.open("rb") as stream:
            records = [one for one in kind.readers[file.suffix](stream) if isinstance(one, Record)]
        kind.writer(file).write(records)
        assert len(m.json(f"/lsst/{name}/")) == len(records)
        page = m.get(f"/lsst/{name}/").content.decode()
        assert page.count("<tr>") == len(records) + 1
    tasks = {one["jeditaskid"] for one in m.json("/lsst/reported/")}
    page = m.get("/lsst/reported/").content.decode()
    assert {int(one) for one in re.findall(r'href="/task/(\d+)/"', page)} == tasks
