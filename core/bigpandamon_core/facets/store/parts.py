"""Parts: rows of one day, or the live ones, as a file of narrow columns.

The rows of failed jobs stand first, then those that ended well, then all others, each in the order of
modificationtime: how jobs ended is split, and a window is found, without looking at every row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bigpandamon_core.domain.states import ENDED_WELL, shown_state
from bigpandamon_core.facets.columns import CODED, COLUMNS, MODIFIED, PANDAID, STATE, SUBSTATE
from bigpandamon_core.facets.store import files
from bigpandamon_core.facets.store.files import File
from bigpandamon_core.facets.store.manifest import PartEntry
from bigpandamon_core.facets.store.numbers import Array, Numbers, narrowest, packed
from bigpandamon_core.facets.store.piece_counts import PieceCounts
from bigpandamon_core.facets.store.rows import Rows
from bigpandamon_core.facets.store.words import GrowingWords

FAILED, FINISHED, OTHER = range(3)
OUTCOMES: Mapping[str, int] = {"failed": FAILED} | dict.fromkeys(ENDED_WELL, FINISHED)


class Mapped:
    """The columns of a part's file in memory."""

    def __init__(self, folder: Path, file: File):
        self._columns = files.mapped(folder, file)
        self._found: dict[str, Array] = {}
        self._counts: dict[str, PieceCounts] = {}

    def stored(self, name: str) -> Array:
        if name not in self._found:
            self._found[name] = self._columns[name].to_numpy()
        return self._found[name]

    def counts(self, name: str) -> PieceCounts:
        if name not in self._counts:
            self._counts[name] = PieceCounts(self.stored(name))
        return self._counts[name]

    def numbers(self, name: str) -> Numbers:
        about = self._columns.schema.field(name).metadata
        return Numbers(self.stored(name), int(about[b"base"]), int(about[b"unit"]))


@dataclass(frozen=True)
class Part:
    """A part in memory. day: whose words its codes mean."""

    entry: PartEntry
    day: date
    mapped: Mapped

    def __len__(self) -> int:
        return self.entry.rows

    def codes(self, name: str) -> Array:
        return self.mapped.stored(name)

    def numbers(self, name: str) -> Numbers:
        return self.mapped.numbers(name)

    def column(self, name: str) -> Array:
        return self.codes(name) if COLUMNS[name].is_coded else self.numbers(name).values

    @property
    def outcomes(self) -> tuple[tuple[int, int, int], ...]:
        """How jobs ended, and where their rows begin and stop."""
        failed, finished = self.entry.failed, self.entry.failed + self.entry.finished
        return (FAILED, 0, failed), (FINISHED, failed, finished), (OTHER, finished, len(self))

    def without(self, places: Array) -> "Part":
        """The part with more rows that count no more."""
        superseded = np.union1d(np.array(self.entry.superseded, np.int64), places)
        return replace(self, entry=replace(self.entry, superseded=tuple(superseded.tolist())))

    @property
    def alive(self) -> Array:
        """The places of rows that still count."""
        counting = np.ones(len(self), bool)
        counting[list(self.entry.superseded)] = False
        return np.flatnonzero(counting)

    def places_of(self, pandaids: Array) -> Array:
        """Where the rows of these jobs are, those that count no more left out."""
        found = np.flatnonzero(self.numbers(PANDAID).one_of(pandaids))
        return np.setdiff1d(found, np.array(self.entry.superseded, found.dtype), assume_unique=True)


def write(folder: Path, name: str, rows: Rows, words: GrowingWords) -> PartEntry:
    """Save rows, in the order of parts. words: what their codes mean."""
    outcome = _outcomes(rows, words)
    order = np.lexsort((rows.column(PANDAID), rows.column(MODIFIED), outcome))
    fields, arrays = zip(*(_stored(name, rows.column(name)[order]) for name in COLUMNS), strict=True)
    batch = pa.record_batch(list(arrays), schema=pa.schema(fields))

    failed, finished = int(np.sum(outcome == FAILED)), int(np.sum(outcome == FINISHED))
    return PartEntry(files.write_batch(folder, name, batch), len(rows), failed, finished)


def _stored(name: str, column: Array) -> tuple[Any, Any]:
    if name in CODED:
        codes = pa.array(column.astype(narrowest(int(column.max(initial=0)))))
        return pa.field(name, codes.type, nullable=False), codes
    numbers = packed(column)
    about = {"base": str(numbers.base), "unit": str(numbers.unit)}
    values = pa.array(numbers.stored)
    return pa.field(name, values.type, nullable=False, metadata=about), values


def _outcomes(rows: Rows, words: GrowingWords) -> Array:
    """How each job ended, by its state as shown."""
    state, detail = rows.column(STATE).astype(np.int64), rows.column(SUBSTATE)
    states, details = words.values(STATE), words.values(SUBSTATE)
    pairs = state * len(details) + detail
    found, places = np.unique(pairs, return_inverse=True)
    shown = [
        shown_state(states[pair // len(details)], details[pair % len(details)]) for pair in found.tolist()
    ]
    taken: Array = np.array([OUTCOMES.get(state, OTHER) for state in shown], np.uint8)[places]
    return taken
