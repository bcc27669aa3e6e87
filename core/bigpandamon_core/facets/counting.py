"""Jobs of a selection counted over coded columns: what `summaries.jobs.Tally` tells of the same rows."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.latest import Latest
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.facets import distinct, errors
from bigpandamon_core.facets.columns import MINUTES, MODIFIED
from bigpandamon_core.facets.distinct import OUTCOMES
from bigpandamon_core.facets.groups import of_rows
from bigpandamon_core.facets.latest import latest
from bigpandamon_core.facets.store.numbers import ABSENT, Array, microseconds, moment
from bigpandamon_core.facets.store.parts import FAILED, FINISHED, OTHER
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.vocabulary import Values
from bigpandamon_core.facets.stretches import Stretch
from bigpandamon_core.facets.telling import Told, column_names, told, told_together, told_values
from bigpandamon_core.facets.value_counts import ValueCounts
from bigpandamon_core.facets.where import select, stated
from bigpandamon_core.summaries.errors import ByField
from bigpandamon_core.summaries.jobs import SUMMED, Attribute, ErrorCount, Key
from bigpandamon_core.summaries.trends import Piece


class Counted:
    """The jobs of an answerable selection, or rows selected already, counted when something is asked.

    now: until when jobs that have not ended are said to run. errors_in_all_states: sum up the errors of every
    job, not only of failed and holding ones.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        selected: Selection | Sequence[Stretch],
        fields: Sequence[Field],
        now: datetime,
        errors_in_all_states: bool = False,
    ):
        self.fields = tuple(fields)
        self._snapshot = snapshot
        self._now = now
        self._all_states = errors_in_all_states
        self._rows = select(snapshot, selected) if isinstance(selected, Selection) else selected

    def in_states(self, states: Collection[str]) -> "Counted":
        """Those of the jobs that are in one of these states, as stored: what a selection that asks for them,
        too, has, without looking at every row again."""
        rows = stated(self._snapshot, self._rows, states)
        return Counted(self._snapshot, rows, self.fields, self._now, self._all_states)

    @property
    def total(self) -> int:
        return sum(map(len, self._rows))

    @property
    def failed(self) -> int:
        return sum(len(some) for some in self._rows if some.outcome == FAILED)

    @property
    def finished(self) -> int:
        return sum(len(some) for some in self._rows if some.outcome == FINISHED)

    def attributes(self) -> list[Attribute]:
        """Every field with its values, in the order of the fields."""
        return list(self._attributes)

    def states(self) -> dict[str, int]:
        """Jobs by state as shown."""
        states = next(each for each in self._attributes if each.field.name == "jobstatus")
        return {str(value.value): value.count for value in states.values}

    def count_over_time(self, pieces: Sequence[Piece]) -> None:
        """Add to each piece the jobs that changed last in it. They follow each other without gaps."""
        bounds = np.array([microseconds(piece.begin) for piece in pieces] + [microseconds(pieces[-1].end)])
        jobs = np.zeros((len(pieces), OUTCOMES), np.int64)
        ran = np.zeros((len(pieces), 2), np.int64)
        for some in distinct.in_pieces(self._rows):
            places = np.searchsorted(some.numbers(MODIFIED).values, bounds)  # rows stand in this order
            jobs[:, some.outcome] += np.diff(places)
            at, seconds = distinct.ran(some)
            ends = np.searchsorted(at, places)
            ran[:, 0] += np.diff(ends)
            ran[:, 1] += np.diff(np.append(0, np.cumsum(seconds))[ends])
        for piece, counts, (timed, wall) in zip(pieces, jobs, ran, strict=True):
            piece.failed += int(counts[FAILED])
            piece.finished += int(counts[FINISHED])
            piece.other += int(counts[OTHER])
            piece.timed += int(timed)
            piece.wall_seconds += int(wall)

    def newest(self, count: int) -> datetime | None:
        """Since when so many of the jobs changed last; None if there are fewer."""
        wholes = ((some, len(some) + len(some.dead)) for some in self._rows)
        tails = [some.between(max(len(some) - count, 0), whole) for some, whole in wholes]
        times = np.concatenate([[], *(some.numbers(MODIFIED).values for some in tails)]).astype(np.int64)
        if len(times) < count or count < 1:
            return None
        last = int(np.partition(times, -count)[-count])
        return None if last == ABSENT else moment(last)

    def groups(self, fields: Sequence[Field]) -> dict[tuple[Any, ...], int]:
        """How many jobs there are of each combination of what the fields tell."""
        return of_rows(self._snapshot, self._rows, fields)

    def latest(self, column: str) -> Iterator[tuple[Any, Latest]]:
        """With each value of a coded column the last of the jobs and the CPU time of all."""
        return latest(self._snapshot, self._rows, column)

    def errors(self) -> list[ErrorCount]:
        """Most frequent first, then by name."""
        return errors.counted(self._snapshot, self._rows, self._all_states)

    def errors_by_place(self, fields: Sequence[Field], most: int | None = None) -> ByField:
        """By field the places with errors, the most first. most: so many of each, None for all."""
        return errors.by_place(self._snapshot, self._rows, self._all_states, fields, most)

    def errors_over_time(self, moments: Sequence[datetime]) -> dict[Key, list[int]]:
        """By error, how many of the jobs that changed last between each two moments have it."""
        bounds = np.array([microseconds(moment) for moment in moments])
        return errors.over_time(self._snapshot, self._rows, self._all_states, bounds)

    @cached_property
    def _attributes(self) -> tuple[Attribute, ...]:
        return tuple(map(self._attribute, self.fields))

    def _attribute(self, field: Field) -> Attribute:
        columns = column_names(field)
        if columns == [MINUTES]:
            return Attribute(field, ValueCounts(*self._told_minutes(field)))
        if len(columns) > 1:
            return Attribute(field, ValueCounts(*told_together(field, self._snapshot, self._rows)))
        values = self._snapshot.values(columns[0])
        counts = distinct.values(values, columns[0], self._rows)
        total = _sum(values, counts) if field.name in SUMMED else None
        return Attribute(field, ValueCounts(told_values(field, values), counts), total)

    def _told_minutes(self, field: Field) -> tuple[Told, Array]:
        ran = distinct.minutes(self._rows, self._now)
        given = ((number - 1 if number else None,) for number in ran.columns[0].tolist())
        return told(field, given), ran.counts


def _sum(values: Values, given: Array) -> int:
    """The sum of a column's numbers."""
    counted = zip(values.values, given.sum(axis=0).tolist(), strict=True)
    return sum(value * count for value, count in counted if value)
