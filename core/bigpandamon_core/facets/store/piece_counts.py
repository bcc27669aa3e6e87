"""Codes of a column counted in pieces of its rows, each once: a file never changes, and windows overlap."""

import numpy as np

from bigpandamon_core.facets.store.numbers import Array

NARROW, WIDE = 1 << 14, 1 << 18
"""Rows of a piece: of codes of one byte, and of wider ones, whose counts take more memory."""


class PieceCounts:
    """How often each code occurs between two places. Threads may share it: at worst both count a piece."""

    def __init__(self, codes: Array):
        is_narrow = codes.dtype == np.uint8
        self._codes = codes
        self._rows = NARROW if is_narrow else WIDE
        self._width = 256 if is_narrow else int(codes.max(initial=0)) + 1
        self._counts = np.zeros((len(codes) // self._rows, self._width), np.int32)
        self._known = np.zeros(len(self._counts), bool)

    def between(self, start: int, stop: int, size: int) -> Array:
        """Counts by code of the rows from one place to before another. size: above all codes."""
        first, last = -(-start // self._rows), stop // self._rows
        if first >= last:
            return np.bincount(self._codes[start:stop], minlength=size)
        counts = np.bincount(self._codes[start : first * self._rows], minlength=size)
        counts += np.bincount(self._codes[last * self._rows : stop], minlength=size)
        width = min(size, self._width)
        counts[:width] += self._of_pieces(first, last)[:width]
        return counts

    def _of_pieces(self, first: int, last: int) -> Array:
        for piece in (first + np.flatnonzero(~self._known[first:last])).tolist():
            rows = self._codes[piece * self._rows : (piece + 1) * self._rows]
            self._counts[piece] = np.bincount(rows, minlength=self._width)
            self._known[piece] = True
        total: Array = self._counts[first:last].sum(axis=0)
        return total
