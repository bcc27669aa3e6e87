"""What requests about one kind of record may say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bigpandamon_core.domain.conditions import Condition, Lookup
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.request_window import WindowRules

REPRESENTATION = frozenset("json format timestamp".split())
"""Which form an answer has and whether it may be a kept one: understood everywhere."""
COMMON_CONTROLS = REPRESENTATION | frozenset(
    "limit display_limit sortby sort fields after theme reqtoken".split()
)


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order; absent values come last in both directions."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Asked:
    """One condition as it was asked for. beside: further parameters that it was made of."""

    parameter: str
    text: str
    condition: Condition
    beside: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[str, ...]:
        """Without these the condition is gone from the request."""
        return (self.parameter, *self.beside)


Combined = Callable[[Mapping[str, str]], tuple[list[Asked], set[str]]]


def _nothing_combined(_parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    return [], set()


@dataclass(frozen=True)
class Noun:
    """What requests about one kind of record may say.

    combined: turns parameters that only mean something together (or need another table) into conditions and
    names those it used up. sorts: the words of `sortby` and the order each asks for, none where it is one of
    summaries.
    task_sort: the order where a task is asked for, none if it is the usual one.
    keys: columns that tell a record and make an order total.
    controls: further names that steer the answer without filtering.
    passing: parameters whose condition is another one at another time.
    choices: of those that steer, the ones with a closed vocabulary and their words.
    beside: the other one without which a parameter says nothing.
    """

    name: str
    fields: tuple[Field, ...]
    window: WindowRules
    sorts: Mapping[str, tuple[Sort, ...]]
    default_sort: tuple[Sort, ...]
    keys: tuple[str, ...]
    combined: Combined = _nothing_combined
    controls: frozenset[str] = frozenset()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    live_states: Mapping[str, frozenset[str]] = field(default_factory=dict)
    task_sort: tuple[Sort, ...] = ()
    passing: frozenset[str] = frozenset()
    beside: Mapping[str, str] = field(default_factory=dict)

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def steering(self) -> frozenset[str]:
        """Names that steer the answer without filtering."""
        return COMMON_CONTROLS | self.controls

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """What each parameter that steers may be given, where that is a closed vocabulary."""
        counted = tuple(field.name for field in self.fields if field.counted)
        return {"sortby": tuple(self.sorts), "view": counted, **self.choices}

    @property
    def sortable(self) -> tuple[str, ...]:
        """The columns that `sort` may name."""
        columns = (field.name for field in self.fields if field.is_column)
        return tuple(dict.fromkeys((*columns, *self.window.time_columns)))


def lookup(name: str, column: str, **arguments: str) -> Lookup:
    return Lookup(name, column, tuple(sorted(arguments.items())))
