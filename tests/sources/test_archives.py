"""What is inside logs: archives as they are made, and as somebody makes them who means harm."""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import time
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.sources import archives, log_folders
from bigpandamon_core.sources.archives import Caps, Unreadable
from bigpandamon_core.sources.log_folders import NotHad

MB = 1_000_000
CAPS = Caps(archive_bytes=2 * MB, file_bytes=MB, members=50)
NOON = datetime(2026, 3, 1, 12)
SECONDS = 1_772_366_400


def tar(*members: tarfile.TarInfo | tuple[str, bytes], mode: str = "w") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size, info.mtime = len(member[1]), SECONDS
            archive.addfile(info, io.BytesIO(member[1]))
    return made.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return made.getvalue()


def looked(log: bytes, name: str = "job.log.tgz", caps: Caps = CAPS) -> dict[str, tuple[str, bytes]]:
    """By path why it is refused, and what it holds."""
    with archives.opened(io.BytesIO(log), name, caps) as (opened, members):
        return {
            one.path: (one.refused, b"" if one.refused else archives.content(opened, one, caps))
            for one in members
        }


FILES = (("work/pilot.log", b"hello"), ("payload.stdout", b""))
SEEN = {"work/pilot.log": ("", b"hello"), "payload.stdout": ("", b"")}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_tar_archives(pack: Callable[[bytes], bytes]):
    assert looked(pack(tar(*FILES))) == SEEN


def test_zip_archives():
    assert looked(zipped(*FILES)) == SEEN


def test_single_files():
    assert looked(b"plain text", "job.log") == {"job.log": ("", b"plain text")}
    assert looked(gzip.compress(b"packed text"), "job.log.gz") == {"job.log": ("", b"packed text")}
    assert looked(gzip.compress(b"one, ") + gzip.compress(b"two"), "a") == {"a": ("", b"one, two")}
    assert looked(b"") == {"job.log.tgz": ("", b"")} or looked(b"") == {"job.log": ("", b"")}


def test_what_is_told_of_a_file():
    with archives.opened(io.BytesIO(tar(*FILES)), "a.tar", CAPS) as (_, (first, _second)):
        assert (first.name, first.folder, first.size, first.modified) == ("pilot.log", "work", 5, NOON)


def test_what_leads_out_is_listed_and_refused():
    hostile = tar(
        ("/etc/passwd", b"x"),
        ("../../up", b"x"),
        ("a/../../up", b"x"),
        ("C:\\windows", b"x"),
        special("soft", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard", tarfile.LNKTYPE, "/etc/passwd"),
        special("fifo", tarfile.FIFOTYPE),
        special("device", tarfile.CHRTYPE),
        special("folder", tarfile.DIRTYPE),
        ("large", bytes(MB + 1)),
        ("./good", b"x"),
    )
    assert looked(hostile) == {
        "/etc/passwd": ("an absolute name", b""),
        "../../up": ("a name that leads out", b""),
        "a/../../up": ("a name that leads out", b""),
        "C:\\windows": ("an absolute name", b""),
        "soft": ("a link", b""),
        "hard": ("a link", b""),
        "fifo": ("no plain file", b""),
        "device": ("no plain file", b""),
        "large": ("larger than 1 MB", b""),
        "good": ("", b"x"),
    }


def test_zip_archives_that_mean_harm():
    link = zipfile.ZipInfo("soft")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    found = looked(zipped((link, b"/etc/passwd"), ("../up", b"x"), ("/abs", b"x"), ("large", bytes(MB + 1))))
    assert [refused for refused, _ in found.values()] == [
        "a link",
        "a name that leads out",
        "an absolute name",
        "larger than 1 MB",
    ]


def test_a_file_that_lies_about_its_size():
    """The directory says 1 byte, the file unpacks to more."""
    log = bytearray(zipped(("a", bytes(MB + 7))))
    place = log.rindex((MB + 7).to_bytes(4, "little"))
    log[place : place + 4] = (1).to_bytes(4, "little")
    with archives.opened(io.BytesIO(bytes(log)), "a.zip", CAPS) as (opened, (member,)):
        try:
            found = archives.content(opened, member, CAPS)
        except Unreadable:
            return
        assert len(found) <= MB


@pytest.mark.parametrize(
    "log",
    [
        gzip.compress(bytes(50 * MB)),
        bz2.compress(bytes(50 * MB)),
        lzma.compress(bytes(50 * MB)),
        gzip.compress(tar(("a", bytes(3 * MB)))),
        tar(*((str(place), b"") for place in range(60))),
        zipped(*((str(place), b"") for place in range(60))),
        gzip.compress(b"x" * 999)[:20],
        tar(("a", b"x" * 999))[:600],
        b"PK\x03\x04" + b"broken" * 99,
        b"\x1f\x8b" + b"broken" * 99,
    ],
    ids=[
        "gzip bomb",
        "bz2 bomb",
        "xz bomb",
        "large",
        "many",
        "many zipped",
        "half",
        "half tar",
        "zip",
        "gzip",
    ],
)
def test_logs_that_are_not_looked_into(log: bytes):
    begun = time.monotonic()
    with pytest.raises(Unreadable):
        looked(log)
    assert time.monotonic() - begun < 2


def test_nothing_is_written_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    looked(tar(*FILES, ("../beside", b"x")))
    looked(zipped(*FILES, ("../beside", b"x")))
    assert [*tmp_path.iterdir()] == []
    assert not (tmp_path.parent / "beside").exists()


def test_names_that_are_no_text():
    info = tarfile.TarInfo("odd\udcff")
    ((path, (refused, _)),) = looked(tar(info)).items()
    assert (path, refused) == ("odd?", "")


GOOD = (gzip.compress(tar(*FILES)), tar(*FILES), zipped(*FILES), lzma.compress(b"x" * 999))


@given(good=st.sampled_from(GOOD), place=st.integers(0, 4000), other=st.binary(min_size=1, max_size=40))
def test_whatever_comes_is_read_or_refused(good: bytes, place: int, other: bytes):
    place %= len(good)
    log = good[:place] + other + good[place + len(other) :]
    try:
        looked(log)
    except Unreadable:
        return


def test_logs_in_a_folder(tmp_path: Path):
    root = tmp_path / "logs"
    (root / "scope").mkdir(parents=True)
    (root / "scope" / "a.log").write_bytes(b"text")
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "inside").symlink_to(root / "scope" / "a.log")
    (root / "outside").symlink_to(tmp_path / "secret")
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "fifo")
    for name in ("scope/a.log", "inside"):
        with log_folders.opened(root, name, MB) as file:
            assert file.read() == b"text"
    for name, why in {
        "outside": "outside",
        "../secret": "outside",
        "absent": "not there",
        "scope/a.log/b": "not there",
        "scope": "no plain file",
        "fifo": "no plain file",
        "loop": "cannot be read",
        "\0": "cannot be read",
    }.items():
        with pytest.raises(NotHad, match=why):
            log_folders.opened(root, name, MB)
    with pytest.raises(NotHad, match="not there"):
        log_folders.opened(tmp_path / "nowhere", "a.log", MB)
    with pytest.raises(NotHad, match="larger"):
        log_folders.opened(root, "scope/a.log", 3)
