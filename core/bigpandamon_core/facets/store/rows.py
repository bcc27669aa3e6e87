"""Rows on their way into a part, column by column: a column is made when it is asked for."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from bigpandamon_core.facets.columns import COLUMNS, PANDAID
from bigpandamon_core.facets.store.numbers import ABSENT, Array
from bigpandamon_core.facets.store.words import GrowingWords, Words


class Rows(Protocol):
    """Codes of the coded columns (of one day's words), numbers of the others."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def column(self, name: str) -> Array: ...


@dataclass(frozen=True)
class Chosen:
    """Some rows, by their places."""

    rows: Rows
    places: Array

    def __len__(self) -> int:
        return len(self.places)

    def column(self, name: str) -> Array:
        taken: Array = self.rows.column(name)[self.places]
        return taken


@dataclass(frozen=True)
class Joined:
    """Rows after rows. All of them are coded by the same words."""

    parts: Sequence[Rows]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def column(self, name: str) -> Array:
        return np.concatenate([part.column(name) for part in self.parts])


@dataclass(frozen=True)
class Coded:
    """Rows of a batch as codes of a day's words."""

    table: Any
    words: GrowingWords

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def column(self, name: str) -> Array:
        column = self.table[name].combine_chunks()
        if not COLUMNS[name].is_coded:
            return numbers(column)
        found = column.dictionary_encode(null_encoding="encode")
        codes = self.words.codes(name, found.dictionary.to_pylist())
        taken: Array = codes[found.indices.to_numpy()]
        return taken


@dataclass(frozen=True)
class Recoded:
    """Rows that are coded by one day's words as codes of another's."""

    rows: Rows
    before: Words
    words: GrowingWords

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Array:
        column = self.rows.column(name)
        if not COLUMNS[name].is_coded:
            return column
        used, values = np.flatnonzero(np.bincount(column)), self.before.values(name)
        codes = np.zeros(len(values), np.uint32)
        codes[used] = self.words.codes(name, [values[code] for code in used.tolist()])
        return codes[column]


def numbers(column: Any) -> Array:
    """A column of whole numbers or times as int64, ABSENT where there is none."""
    return np.asarray(column.cast(pa.int64()).fill_null(ABSENT))


def newest(tables: Sequence[Any]) -> Any:
    """Of the rows of several batches, in their order, the last one of each job."""
    every = pa.concat_tables(tables).combine_chunks()
    backwards = np.asarray(every[PANDAID])[::-1]
    _, last = np.unique(backwards, return_index=True)
    return every.take(pa.array(np.sort(len(backwards) - 1 - last)))
