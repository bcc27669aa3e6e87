"""Where this instance writes, and as whom."""

import grp
import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bigpandamon_core.config import Configuration, loading

LOGS = Path("/var/log/bigpandamon")
SERVICE = "bigpandamon"
"""The user that the packages make."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of this host, and the groups it is in."""

    name: str
    uid: int
    groups: frozenset[int]

    def may(self, path: Path, wanted: int) -> bool:
        """Whether it has these rights (os.R_OK and so on) on what is there, and gets there."""
        if self.uid == os.geteuid():
            return os.access(path, wanted)
        return self._granted(path, wanted) and all(self._granted(one, os.X_OK) for one in path.parents)

    def _granted(self, path: Path, wanted: int) -> bool:
        if self.uid == 0:
            return True
        state = path.stat()
        shift = 6 if state.st_uid == self.uid else 3 if state.st_gid in self.groups else 0
        return (state.st_mode >> shift) & wanted == wanted


def person(uid: int) -> Person:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Person(str(uid), uid, frozenset())
    return Person(entry.pw_name, uid, frozenset(os.getgrouplist(entry.pw_name, entry.pw_gid)))


def group_of(user: Person) -> str:
    """The name of its own group; that of the service where nobody knows."""
    try:
        return grp.getgrgid(pwd.getpwuid(user.uid).pw_gid).gr_name
    except KeyError:
        return SERVICE


def is_packaged(configuration: Configuration) -> bool:
    """Whether files lie where the packages put them."""
    return configuration.file is not None and configuration.file.parent == loading.ETC


def owner_of_state(configuration: Configuration) -> int | None:
    """None while there is no state."""
    state: Path = configuration.get("paths.state")
    return state.stat().st_uid if os.path.exists(state) else None


def service(configuration: Configuration) -> Person:
    """Who is looked for: whoever runs this, but root looks for the owner of the state."""
    owner = owner_of_state(configuration)
    return person(owner if os.geteuid() == 0 and owner is not None else os.geteuid())


def written(configuration: Configuration) -> Iterator[tuple[str, Path]]:
    """What for, and where."""
    yield "state", configuration.get("paths.state")
    yield "facets", configuration.get("facets.folder")
    if configuration.get("cache.kind") != "none":
        yield "kept answers", configuration.get("cache.folder")
    if is_packaged(configuration):
        yield "logs", LOGS


def existing(path: Path) -> Path:
    """The path, or what of it is there."""
    return next(place for place in (path, *path.parents) if os.path.exists(place))
