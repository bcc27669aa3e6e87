"""The two databases of a test process, empty: PanDA's and ours, on one private server or in two files."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services import mariadb, postgresql
from tests.services.folders import make_folder

PANDA = "panda"
OWN = "monitor"


@dataclass(frozen=True)
class Databases:
    """kind: as given by --panda. folder: for the configuration and the instance's state."""

    kind: str
    panda_url: str
    own_url: str
    folder: Path
    server: mariadb.MariaDB | postgresql.PostgreSQL | None = None

    def remove(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server.remove()
        shutil.rmtree(self.folder)


def made(kind: str) -> Databases:
    """A new server with two empty databases. Without its package the run ends, well unless CI is set."""
    try:
        return MAKERS[kind]()
    except pytest.skip.Exception as reason:
        pytest.exit(f"nothing tested: {reason}", returncode=0)
    except pytest.fail.Exception as reason:
        pytest.exit(f"nothing tested: {reason}", returncode=1)


def _sqlite() -> Databases:
    folder = make_folder("instance")
    panda, own = (f"sqlite:///{folder}/{name}.sqlite3" for name in (PANDA, OWN))
    return Databases("sqlite", panda, own, folder)


def _mariadb() -> Databases:
    server = mariadb.running()
    server.run(*(f"CREATE DATABASE {name}" for name in (PANDA, OWN)))
    return Databases("mariadb", server.url(PANDA), server.url(OWN), make_folder("instance"), server)


def _postgresql() -> Databases:
    server = postgresql.running()
    server.run(*(f"CREATE DATABASE {name}" for name in (PANDA, OWN)))
    return Databases("postgresql", server.url(PANDA), server.url(OWN), make_folder("instance"), server)


KEY = pytest.StashKey[Databases]()

MAKERS: dict[str, Callable[[], Databases]] = {
    "sqlite": _sqlite,
    "mariadb": _mariadb,
    "postgresql": _postgresql,
}
