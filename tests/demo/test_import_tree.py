"""Whole folders of records."""

import json
from pathlib import Path

import pytest

from bigpandamon_core.demo.importing.tree import import_tree, recognised
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.jobs import JobsArchived

FILES = {
    "a/jobs.csv": "pandaid,computingsite\n1,QUEUE_ONE\n",
    "b/deep/jobs.ndjson": '{"pandaid": 2, "jobstatus": "failed"}\n',
    "b/answer.json": json.dumps({"jobs": [{"pandaid": 3, "durationsec": 1}]}),
    "schedconfig_json.csv": "panda_queue\nQUEUE_ONE\n",
    "README.md": "# nothing\n",
    "broken.json": "{",
    "files.csv": "pandaid,lfn\n1,a\n",
    "empty.csv": "",
    ".hidden/jobs.csv": "pandaid,computingsite\n9,QUEUE_ONE\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_everything_recognisable_is_imported_and_the_rest_is_named(tree, panda, own):
    report = import_tree(tree)
    assert [(str(file.path.relative_to(tree)), file.kind) for file in report.imported] == [
        ("a/jobs.csv", "jobs"),
        ("b/answer.json", "bigpanda-answer"),
        ("b/deep/jobs.ndjson", "jobs"),
        ("schedconfig_json.csv", "table"),
    ]
    assert [path.name for path in report.passed_over] == [
        "README.md",
        "broken.json",
        "empty.csv",
        "files.csv",
    ]
    assert sorted(JobsArchived.objects.values_list("pandaid", flat=True)) == [1, 2, 3]


def test_a_file_is_a_tree_of_one(tree, panda, own):
    assert [file.added for file in import_tree(tree / "a" / "jobs.csv").imported] == [1]


def test_nothing_there(tmp_path):
    with pytest.raises(Problem, match="There is nothing at"):
        import_tree(tmp_path / "nowhere")


def test_a_first_record_that_is_broken_does_not_hide_the_kind(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("pandaid,computingsite\n1\n2,QUEUE_ONE\n")
    kind = recognised(path)
    assert kind is not None
    assert kind.name == "jobs"
