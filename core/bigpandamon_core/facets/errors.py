"""Errors of jobs by code and by place, over coded columns."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import Any

import numpy as np

from bigpandamon_core.domain.conditions import AnyOf
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_errors import COMPONENTS, REPEATED_BY, Component, code_value, is_error
from bigpandamon_core.domain.job_fields import BY_NAME, named
from bigpandamon_core.domain.states import WITH_ERRORS
from bigpandamon_core.facets import distinct
from bigpandamon_core.facets.columns import MODIFIED, PANDAID, STATE
from bigpandamon_core.facets.masks import asked, chosen
from bigpandamon_core.facets.store.numbers import Array
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.vocabulary import Values
from bigpandamon_core.facets.stretches import Stretch
from bigpandamon_core.facets.telling import Told, told_values
from bigpandamon_core.summaries.errors import ByField, PlaceErrors, Places
from bigpandamon_core.summaries.jobs import TOP, ErrorCount, Key

_HAS_ERRORS = AnyOf(tuple(BY_NAME[STATE].condition_shown(state) for state in sorted(WITH_ERRORS)))
_PLACES = ("computingsite", "jeditaskid", "produsername")
_NONE = -1
Top = tuple[tuple[object, int], ...]


def counted(snapshot: Snapshot, rows: Iterable[Stretch], all_states: bool) -> list[ErrorCount]:
    """The errors of rows, most frequent first, then by name.

    all_states: of all jobs, not only of those whose state says that their errors are told.
    """
    tables = _Tables(snapshot, named(*_PLACES))
    rows = _with_errors(snapshot, rows, all_states)
    found = [met for some in distinct.in_pieces(rows) for met in tables.met(some)]
    if not found:
        return []
    errors, pandaids, *places = (np.concatenate(columns) for columns in zip(*found, strict=True))
    counts = np.bincount(errors, minlength=len(tables.errors))
    examples = np.zeros(len(counts), np.int64)
    np.maximum.at(examples, errors, pandaids)
    tops = [
        cache(partial(_tops, errors, *place, len(counts)))
        for place in zip(places, tables.places, strict=True)
    ]
    every = enumerate(zip(tables.errors, counts.tolist(), examples.tolist(), strict=True))
    told = (
        ErrorCount(*key, count, example, *(_Top(top, place) for top in tops))
        for place, (key, count, example) in every
        if count
    )
    return sorted(told, key=lambda error: (-error.count, error.key))


def by_place(
    snapshot: Snapshot,
    rows: Iterable[Stretch],
    all_states: bool,
    fields: Sequence[Field],
    most: int | None = None,
) -> ByField:
    """The errors of rows by what each field, of one coded column, tells; the most errors first.

    all_states: as of `counted`. most: so many places of each field, None for all.
    """
    tables, rows = _Tables(snapshot, fields), _with_errors(snapshot, rows, all_states)
    counts = [_PlaceCounts(place, tables.errors) for place in tables.places]
    for some in distinct.in_pieces(rows):
        places, has_errors = tables.placed(some), np.zeros(len(some), bool)
        for errors, at in tables.errors_in(some):
            has_errors[at] = True
            for count, place in zip(counts, places, strict=True):
                count.add_errors(errors, place[at])
        for count, place in zip(counts, places, strict=True):
            count.jobs += np.bincount(place[has_errors], minlength=len(count.jobs))
    return {field.name: count.told(most) for field, count in zip(fields, counts, strict=True)}


def over_time(
    snapshot: Snapshot, rows: Iterable[Stretch], all_states: bool, bounds: Array
) -> dict[Key, list[int]]:
    """How many of the rows that changed last in each piece have each error.

    all_states: as of `counted`. bounds: where pieces begin, and the end of the last, in microseconds.
    """
    tables, many = _Tables(snapshot, ()), len(bounds) - 1
    counts = np.zeros(len(tables.errors) * many, np.int64)
    for some in distinct.in_pieces(_with_errors(snapshot, rows, all_states)):
        pieces = np.searchsorted(bounds, some.numbers(MODIFIED).values, "right") - 1
        for errors, at in tables.errors_in(some):
            inside = (pieces[at] >= 0) & (pieces[at] < many)
            counts += np.bincount((errors * many + pieces[at])[inside], minlength=len(counts))
    by_error = zip(tables.errors, counts.reshape(-1, many).tolist(), strict=True)
    return {key: told for key, told in by_error if any(told)}


class _PlaceCounts:
    """How many jobs have each error at each place. jobs: how many have any, by place."""

    def __init__(self, places: Told, errors: Sequence[Key]):
        self._places, self._errors = places, errors
        self._keys: list[Array] = []
        self.jobs = np.zeros(len(places.values), np.int64)

    def add_errors(self, errors: Array, places: Array) -> None:
        self._keys.append(places * len(self._errors) + errors)

    def told(self, most: int | None) -> Places:
        keys = np.concatenate(self._keys) if self._keys else np.zeros(0, np.int64)
        met, counts = distinct.counted(keys, len(self.jobs) * len(self._errors))
        places, errors = np.divmod(met, max(len(self._errors), 1))
        totals = np.bincount(places, counts, len(self.jobs)).astype(np.int64)
        ranked = self._places.first(totals)
        begins = np.searchsorted(places, np.arange(len(self.jobs) + 1))
        return Places(
            len(ranked),
            [self._place(place, errors, counts, begins) for place in ranked[:most].tolist()],
        )

    def _place(self, place: int, errors: Array, counts: Array, begins: Array) -> PlaceErrors:
        some = slice(begins[place], begins[place + 1])
        told = zip(errors[some].tolist(), counts[some].tolist(), strict=True)
        found = Counter({self._errors[error]: count for error, count in told})
        return PlaceErrors(self._places.values[place], int(self.jobs[place]), found)


def _with_errors(snapshot: Snapshot, rows: Iterable[Stretch], all_states: bool) -> Iterable[Stretch]:
    """Those of the rows whose errors are told."""
    if all_states:
        return rows
    ask = asked(_HAS_ERRORS, snapshot)
    return [chosen(some, ask) for some in rows]


class _Tables:
    """errors: by their numbers component and code. places: what is told of each field's values."""

    def __init__(self, snapshot: Snapshot, fields: Sequence[Field]):
        self.errors: list[Key] = []
        self._codes = {each: snapshot.values(each.code) for each in COMPONENTS}
        self._errors = {each: self._numbered(each, values) for each, values in self._codes.items()}
        self._columns = [field.source for field in fields]
        self._values = [snapshot.values(name) for name in self._columns]
        self.places = [told_values(field, values) for field, values in zip(fields, self._values, strict=True)]

    def _numbered(self, component: Component, values: Values) -> Array:
        """The number of the error that each value of a code is."""
        codes, numbers = _codes(values)
        before = len(self.errors)
        self.errors += [(component.name, code) for code in codes]
        return np.where(numbers == _NONE, _NONE, numbers + before)

    def met(self, rows: Stretch) -> Iterator[tuple[Array, ...]]:
        """Of each error of the rows its number, the job, and the places, as arrays."""
        pandaids, places = rows.numbers(PANDAID).values, self.placed(rows)
        for errors, at in self.errors_in(rows):
            yield errors, pandaids[at], *(place[at] for place in places)

    def placed(self, rows: Stretch) -> list[Array]:
        """For each field the number of the place of each row."""
        return [
            told.numbers[values.by_day[rows.part.day][rows.codes(name)]]
            for name, values, told in zip(self._columns, self._values, self.places, strict=True)
        ]

    def errors_in(self, rows: Stretch) -> Iterator[tuple[Array, Array]]:
        """By component the errors of the rows, and at which rows they are."""
        by_column = {each.code: self._of(each, rows) for each in COMPONENTS}
        for column, errors in by_column.items():
            repeated = by_column.get(REPEATED_BY.get(column, ""), np.array(_NONE)) != _NONE
            at = np.flatnonzero((errors != _NONE) & ~repeated)
            yield errors[at], at

    def _of(self, component: Component, rows: Stretch) -> Array:
        by_code = self._errors[component][self._codes[component].by_day[rows.part.day]]
        taken: Array = np.take(by_code, rows.codes(component.code))
        return taken


def _codes(values: Values) -> tuple[list[int | str], Array]:
    """The codes that are errors, each once, and for each value the place of the one it is; computed once."""
    if _codes not in values.kept:
        codes: dict[int | str, int] = {}
        places = (
            codes.setdefault(code_value(value), len(codes)) if is_error(value) else _NONE
            for value in values.values
        )
        numbers = np.fromiter(places, np.int64, len(values))
        values.kept[_codes] = list(codes), numbers
    found: tuple[list[int | str], Array] = values.kept[_codes]
    return found


class _Top(Sequence[tuple[object, int]]):
    """The values that most jobs of an error have, and how many: looked for when one is looked at.

    tops: tells those of all errors, by number. error: which of these.
    """

    def __init__(self, tops: Callable[[], list[Top]], error: int):
        self._tops, self._error = tops, error

    def __len__(self) -> int:
        return len(self._tops()[self._error])

    def __getitem__(self, place: Any) -> Any:
        return self._tops()[self._error][place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # like a list's

    def __repr__(self) -> str:
        return repr(tuple(self))


def _tops(errors: Array, places: Array, told: Told, many: int) -> list[Top]:
    """For each error the values that most of its jobs have, and how many."""
    size = len(told.values)
    keys, counts = distinct.counted(errors * size + places, many * size)
    error, place = np.divmod(keys, size)
    begins = np.searchsorted(error, np.arange(many + 1)).tolist()
    return [_top(place[begin:end], counts[begin:end], told) for begin, end in pairwise(begins)]


def _top(places: Array, counts: Array, told: Told) -> Top:
    """The most frequent values. Only those that may be among them are put in order."""
    if len(counts) > TOP:
        may_be = np.flatnonzero(counts >= np.partition(counts, -TOP)[-TOP])
        places, counts = places[may_be], counts[may_be]
    first = np.lexsort((told.ranks[places], -counts))[:TOP]
    names = (told.values[place] for place in places[first].tolist())
    return tuple(zip(names, counts[first].tolist(), strict=True))
