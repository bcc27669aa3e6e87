"""Definitions of queues from files of all forms; what is none is told."""

import json
from datetime import datetime

import pytest

from bigpandamon_core.demo.importing import queues
from bigpandamon_core.demo.importing.tree import import_tree
from bigpandamon_core.panda.queues import SchedconfigJson

pytestmark = pytest.mark.usefixtures("panda", "own")
ONE = {"nickname": "ONE_MCORE", "siteid": "ONE", "lastmod": "2015-08-19T07:09:12", "maxrss": 4000.5}
TWO = {"nickname": "TWO", "siteid": "TWO", "last_modified": "2022-09-14T15:55:19.332736", "a": [{"b": None}]}


def imported(tmp_path, text: str):
    path = tmp_path / "saved.json"
    path.write_text(text)
    report = import_tree(path)
    return [(one.kind, one.records, one.refused) for one in report.imported], report


def stored() -> dict[str, object]:
    return {row.panda_queue: row.data for row in SchedconfigJson.objects.all()}


def test_one_definition(tmp_path):
    assert imported(tmp_path, json.dumps(ONE))[0] == [("queues", 1, 0)]
    assert stored() == {"ONE_MCORE": ONE}
    assert SchedconfigJson.objects.get().last_update == datetime(2015, 8, 19, 7, 9, 12)


def test_several_by_name_and_again(tmp_path):
    text = json.dumps({"ONE_MCORE": ONE, "TWO": TWO, "version": 3})
    assert imported(tmp_path, text)[0] == [("queues", 3, 1)]
    assert stored() == {"ONE_MCORE": ONE, "TWO": TWO}
    assert imported(tmp_path, text)[0] == [("queues", 3, 1)]
    assert stored() == {"ONE_MCORE": ONE, "TWO": TWO}


def test_a_definition_without_a_name_is_refused(tmp_path):
    text = json.dumps({"a": ONE | {"nickname": None}, "b": TWO})
    assert imported(tmp_path, text)[0] == [("queues", 2, 1)]
    assert stored() == {"TWO": TWO}


OTHERS = ("[]", "{}", "3", '{"nickname": "A"}', '{"nickname": ', '[{"nickname": "A"}]', "")


@pytest.mark.parametrize("text", OTHERS)
def test_other_documents_are_passed_over(tmp_path, text):
    found, report = imported(tmp_path, text)
    assert found == []
    assert [path.name for path in report.passed_over] == ["saved.json"]


def test_a_document_that_is_too_long_is_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(queues, "MOST_BYTES", 50)
    assert imported(tmp_path, json.dumps(ONE))[0] == []


def test_saved_definitions_are_stored_whole(shared):
    """Some files hold one definition, others one by its name."""
    known: dict[str, object] = {}
    for path in sorted((shared / "data" / "panda" / "queues").glob("*.json")):
        document = json.loads(path.read_text())
        found = {"": document} if "nickname" in document else document
        queues_there = {one["nickname"]: one for one in found.values() if "nickname" in one}
        assert [(one.records, one.refused) for one in import_tree(path).imported] == [(1, 0)] * len(
            queues_there
        )
        known |= queues_there
    assert len(known) == 4
    assert stored() == known
