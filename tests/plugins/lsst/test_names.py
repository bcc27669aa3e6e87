"""Names that tell the hierarchy, against examples written down by hand and real ones."""

import re
from datetime import datetime

import pytest

from bigpandamon_lsst.names import Quantum, TaskName, quantum, run_name, task_name

RUN = "u_jdoe_DRP_w_2023_20230416T010203Z"
NODE = "861192d5-2e1d-45db-b656-5e658b10a344"
TASKS = {
    f"{RUN}_03_characterizeImage_02": TaskName(RUN, 3, "characterizeImage", 2),
    f"{RUN}_00_pipetaskInit_00": TaskName(RUN, 0, "pipetaskInit", 0),
    f"{RUN}_12_visit_detector_10/": TaskName(RUN, 12, "visit_detector", 10),
    f"{RUN}_104_step1_2_00": TaskName(RUN, 104, "step1_2", 0),
    f"{RUN}_07_finalJob": TaskName(RUN, 7, "finalJob", -1),
    f"{RUN}_build_task": TaskName(RUN, -1, "build_task", -1),
}


@pytest.mark.parametrize("name", TASKS)
def test_tasks(name):
    assert task_name(name) == TASKS[name]


@pytest.mark.parametrize("name", ["", RUN, f"{RUN}_", "user.jdoe.20230416T010203Z", "mc16_13TeV.5_00_a_00"])
def test_other_tasks(name):
    assert task_name(name) is None


def test_runs():
    found = run_name(RUN)
    assert found
    assert (found.operator, found.payload) == ("jdoe", "DRP_w_2023")
    assert found.submitted == datetime(2023, 4, 16, 1, 2, 3)
    other = run_name("LSSTCam_runs_20230416T010203Z")
    assert other
    assert (other.operator, other.payload) == ("", "LSSTCam_runs")
    assert run_name("u_jdoe_a_20231316T010203Z") is None
    assert run_name("u_jdoe") is None


@pytest.mark.parametrize(
    ("lfn", "label", "found"),
    [
        (
            f"008058:{NODE}_characterizeImage_1180_102+qgraphNodeId:{NODE}+qgraphId:1681435625.6841137-428946",
            "",
            Quantum(NODE, "characterizeImage", "1180_102", {"visit": "1180", "detector": "102"}),
        ),
        (
            f"000000:{NODE}_fgcmBuildFromIsolatedStars_+qgraphNodeId:{NODE}",
            "",
            Quantum(NODE, "fgcmBuildFromIsolatedStars", ""),
        ),
        (
            "1:detection_9813_5_i+qgraphNodeId:",
            "",
            Quantum("", "detection", "9813_5_i", {"tract": "9813", "patch": "5", "band": "i"}),
        ),
        (
            "visit_detector_1180_102",
            "visit_detector",
            Quantum("", "visit_detector", "1180_102", {"visit": "1180", "detector": "102"}),
        ),
        (
            "makeWarp_9813_5_1180+x",
            "makeWarp",
            Quantum("", "makeWarp", "9813_5_1180", {"tract": "9813", "patch": "5", "visit": "1180"}),
        ),
        ("newLabel_1180_102", "newLabel", Quantum("", "newLabel", "1180_102")),
        ("step1_2_1180", "step1_2", Quantum("", "step1_2", "1180")),
        ("makeWarp_9813_5", "makeWarp", Quantum("", "makeWarp", "9813_5")),
        ("pure_pseudoinput+qgraphNodeId:+qgraphId:", "finalJob", Quantum("", "pure_pseudoinput", "")),
        ("", "", Quantum("", "", "")),
    ],
)
def test_files(lfn, label, found):
    assert quantum(lfn, label) == found


def test_files_of_the_operators_list(shared):
    """Node, label and numbers as a reader of the lines would take them."""
    text = (shared / "data/panda/errors/rubin_errors_example.yaml").read_text()
    lines = re.findall(r"data_id: (\S+)", text)
    assert len(lines) == 2
    for line in lines:
        node = line.rpartition("qgraphNodeId:")[2].partition("+")[0]
        found = quantum(line)
        assert (found.node, f"{node}_{found.label}_{found.text}") == (
            node,
            line.partition(":")[2].partition("+")[0],
        )
