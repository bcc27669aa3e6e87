"""Words: the values of the coded columns of one day. A value's code is its place; lists only grow, so that
all parts of a day share their codes. Code 0 stands for none and is not written.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bigpandamon_core.domain.fields import Kind
from bigpandamon_core.facets.columns import CODED, COLUMNS
from bigpandamon_core.facets.store import files
from bigpandamon_core.facets.store.files import File
from bigpandamon_core.facets.store.numbers import Array

_TYPES = {Kind.TEXT: pa.list_(pa.string()), Kind.INTEGER: pa.list_(pa.int64())}
_SCHEMA = pa.schema([(name, _TYPES[COLUMNS[name].kind]) for name in CODED])


class WordFile:
    """The words that one publication added, read column by column when they are asked for."""

    def __init__(self, folder: Path, file: File):
        self._lists = files.mapped(folder, file)
        self._read: dict[str, list[Any]] = {}

    def values(self, name: str) -> list[Any]:
        if name not in self._read:
            self._read[name] = self._lists[name][0].values.to_pylist()
        return self._read[name]

    def count(self, name: str) -> int:
        return len(self._lists[name][0].values)


class Words:
    """All words of a day."""

    def __init__(self, parts: Sequence[WordFile] = ()):
        self._parts = tuple(parts)

    def values(self, name: str) -> list[Any]:
        """By code; the first is None."""
        return [None, *(value for part in self._parts for value in part.values(name))]

    def count(self, name: str) -> int:
        return 1 + sum(part.count(name) for part in self._parts)


class GrowingWords:
    """A day's words for the one that publishes: gives out codes, and knows which words are not saved yet."""

    def __init__(self, words: Words):
        self._words = words
        self._codes: dict[str, dict[Any, int]] = {}
        self._saved = {name: words.count(name) for name in CODED}

    def codes(self, name: str, values: Sequence[Any]) -> Array:
        """The code of each value; new ones for new values."""
        known = self._known(name)
        return np.array([known.setdefault(value, len(known)) for value in values], np.uint32)

    def values(self, name: str) -> list[Any]:
        return list(self._known(name))

    def _known(self, name: str) -> dict[Any, int]:
        if name not in self._codes:
            self._codes[name] = {value: code for code, value in enumerate(self._words.values(name))}
        return self._codes[name]

    def added(self) -> dict[str, list[Any]]:
        """By column the words that are in no file."""
        grown = {name: known for name, known in self._codes.items() if len(known) > self._saved[name]}
        return {name: list(known)[self._saved[name] :] for name, known in grown.items()}

    def all(self) -> dict[str, list[Any]]:
        return {name: self.values(name)[1:] for name in CODED}

    def saved(self) -> None:
        """All words there are now have been written."""
        self._saved |= {name: len(known) for name, known in self._codes.items()}


def write(folder: Path, name: str, words: Mapping[str, list[Any]]) -> File:
    """Save lists of words; columns that are not named have none."""
    lists = [pa.array([words.get(field.name, [])], field.type) for field in _SCHEMA]
    return files.write_batch(folder, name, pa.record_batch(lists, schema=_SCHEMA))
