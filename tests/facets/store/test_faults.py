"""Whatever happens while a generation is made, the last published one is what there is."""

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from bigpandamon_core.facets.store import files
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.manifest import NAME
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.reading import Store, Unpublished
from tests.architecture.repository import ROOT
from tests.facets import plain
from tests.facets.store.looking import batch, held, row, running
from tests.facets.worlds import SINCE, as_batches, odd_batches

WORLD = odd_batches(seed=4, batches=8, jobs=80)
BATCHES = as_batches(WORLD)


def killed(kind: str, folder: Path) -> dict[str, int]:
    program = [sys.executable, "-m", "tests.facets.store.killed", kind, str(folder)]
    answer = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, int] = json.loads(answer.stdout)
    return found


@pytest.mark.slow
def test_killed_at_any_step_of_a_publication(tmp_path: Path):
    seen = killed("step", tmp_path)
    assert seen.keys() == {"before", "after"}
    assert seen["before"] > 40


@pytest.mark.slow
def test_killed_at_any_moment(tmp_path: Path):
    seen = killed("moment", tmp_path)
    assert (seen.get("wrong", 0), seen["right"], seen["right live"]) == (0, 8, 8)
    assert seen["batches"] > 1, "killed so soon each time that nothing was ever published"


def failing(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, turn: int) -> None:
    """The operation says that the disk is full when its turn comes."""
    function, turns = getattr(owner, name), iter(range(1000))

    def refusing(*arguments: object) -> object:
        if next(turns) == turn:
            raise OSError(errno.ENOSPC, "No space left on device")
        return function(*arguments)

    monkeypatch.setattr(owner, name, refusing)


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.parametrize(
    ("owner", "name"),
    [(files._Counted, "write"), (os, "fsync"), (Path, "rename")],
    ids=["write", "sync", "rename"],
)
def test_a_full_disk_leaves_what_was_there(publisher, tmp_path, monkeypatch, owner, name, turn):
    publisher.publish(BATCHES[:2], SINCE)
    before = held(publisher.current())
    with monkeypatch.context() as patched:
        failing(patched, owner, name, turn)
        try:
            publisher.publish(BATCHES[2:4])
        except OSError:
            assert held(Store(tmp_path / "facets").current()) == before
            assert not list((tmp_path / "facets").glob("*.tmp"))
    publisher.publish(BATCHES[2:5])
    assert held(Store(tmp_path / "facets").current()).keys() == {
        row["pandaid"] for row in plain.newest(WORLD[:5])
    }


@pytest.mark.parametrize("size", [0, 100, 5_000, 12_000])
def test_a_file_that_may_not_grow(publisher: Publisher, tmp_path: Path, size: int):
    """The system itself refuses to write more."""
    publisher.publish(BATCHES[:2], SINCE)
    before = held(publisher.current())
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            publisher.publish(BATCHES[2:8])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert held(Store(tmp_path / "facets").current()) == before
    publisher.publish(BATCHES[2:8])
    assert held(Store(tmp_path / "facets").current()).keys() == {
        row["pandaid"] for row in plain.newest(WORLD)
    }


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def grown(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut, grown, flipped])
@pytest.mark.parametrize("kind", ["*-live.part", "*-20.part", "*.words", NAME])
def test_what_is_damaged_is_not_read_and_mends(
    publisher: Publisher, tmp_path: Path, damage: Callable[[Path], None], kind: str
):
    folder = tmp_path / "facets"
    publisher.publish(BATCHES, SINCE)
    held_before = Store(folder).current()
    wanted = held(held_before)
    path = sorted(folder.glob(kind))[-1]
    damage(path)
    reader = Store(folder)
    with pytest.raises(Damaged) as refused:
        reader.current()
    assert refused.value.name == path.name
    assert path.with_name(f"{path.name}.{refused.value.reason}").exists()
    assert not path.exists()
    with pytest.raises((Damaged, Unpublished)):
        reader.current()
    if kind != NAME:
        with pytest.raises(Damaged, match="missing"):
            publisher.publish([batch(9, row(1))])
    publisher.discard()
    publisher.publish(BATCHES, SINCE)
    assert held(reader.current()) == wanted


def test_what_is_damaged_later_is_no_matter_to_who_has_looked(publisher: Publisher, tmp_path: Path):
    """A damaged file is set aside, not changed: whoever has it in memory keeps it."""
    publisher.publish(BATCHES, SINCE)
    snapshot = Store(tmp_path / "facets").current()
    wanted = held(snapshot)
    copy = tmp_path / "copy"
    for path in (tmp_path / "facets").glob("*.part"):
        shutil.copy(path, copy)
        flipped(copy)
        copy.rename(path)
    with pytest.raises(Damaged):
        Store(tmp_path / "facets").current()
    assert held(snapshot) == wanted


def test_nothing_is_published_yet(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(Unpublished):
            Store(folder).current()


def test_readers_see_whole_generations_while_one_publishes(publisher: Publisher, tmp_path: Path):
    """Two readers look as often as they can; what they see is what some batch made."""
    batches = [
        batch(n, *(running(job, computingsite=f"Q{n}") for job in range(50)), row(1000 + n))
        for n in range(25)
    ]
    publisher.publish(batches[:1], SINCE)
    done, problems, seen = Event(), list[str](), list[set[int]]()

    def look() -> None:
        store, generations = Store(tmp_path / "facets"), set[int]()
        while not done.is_set():
            snapshot = store.current()
            number = snapshot.manifest.batch
            queues = {queue for part, queue in held(snapshot).values() if part == "live"}
            if queues != {f"Q{number}"} or len(held(snapshot)) != 51 + number:
                problems.append(f"{number}: {queues}")
            generations.add(number)
        seen.append(generations)

    readers = [Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for each in batches[1:]:
        publisher.publish([each])
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert all(len(generations) > 2 for generations in seen)


def test_a_store_that_goes_away_while_it_is_opened(publisher: Publisher, tmp_path: Path, monkeypatch):
    """The generation that a reader has begun to open is two behind when it looks for its files."""
    publisher.publish(BATCHES[:1], SINCE)
    looks, original = iter(range(100)), files.mapped

    def late(folder: Path, file: files.File) -> object:
        if next(looks) == 0:
            publisher.publish(BATCHES[1:2])
            publisher.publish(BATCHES[2:3])
        return original(folder, file)

    monkeypatch.setattr(files, "mapped", late)
    assert Store(tmp_path / "facets").current().manifest.batch == 3
