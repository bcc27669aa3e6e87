"""Errors of jobs by where they happened, counted row by row."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, errors_of
from bigpandamon_core.domain.states import tells_errors
from bigpandamon_core.summaries.jobs import Key, Row, alphabetic
from bigpandamon_core.summaries.made import Made

STATE_COLUMNS = ("jobstatus", "jobsubstatus")


@dataclass
class PlaceErrors:
    """The errors at one place: a queue, a node, a user, a task. jobs: how many had any; errors: how many had
    each."""

    name: Any
    jobs: int = 0
    errors: Counter[Key] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.errors.total()

    @property
    def most_frequent(self) -> list[tuple[Key, int]]:
        return sorted(self.errors.items(), key=lambda item: (-item[1], item[0][0], str(item[0][1])))


@dataclass(frozen=True)
class Places:
    """many: places with errors. first: those with most errors, or all of them, most errors first."""

    many: int
    first: list[PlaceErrors]


ByField = Mapping[str, Places]


class ErrorsOfRows(ABC):
    """Counts chunks of rows in the order of `columns`; a negative sign takes rows back.

    all_states: the errors of every job, not only of failed and holding ones.
    """

    columns: tuple[str, ...]

    def __init__(self, all_states: bool):
        self._all_states = all_states

    def add(self, sign: int, rows: Iterable[Row]) -> None:
        for values in rows:
            row = dict(zip(self.columns, values, strict=True))
            if self._all_states or tells_errors(*(row[name] for name in STATE_COLUMNS)):
                self.add_errors(sign, row, [(error.component, error.code) for error in errors_of(row)])

    @abstractmethod
    def add_errors(self, sign: int, row: Mapping[str, Any], errors: Sequence[Key]) -> None:
        """A row and those of its errors that are told."""


class ErrorsByPlace(ErrorsOfRows):
    """fields: what tells the places."""

    def __init__(self, fields: Sequence[Field], all_states: bool = False):
        super().__init__(all_states)
        self._fields = tuple(fields)
        sources = (name for one in self._fields for name in one.sources)
        self.columns = tuple(dict.fromkeys(("pandaid", *STATE_COLUMNS, *CODE_COLUMNS, *sources)))
        self._found = {one.name: Made[Any, PlaceErrors](PlaceErrors) for one in self._fields}

    def add_errors(self, sign: int, row: Mapping[str, Any], errors: Sequence[Key]) -> None:
        for one in self._fields if errors else ():
            name = one.show(*(row[source] for source in one.sources))
            place = self._found[one.name][name]
            place.jobs += sign
            for key in errors:
                place.errors[key] += sign

    def kept(self) -> dict[str, Any]:
        """Everything counted, in lists that JSON can carry; see `add_kept`."""
        return {
            name: [
                (place.name, place.jobs, [(*key, count) for key, count in place.errors.items()])
                for place in places.values()
            ]
            for name, places in self._found.items()
        }

    def add_kept(self, kept: Mapping[str, Any]) -> None:
        """Add what another count by the same fields has kept."""
        for field_name, places in kept.items():
            found = self._found[field_name]
            for name, jobs, errors in places:
                place = found[name]
                place.jobs += jobs
                for component, code, count in errors:
                    place.errors[component, code] += count

    def told(self, most: int | None = None) -> ByField:
        """By field the places with errors. most: so many of them, None for all."""
        return {
            name: first(
                by_total(PlaceErrors(one.name, one.jobs, +one.errors) for one in places.values()), most
            )
            for name, places in self._found.items()
        }


def first(places: list[PlaceErrors], most: int | None) -> Places:
    return Places(len(places), places[:most])


def by_total(places: Iterable[PlaceErrors]) -> list[PlaceErrors]:
    """Those with errors, most of them first, then by name."""
    return sorted((one for one in places if one.errors), key=lambda one: (-one.total, alphabetic(one.name)))


def renamed(places: Places, tell: Callable[[Any], Any]) -> Places:
    """Places told otherwise; those that then are one are counted as one."""
    joined = Made[Any, PlaceErrors](PlaceErrors)
    for place in places.first:
        name = tell(place.name)
        one = joined[name]
        one.jobs += place.jobs
        one.errors.update(place.errors)
    merged = len(places.first) - len(joined)
    return Places(places.many - merged, by_total(joined.values()))
