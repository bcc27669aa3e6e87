"""Kept answers as files: readable, found again, never trusted when they are not ours."""

from pathlib import Path

import pytest

from bigpandamon_core.caching import folder as room
from bigpandamon_core.caching.entry import compressed
from bigpandamon_core.caching.folder import Folder
from bigpandamon_core.caching.store import Event
from tests.caching.questions import QUESTION, SECRET, entry, question

KEY = QUESTION.key(SECRET)
LONG = b'{"jobstatus": "finished"}' * 200


@pytest.fixture
def noticed() -> list[Event]:
    return []


@pytest.fixture
def kept(tmp_path, noticed) -> Folder:
    return Folder(tmp_path / "cache", noticed.append)


def only_file(kept: Folder) -> Path:
    (file,) = (path for path in kept.folder.rglob("*") if path.is_file())
    return file


def test_a_file_says_what_it_is(kept):
    kept.put(KEY, QUESTION, compressed(entry(LONG, headers=(("X-Ignored-Parameters", "sync"),))))
    file = only_file(kept)
    assert file.parent.name == "jobs"
    assert file.name == f"jobs.json.computingsite=QUEUE_ONE_hours=12.{KEY}"
    head, _, body = file.read_bytes().partition(b"\n\n")
    assert body == LONG
    assert head.decode().splitlines() == [
        "Url: /jobs/?computingsite=QUEUE_ONE&hours=12",
        "Representation: json",
        "Audience: anonymous",
        "Made: 2026-03-01T12:00:00",
        "Edition: e1",
        "Content-Type: application/json",
        "X-Ignored-Parameters: sync",
    ]


def test_it_is_found_again(kept, noticed):
    put = entry(LONG, headers=(("X-Ignored-Parameters", "sync"),))
    kept.put(KEY, QUESTION, put)
    assert kept.get(KEY, QUESTION) == put
    assert noticed == [Event.KEPT]


def test_others_are_not_found(kept):
    kept.put(KEY, QUESTION, entry())
    other = question(representation="html-dark")
    assert kept.get(other.key(SECRET), other) is None


def test_a_body_that_somebody_edited_has_another_etag(kept):
    kept.put(KEY, QUESTION, entry(b"one"))
    only_file(kept).write_bytes(only_file(kept).read_bytes().replace(b"one", b"two"))
    found = kept.get(KEY, QUESTION)
    assert found
    assert found.body == b"two"
    assert found.etag != entry(b"one").etag


@pytest.mark.parametrize(
    "content", [b"", b"no headers", b"Made: yesterday\n\nx", b"\xff\xfe\n\n", b"A: b\n\nx"]
)
def test_other_content_is_no_entry(kept, noticed, content):
    kept.put(KEY, QUESTION, entry())
    only_file(kept).write_bytes(content)
    assert kept.get(KEY, QUESTION) is None
    assert noticed[-1] is Event.FOREIGN


def test_names_hold_nothing_but_harmless_signs(kept):
    wild = question(parameters=(("taskname", "../../x y\n\x00" + "ä" * 300),))
    kept.put(wild.key(SECRET), wild, entry(b"wild"))
    assert only_file(kept).parent == kept.folder / "jobs"
    assert len(only_file(kept).name) < 255
    found = kept.get(wild.key(SECRET), wild)
    assert found
    assert found.body == b"wild"


def test_a_folder_that_cannot_be_written_is_counted(tmp_path, noticed):
    (tmp_path / "file").write_text("in the way")
    Folder(tmp_path / "file" / "cache", noticed.append).put(KEY, QUESTION, entry())
    assert noticed == [Event.FAILED]


def test_the_oldest_files_go(kept, noticed, monkeypatch):
    monkeypatch.setattr(room, "MOST_FILES", 10)
    for number in range(room.LOOK_EVERY):
        asked = question(parameters=(("pandaid", str(number)),))
        kept.put(asked.key(SECRET), asked, entry())
    assert len(list(kept.folder.rglob("*.*"))) == 10
    assert noticed.count(Event.EVICTED) == room.LOOK_EVERY - 10
