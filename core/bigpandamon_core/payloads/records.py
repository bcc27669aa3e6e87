"""Records of a noun that has one table: the one place where their rows and counts are asked for."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.cursors import OF_THE_ROW, write_cursor
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.selected import Selected
from bigpandamon_core.queries import listing
from bigpandamon_core.queries.listing import MOST_COUNTED, Listed
from bigpandamon_core.sources.reading import snapshot

Row = dict[str, Any]
Counts = Mapping[str, Counter[Any]]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A noun as lists of records: what its page, JSON, CSV, NDJSON and text are made of.

    title: of the page. record: what one is called, many with an s. noun: as requests see it there. columns:
    of the page. narrow: of a terminal. source: the table that rows are read from, None of records that are
    kept otherwise. person: columns that tell whose a record is. made_of: what is read for a cell that is made
    of more, or other, columns than that of its name. cells: how these are made. groups: of states, by field,
    for their colours.
    beside: adds to the rows of a page what other tables tell. states: the field that is told first, and the
    order of its values. more_of_page: what else its page has.
    """

    title: str
    record: str
    noun: Callable[[Call], Noun]
    columns: Offered
    narrow: tuple[str, ...]
    source: Listed | None = None
    person: tuple[str, ...] = ()
    made_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cells: Mapping[str, Callable[[Call, Row], Cell]] = field(default_factory=dict)
    groups: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    beside: Callable[["Records", list[Row]], None] | None = None
    states: tuple[str, tuple[str, ...]] = ("", ())
    more_of_page: Callable[[Call], Mapping[str, Any]] | None = None


class Records(Selected):
    """The answer to a question about records. Parts are computed when asked for, each once.

    Raises:
        Problem: from the constructor, when the request cannot be read.
    """

    def __init__(self, call: Call, declared: Listing):
        super().__init__(call, scope.selection(call, call.parameters, call.strict, declared.noun(call)))
        self.listing = declared

    @property
    def _table(self) -> Listed:
        if self.listing.source is None:
            raise TypeError(f"{type(self).__name__} reads its records in its own way")
        return self.listing.source

    @property
    def columns(self) -> tuple[str, ...]:
        """All there are."""
        return self._table.columns

    def page(self, columns: tuple[str, ...], limit: int) -> list[Row]:
        """The first rows in the selection's order after its cursor, personal data taken out. Each carries the
        cursor of the place after it as `_cursor`."""
        order, sort = self._table.order, self.selection.sort[0]
        wanted = tuple(dict.fromkeys((*columns, *order.columns(sort), *order.keys)))
        rows = listing.page(self._table, self.selection, self._with_person(wanted), limit)
        places = [(order.value(row, sort), order.tie(row)) for row in rows]
        return [
            told | {"_cursor": write_cursor(value if order.value(told, sort) == value else OF_THE_ROW, tie)}
            for told, (value, tie) in zip(self.as_told(rows), places, strict=True)
        ]

    def rows(self, columns: tuple[str, ...], limit: int | None) -> Iterator[Row]:
        """Rows as they arrive, in flat memory. limit: None for all."""
        return self.as_told(listing.stream(self._table, self.selection, self._with_person(columns), limit))

    def as_told(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows as the caller may see them."""
        return map(self.call.privacy.row, rows)

    def _with_person(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*columns, *self.listing.person)))

    def count(self) -> int:
        """How many records the selection has."""
        with snapshot():
            return listing.how_many(self._table, self.selection)

    @property
    def counted(self) -> tuple[Field, ...]:
        return tuple(one for one in self.selection.noun.fields if one.counted)

    @cached_property
    def tally(self) -> Counts:
        """By counted field, how many records of the selection have each value as it is shown."""
        columns = tuple(dict.fromkeys(column for one in self.counted for column in one.sources))
        raw: Counter[tuple[Any, ...]] = Counter()
        with snapshot():
            raw.update(listing.values(self._table, self.selection, columns))
        if raw.total() >= MOST_COUNTED:
            self.truncated = f"counting stopped at {raw.total():,} {self.listing.record}s: ask for fewer"
        places = {column: place for place, column in enumerate(columns)}
        return {one.name: _shown(one, raw, places) for one in self.counted}

    def added(self, name: str) -> Field | None:
        """The plugin's field of this name."""
        fields = self.call.more_fields.get(self.selection.noun.name, ())
        return next((one for one in fields if one.name == name), None)

    def told(self, field_name: str, value: Any) -> Any:
        """A counted value as the caller may see it."""
        declared = self.selection.noun.field(field_name)
        return self.call.privacy.value(declared.source if declared else field_name, value)


def _shown(one: Field, raw: Counter[tuple[Any, ...]], places: Mapping[str, int]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    known: dict[tuple[Any, ...], Any] = {}
    for row, count in raw.items():
        values = tuple(row[places[column]] for column in one.sources)
        if values not in known:
            known[values] = one.show(*values)
        found[known[values]] += count
    return found
