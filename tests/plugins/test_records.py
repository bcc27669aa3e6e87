"""Files of records that a plugin stores in its own tables."""

from dataclasses import replace
from pathlib import Path

import pytest

from bigpandamon_core.plugin import ANY
from bigpandamon_core.plugin.examining import identity
from tests.plugins.monitors import plugin


@pytest.fixture
def file(tmp_path):
    found = tmp_path / "notes.csv"
    found.write_text("text\ncalm\nstorm\n" + "x" * 401 + "\ncalm\n")
    return found


def imported(path):
    from bigpandamon_core.demo.importing.files import Watcher
    from bigpandamon_core.demo.importing.kinds import KINDS
    from bigpandamon_core.demo.importing.tree import import_tree

    (report,) = import_tree(path, Watcher(), (*KINDS, *plugin("demo_vo").records)).imported
    return report.kind, report.added, report.unchanged, report.refused


def test_the_same_file_again_changes_nothing(own, file):
    from bigpandamon_demo_vo.models import Note

    assert imported(file) == ("demo_vo-notes", 2, 1, 1)
    assert imported(file) == ("demo_vo-notes", 0, 3, 1)
    assert sorted(Note.objects.values_list("text", flat=True)) == ["calm", "storm"]


def test_a_file_that_is_one_document(own, tmp_path):
    from bigpandamon_demo_vo import notes

    path = tmp_path / "notes.shift"
    path.write_text('{"22": "calm", "23": "storm", "24": "half \\u0000"}')
    assert imported(path)[1:] == (2, 0, 1)
    for wrong, why in (("[", "not JSON"), ('{"1": 1e400}', "1e400 is no"), (" " * 100_001, "longer than")):
        path.write_text(wrong)
        assert why in str([*notes.of_shift(path.open("rb"))])


def nothing(_stream):
    return iter(())


def others(_stream):
    return iter(())


def kind(name="demo_vo-x", text="x", **readers):
    (known,) = plugin("demo_vo").records
    return replace(known, name=name, help=text, readers=readers)


def test_files_of_other_names_are_read_where_the_kind_says_so():
    found = kind(**{".csv": nothing, ANY: others})
    assert found.reader(Path("history.1234.0")) is others
    assert found.reader(Path("a.CSV")) is nothing
    assert found.files == "*.csv, any other name"
    assert kind(**{".csv": nothing}).reader(Path("history.1234.0")) is None


def test_what_is_wrong_with_kinds_is_told():
    twice = kind("demo_vo-a", "")
    faulty = type("Faulty", (plugin("demo_vo"),), {"records": (kind("notes", ""), twice, twice)})()
    told = {f"{one.key}: {one.expected}" for one in identity.records(faulty)}
    assert told == {
        "records.notes: a name that begins with demo_vo",
        "records.notes: a help text",
        "records.notes: a reader at least",
        "records.demo_vo-a: each kind once",
        "records.demo_vo-a: a help text",
        "records.demo_vo-a: a reader at least",
    }
