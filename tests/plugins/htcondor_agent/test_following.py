"""A log that grows, is rotated, emptied or replaced: every event once, whatever happens between looks."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_htcondor_agent import following
from bigpandamon_htcondor_agent.following import Position, is_rotation, news


def text(number: int) -> bytes:
    return b"006 (%d.0.0) 2025-01-01 00:00:00 Image size of job updated: %d\n...\n" % (number, number)


class Look:
    """What one after another look brings. With the place on disk, each look could be another process."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.position: Position | None = None
        self.moment = 1_700_000_000

    def append(self, *numbers: int, rest: bytes = b"") -> None:
        with self.log.open("ab") as stream:
            stream.write(b"".join(map(text, numbers)) + rest)
        self.moment += 1
        os.utime(self.log, (self.moment, self.moment))

    def rotate(self, name: str = "EventLog.old") -> None:
        self.log.rename(self.log.with_name(name))

    def __call__(self) -> list[int]:
        found = []
        for batch in news(self.log, self.position):
            self.position = batch.position
            found += [
                int(block.content.split(b"(")[1].split(b".")[0]) for block in batch.blocks if block.whole
            ]
        return found


@pytest.fixture
def look(log) -> Look:
    return Look(log)


def test_growth_and_half_lines(look):
    look.append(1, 2, rest=text(3)[:30])
    assert (look(), look()) == ([1, 2], [])
    with look.log.open("ab") as stream:
        stream.write(text(3)[30:-1])
    assert look() == [3]
    with look.log.open("ab") as stream:
        stream.write(b"\n" + text(4))
    assert (look(), look()) == ([4], [])


def test_rotation_between_looks(look):
    look.append(1)
    assert look() == [1]
    look.append(2)
    look.rotate()
    look.append(3)
    assert (look(), look()) == ([2, 3], [])


def test_many_rotations_between_looks(look):
    for number in range(1, 7):
        look.append(number)
        if number == 2:
            assert look() == [1, 2]
        for older in range(5, 0, -1):
            aside = look.log.with_name(f"EventLog.{older}")
            if aside.exists():
                aside.rename(look.log.with_name(f"EventLog.{older + 1}"))
        look.rotate("EventLog.1")
    look.append(7)
    assert look() == [3, 4, 5, 6, 7]


def test_the_first_look_takes_what_rotation_left(look):
    look.append(1)
    look.rotate("EventLog.20250101T000000")
    look.append(2)
    shutil.copy(look.log, look.log.with_name("EventLog.lock"))
    assert look() == [1, 2]


def test_a_writer_that_goes_on_in_the_renamed_file(look):
    look.append(1)
    stream = look.log.open("ab", buffering=0)
    stream.write(text(2)[:20])
    look.rotate()
    look.log.touch()
    assert look() == [1]
    stream.write(text(2)[20:] + text(3))
    stream.close()
    look.append(4)
    assert look() == [2, 3, 4]


def test_a_half_event_at_the_end_of_a_rotated_file_is_given_up(look, caplog):
    look.append(1, rest=text(2)[:20])
    look.rotate()
    look.append(3)
    assert (look(), look()) == ([1, 3], [])
    assert "has no end" in caplog.text


def test_emptied_in_place(look):
    look.append(1, 2, 3)
    assert look() == [1, 2, 3]
    look.log.write_bytes(b"")
    look.append(4)
    assert look() == [4]


def test_emptied_and_grown_beyond_the_place(look):
    look.append(1)
    assert look() == [1]
    look.log.write_bytes(b"")
    look.append(2, 3, 4)
    assert (look(), look()) == ([2, 3, 4], [])


def test_copied_and_emptied(look):
    """As logrotate's copytruncate does: what came just before stands in the copy alone."""
    look.append(1)
    assert look() == [1]
    look.append(2)
    shutil.copy2(look.log, look.log.with_name("EventLog.1"))
    look.log.write_bytes(b"")
    look.append(3)
    assert look() == [2, 3]


def test_another_file_with_the_same_inode(look):
    look.append(1, 2)
    assert look() == [1, 2]
    look.rotate("EventLog.1")
    look.append(3, 4, 5)
    position = look.position
    inode = look.log.stat().st_ino
    look.position = Position(inode, position.offset, position.length, position.digest, position.written)
    assert look() == [3, 4, 5]


def test_the_place_is_gone(look, caplog):
    look.append(1)
    assert look() == [1]
    look.log.unlink()
    look.append(2)
    look.rotate("EventLog.1")
    look.append(3)
    assert look() == [2, 3]
    assert "is gone" in caplog.text


def test_rotated_while_it_is_opened(look, monkeypatch):
    look.append(1)
    assert look() == [1]
    look.append(2)
    opening = following._open
    calls: list[Path] = []

    def open_late(path, opened):
        if len(calls) < 2:
            calls.append(path)
            part = opening(path, opened)
            look.rotate(f"EventLog.{3 - len(calls)}")
            look.append(len(calls) + 2)
            return part
        return opening(path, opened)

    monkeypatch.setattr(following, "_open", open_late)
    assert look() == [2, 3, 4]


def test_no_log(look):
    with pytest.raises(FileNotFoundError):
        look()


def test_batches_end_where_the_next_begin(look, monkeypatch):
    monkeypatch.setattr(following, "BATCH", 3)
    look.append(*range(1, 11))
    sizes = [len(batch.blocks) for batch in news(look.log, None)]
    assert sizes == [3, 3, 3, 1]
    first = next(iter(news(look.log, None)))
    look.position = first.position
    assert look() == list(range(4, 11))


def test_what_rotation_put_aside_is_no_log_of_its_own(look):
    look.append(1)
    for name in ("EventLog.old", "EventLog.3", "EventLog.20250101T000000", "Other.1", "EventLog.txt"):
        look.log.with_name(name).touch()
    found = {path.name for path in look.log.parent.glob("*.*") if is_rotation(path)}
    assert found == {"EventLog.old", "EventLog.3", "EventLog.20250101T000000"}


@given(st.lists(st.sampled_from(["append", "half", "look", "rotate", "copy"]), max_size=25))
def test_each_event_once_whatever_happens(tmp_path_factory, deeds):
    """However writing, rotating and looking alternate."""
    look = Look(tmp_path_factory.mktemp("log") / "EventLog")
    look.append()
    written, found, rest = 0, [], b""
    for number, deed in enumerate(deeds):
        if deed == "look":
            found += look()
        elif deed in ("append", "half"):
            written += not rest
            piece = rest or text(written)
            cut = len(piece) // 2 if deed == "half" else len(piece)
            rest = piece[cut:]
            look.append(rest=piece[:cut])
        elif not rest:  # nobody puts a log aside in the middle of an event
            aside = look.log.with_name(f"EventLog.20250101T{number:06d}")
            if deed == "rotate":
                look.log.rename(aside)
            else:
                shutil.copy2(look.log, aside)
                look.log.write_bytes(b"")
            look.append()
    look.append(rest=rest)
    assert found + look() == list(range(1, written + 1))
