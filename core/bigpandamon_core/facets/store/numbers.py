"""Numbers as they are kept: above the least one, in whole seconds where they are, as narrow as they fit.

In memory a column of numbers is int64, times as microseconds since 1970, with ABSENT for none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
ABSENT = int(np.iinfo(np.int64).min)
SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1)
_WIDTHS = (np.uint8, np.uint16, np.uint32, np.uint64)


def narrowest(most: int) -> Any:
    """The least unsigned type that holds the number."""
    return next(np.dtype(width) for width in _WIDTHS if most <= np.iinfo(width).max)


def microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(number: int) -> datetime:
    """Of so many microseconds."""
    return _EPOCH + timedelta(microseconds=number)


@dataclass(frozen=True, slots=True)
class Numbers:
    """stored: multiples of `unit` above `base`; the greatest number of its type stands for absent."""

    stored: Array
    base: int
    unit: int

    @property
    def absent(self) -> int:
        return int(np.iinfo(self.stored.dtype).max)

    @property
    def present(self) -> Array:
        mask: Array = self.stored != self.absent
        return mask

    @property
    def values(self) -> Array:
        """int64 with ABSENT for none."""
        wide = self.stored.astype(np.int64) * self.unit + self.base
        wide[~self.present] = ABSENT
        return wide

    def above(self, base: int, unit: int) -> Array:
        """How many of a unit, of which this column's is a multiple, above a base; where there is a value."""
        wide = self.stored.astype(np.int64)
        wide *= self.unit // unit
        wide += (self.base - base) // unit
        return wide

    def least(self, value: int) -> int:
        """The least stored number of a value that is not below this one."""
        return min(max(-((self.base - value) // self.unit), 0), self.absent)

    def most(self, value: int) -> int:
        """The greatest stored number of a value that is not above this one, -1 if there is none."""
        return min(max((value - self.base) // self.unit, -1), self.absent - 1)

    def at_least(self, value: int) -> Array:
        mask: Array = (self.stored >= self.least(value)) & self.present
        return mask

    def at_most(self, value: int) -> Array:
        return self.stored <= self.most(value)

    def one_of(self, values: Array) -> Array:
        """values: int64."""
        top = min(self.base + (self.absent - 1) * self.unit, np.iinfo(np.int64).max)
        above = values[(values >= self.base) & (values <= top)] - self.base
        steps = above[above % self.unit == 0] // self.unit
        return np.isin(self.stored, steps.astype(self.stored.dtype))


def packed(values: Array) -> Numbers:
    """int64 values in their narrowest form."""
    none = values == ABSENT
    present = values[~none]
    base, most = (int(present.min()), int(present.max())) if len(present) else (0, 0)
    above = (values - base).view(np.uint64)
    unit = 1 if np.any(above[~none] % SECOND) else SECOND
    width = narrowest((most - base) // unit + 1)
    stored = (above // unit).astype(width)
    stored[none] = np.iinfo(width).max
    return Numbers(stored, base, unit)
