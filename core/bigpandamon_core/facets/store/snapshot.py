"""One generation of the store in memory: what a request holds from its first count to its last."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from bigpandamon_core.facets.store.files import File
from bigpandamon_core.facets.store.manifest import Manifest
from bigpandamon_core.facets.store.parts import Mapped, Part
from bigpandamon_core.facets.store.vocabulary import Values, Vocabulary
from bigpandamon_core.facets.store.words import WordFile, Words

Opened = TypeVar("Opened", Mapped, WordFile)


class Snapshot:
    """days: the words of each day. ended: parts of jobs that ended. live: the part of those that have not."""

    def __init__(self, folder: Path, manifest: Manifest, earlier: "Snapshot | None" = None):
        """earlier: another generation; what both have is not looked at again.

        Raises:
            Damaged: a file is not what was written.
            FileNotFoundError: a file is not there.
        """
        self.manifest = manifest
        if earlier and earlier.manifest.store != manifest.store:
            earlier = None
        parts, words = (earlier._parts, earlier._words) if earlier else ({}, {})
        self._parts: dict[str, Mapped] = _opened(folder, manifest.parts, Mapped, parts)
        self._words: dict[str, WordFile] = _opened(folder, manifest.words, WordFile, words)
        self.days = {day.day: Words([self._words[file.name] for file in day.words]) for day in manifest.days}
        self.ended = [
            Part(entry, day.day, self._parts[entry.file.name]) for day in manifest.days for entry in day.parts
        ]
        live = manifest.live
        self.live = Part(live, manifest.live_day, self._parts[live.file.name]) if live else None
        kept = earlier is not None and earlier.days.keys() <= self.days.keys()
        self._vocabulary: Vocabulary = earlier._vocabulary if earlier and kept else Vocabulary()

    def values(self, name: str) -> Values:
        """The values of a coded column."""
        return self._vocabulary.values(name, self.days)


def _opened(
    folder: Path, files: Iterable[File], kind: Callable[[Path, File], Opened], earlier: Mapping[str, Opened]
) -> dict[str, Opened]:
    return {file.name: earlier.get(file.name) or kind(folder, file) for file in files}
