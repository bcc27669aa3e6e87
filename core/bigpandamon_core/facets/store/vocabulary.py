"""One numbering of values over all days of the store, so that counts of several days can be added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

import numpy as np

from bigpandamon_core.facets.store.numbers import Array
from bigpandamon_core.facets.store.words import Words


@dataclass(frozen=True, eq=False)
class Values:
    """The values of a column. by_day: for each day the number of the value that a code means there.
    kept: what has been computed from the values."""

    values: tuple[Any, ...]
    numbers: Mapping[Any, int]
    by_day: Mapping[date, Array]
    kept: dict[Any, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.values)


_NONE = Values((None,), {None: 0}, {})


class Vocabulary:
    """Values by column, numbered once and for all: what grows is numbered on."""

    def __init__(self) -> None:
        self._known: dict[str, Values] = {}
        self._lock = Lock()

    def values(self, name: str, days: Mapping[date, Words]) -> Values:
        """The values of a column, those of these days among them."""
        with self._lock:
            known = self._known.get(name, _NONE)
            grown = [day for day, words in days.items() if words.count(name) > len(known.by_day.get(day, ()))]
            if grown:
                known = self._known[name] = _grown(known, {day: days[day].values(name) for day in grown})
            return known


def _grown(known: Values, days: Mapping[date, list[Any]]) -> Values:
    numbers, by_day = dict(known.numbers), dict(known.by_day)
    for day, values in days.items():
        before = by_day.get(day, np.zeros(0, np.int64))
        more = [numbers.setdefault(value, len(numbers)) for value in values[len(before) :]]
        by_day[day] = np.concatenate((before, np.array(more, np.int64)))
    return Values(tuple(numbers), numbers, by_day)
