"""The last job of each value of a column, and the CPU time of all that have it."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from bigpandamon_core.domain.latest import Latest
from bigpandamon_core.facets import distinct
from bigpandamon_core.facets.columns import CPU, MODIFIED, PANDAID
from bigpandamon_core.facets.store.numbers import ABSENT, moment
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.stretches import Stretch


def latest(snapshot: Snapshot, rows: Iterable[Stretch], column: str) -> Iterator[tuple[Any, Latest]]:
    """With the value of a coded column, each once, absent ones among them."""
    known = snapshot.values(column)
    numbers, changed = np.full((2, len(known)), ABSENT)
    consumed = np.zeros(len(known), np.int64)
    for some in distinct.in_pieces(rows):
        values = known.by_day[some.part.day][some.codes(column)]
        np.maximum.at(numbers, values, some.numbers(PANDAID).values)
        np.maximum.at(changed, values, some.numbers(MODIFIED).values)
        cpu = some.numbers(CPU)
        np.add.at(consumed, values, np.where(cpu.present, cpu.values, 0))
    for at in np.flatnonzero(numbers != ABSENT).tolist():
        modified = None if changed[at] == ABSENT else moment(int(changed[at]))
        yield known.values[at], Latest(int(numbers[at]), modified, int(consumed[at]))
