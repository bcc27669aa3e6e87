"""Entries as files that people can read: for developers who want to see what is kept."""

import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from bigpandamon_core.caching.claims import Release, claimed, unshared
from bigpandamon_core.caching.entry import Entry, etag_of
from bigpandamon_core.caching.keys import Question
from bigpandamon_core.caching.store import Event, Notice, unnoticed

MOST_FILES = 1000
LOOK_EVERY = 50
"""After so many writes the folder is looked at, and the oldest files over MOST_FILES go."""
LOCKS = ".locks"
_SAFE = re.compile(r"[^A-Za-z0-9=._-]+")


class Folder:
    """One file an entry, `<section>/<resource>.<representation>.<parameters>.<key>`: headers, an empty line,
    the body as a client sees it."""

    def __init__(self, folder: Path, notice: Notice = unnoticed):
        self.folder = folder
        self._notice = notice
        self._written = 0

    def _path(self, key: str, question: Question) -> Path:
        words = _SAFE.sub("_", urlencode(question.parameters))[:120]
        name = ".".join(part for part in (question.resource, question.representation, words, key) if part)
        return self.folder / question.section / name

    def get(self, key: str, question: Question) -> Entry | None:
        try:
            content = self._path(key, question).read_bytes()
        except OSError:
            return None
        try:
            return _read(content)
        except (ValueError, KeyError):
            self._notice(Event.FOREIGN)
            return None

    def put(self, key: str, question: Question, entry: Entry) -> None:
        path = self._path(key, question)
        unfinished = path.with_name(f".{key}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(_written(question, entry))
            unfinished.replace(path)
        except OSError:
            self._notice(Event.FAILED)
            return
        self._notice(Event.KEPT)
        self._written += 1
        if self._written % LOOK_EVERY == 0:
            self._tidy()

    def _tidy(self) -> None:
        with suppress(OSError):
            entries = [path for path in self.folder.glob("*/*") if path.parent.name != LOCKS]
            files = sorted(entries, key=lambda path: path.stat().st_mtime, reverse=True)
            for path in files[MOST_FILES:]:
                path.unlink()
                self._notice(Event.EVICTED)

    def claim(self, key: str) -> Release | None:
        """One of 256 rights, so that their files need no tidying: now and then strangers wait."""
        try:
            return claimed(self.folder / LOCKS / key[:2])
        except OSError:
            self._notice(Event.FAILED)
            return unshared

    def state(self) -> dict[str, object]:
        return {"kind": "files", "folder": str(self.folder)}


def _written(question: Question, entry: Entry) -> bytes:
    lines = (
        ("Url", f"{question.url}?{urlencode(question.parameters)}"),
        ("Representation", question.representation),
        ("Audience", question.audience),
        ("Made", entry.made.isoformat()),
        ("Edition", entry.edition),
        ("Content-Type", entry.content_type),
        *entry.headers,
    )
    head = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines)
    return head.encode() + b"\n" + entry.plain()


_OURS = frozenset({"Url", "Representation", "Audience", "Made", "Edition", "Content-Type"})


def _read(content: bytes) -> Entry:
    """Raises ValueError or KeyError for a file that is none of ours."""
    head, empty, body = content.partition(b"\n\n")
    if not empty:
        raise ValueError("no empty line after the headers")
    pairs = [line.split(": ", 1) for line in head.decode().split("\n")]
    told = {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}
    headers = tuple((name, value) for name, value in told.items() if name not in _OURS)
    made = datetime.fromisoformat(told["Made"])
    return Entry(body, told["Content-Type"], etag_of(body), made, told["Edition"], headers=headers)
