"""Entries as files of this host: beyond memcached's limit of one item, and counts that hold for good."""

import os
from pathlib import Path
from threading import get_ident

from bigpandamon_core.caching.entry import Entry, unsealed
from bigpandamon_core.caching.store import Event, Notice, unnoticed

SHARE = 100
"""The folder is looked through when this process has written so small a part of its room."""


class Large:
    """Sealed entries, one file each. most_bytes: all of them together, or a little more between one look at
    the folder and the next; the oldest go first."""

    def __init__(self, folder: Path, most_bytes: int, secret: bytes, notice: Notice = unnoticed):
        self.folder = folder
        self.most_bytes = most_bytes
        self._secret = secret
        self._written = most_bytes
        self._notice = notice

    def get(self, key: str) -> Entry | None:
        try:
            stored = (self.folder / key).read_bytes()
        except OSError:
            return None
        entry = unsealed(stored, key, self._secret)
        if entry is None:
            self._notice(Event.FOREIGN)
        return entry

    def put(self, key: str, stored: bytes) -> bool:
        """Whether it is kept there. stored: a sealed entry."""
        if len(stored) > self.most_bytes:
            self._notice(Event.TOO_LARGE)
            return False
        unfinished = self.folder / f".{key}.{os.getpid()}.{get_ident()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(stored)
            unfinished.replace(self.folder / key)
            self._written += len(stored)
            if self._written * SHARE > self.most_bytes:
                self._make_room()
        except OSError:
            self._notice(Event.FAILED)
            return False
        self._notice(Event.LARGE)
        return True

    def _make_room(self) -> None:
        taken = self._written = 0
        for path, size in self._files():
            taken += size
            if taken > self.most_bytes:
                path.unlink(missing_ok=True)
                self._notice(Event.EVICTED)

    def _files(self) -> list[tuple[Path, int]]:
        """With their sizes, the newest first; other processes may remove some meanwhile."""
        found = []
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            try:
                told = path.stat()
            except FileNotFoundError:
                continue
            found.append((told.st_mtime_ns, path, told.st_size))
        return [(path, size) for _, path, size in sorted(found, reverse=True)]
