"""The store as a process reads it: always one whole generation, the newest there is."""

from pathlib import Path
from threading import Lock

from bigpandamon_core.facets.columns import WrongVersion
from bigpandamon_core.facets.store import manifest
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.snapshot import Snapshot

Signature = tuple[int, int, int]


class Unpublished(Exception):
    """There is no store in the folder, or not yet."""


class Store:
    """What is published in a folder. Threads may share it."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._lock = Lock()
        self._seen: Signature | None = None
        self._found: Snapshot | Damaged | WrongVersion | None = None

    def current(self) -> Snapshot:
        """The newest generation; it stays whole for as long as it is held.

        Raises:
            Unpublished: there is none.
            Damaged: a file is not what was written; the store has to be rebuilt.
            WrongVersion: the store has other columns; it has to be rebuilt.
        """
        with self._lock:
            seen = _signature(self._folder / manifest.NAME)
            if seen != self._seen or seen is None:
                self._found = self._opened()
                self._seen = seen
            if isinstance(self._found, Snapshot):
                return self._found
        problem = self._found or Unpublished(f"no facets in {self._folder}")
        raise problem.with_traceback(None)

    def _opened(self) -> Snapshot | Damaged | WrongVersion | None:
        try:
            return opened(self._folder, self._found if isinstance(self._found, Snapshot) else None)
        except (Damaged, WrongVersion) as problem:
            return problem
        except OSError as error:
            return Damaged(str(error.filename or self._folder), "unreadable")


def opened(folder: Path, earlier: Snapshot | None = None) -> Snapshot | None:
    """What is published now, None if nothing is. Raises Damaged or WrongVersion.

    While it is opened, others may publish, and remove what only an older generation had.
    """
    tried = None
    while (found := manifest.published(folder)) is not None:
        try:
            return Snapshot(folder, found, earlier)
        except FileNotFoundError as error:
            if found == tried:
                raise Damaged(Path(error.filename).name, "missing") from error
            tried = found
    return None


def _signature(path: Path) -> Signature | None:
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_ino, about.st_mtime_ns, about.st_size
