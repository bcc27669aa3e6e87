"""Room on the disks that the monitor writes to."""

import os
from collections.abc import Iterator
from pathlib import Path

from bigpandamon_core.config import Configuration, DatabaseUrl
from bigpandamon_core.management.inspection import Finding, folders, trouble, warning

SUBJECT = "disk"
MB, GB = 1 << 20, 1 << 30
FULL_BYTES, LOW_BYTES, AMPLE_BYTES = 100 * MB, GB, 20 * GB
LOW_SHARE = 0.05
LOW_FILES = 10_000
MOUNTS = Path("/proc/self/mountinfo")
OVER_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "ceph", "lustre", "glusterfs", "afs", "gpfs", "beegfs"}
)
"""File systems on which SQLite cannot share memory between hosts, and mostly cannot lock."""


def findings(configuration: Configuration) -> Iterator[Finding]:
    """One for each disk, and one if our own database is a file on another host's.

    The rule. Trouble: less than 100 MB or no file is left; the own database then refuses to write. Worth a
    thought: less than 1 GB, or less than 5 % of the disk and less than 20 GB, for facets are written anew
    beside those in use; or fewer than 10,000 further files. What is left is what an ordinary user gets.
    """
    for place, purposes in _disks(configuration).items():
        yield _room(place, purposes)
    yield from _database(configuration.get("database.url"))


def _disks(configuration: Configuration) -> dict[Path, list[str]]:
    """By one folder of each disk what is written there."""
    first: dict[int, Path] = {}
    found: dict[Path, list[str]] = {}
    for purpose, folder in folders.written(configuration):
        there = folders.existing(folder)
        found.setdefault(first.setdefault(there.stat().st_dev, there), []).append(purpose)
    return found


def _room(place: Path, purposes: list[str]) -> Finding:
    state = os.statvfs(place)
    left, whole = state.f_bavail * state.f_frsize, state.f_blocks * state.f_frsize
    text = f"{_size(left)} of {_size(whole)} left in {place} for {', '.join(purposes)}"
    remedy = f"make room on the disk of {place}, or put paths.state on a larger one"
    if left < FULL_BYTES:
        return trouble(SUBJECT, text, remedy)
    if left < LOW_BYTES or left < min(LOW_SHARE * whole, AMPLE_BYTES):
        return warning(SUBJECT, text, remedy)
    return _files(state, place) or Finding(SUBJECT, text)


def _files(state: os.statvfs_result, place: Path) -> Finding | None:
    """None where enough are left, or where the file system does not count them."""
    if not state.f_files or state.f_favail >= LOW_FILES:
        return None
    text = f"only {state.f_favail:,} further files can be made in {place}"
    remedy = f"find what makes so many: `du --inodes -x {place} | sort -n | tail`"
    return trouble(SUBJECT, text, remedy) if not state.f_favail else warning(SUBJECT, text, remedy)


def _size(count: float) -> str:
    return f"{count / GB:.1f} GB" if count >= GB else f"{count / MB:.0f} MB"


def _database(url: DatabaseUrl) -> Iterator[Finding]:
    if url.kind != "sqlite3":
        return
    kind = file_system_of(Path(url.name))
    if kind in OVER_NETWORK:
        text = f"the own database {url.name} lies on {kind}, where SQLite's locks do not hold"
        yield warning(SUBJECT, text, "put it on a disk of this host, or use PostgreSQL or MariaDB")


def file_system_of(path: Path) -> str:
    """The kind of file system a path is on; "" where this host does not tell."""
    if not MOUNTS.is_file():
        return ""
    mounts = {}
    for line in MOUNTS.read_text(encoding="utf-8").splitlines():
        before, _, after = line.partition(" - ")
        mounts[Path(before.split()[4].encode().decode("unicode_escape"))] = after.split()[0]
    return next((mounts[place] for place in (path, *path.parents) if place in mounts), "")
