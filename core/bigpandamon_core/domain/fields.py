"""What can be filtered, counted and shown: declared once, used by every room."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import Condition, absent
from bigpandamon_core.domain.rules import Rule
from bigpandamon_core.domain.text import NOT_SPECIFIED, is_absent

Exactly = Callable[[str], Condition]


class Kind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True)
class Field:
    """A named property of a record that a request may ask for.

    name: request parameter and name in answers. help: one sentence for people.
    kind: type of the parameter's values. column: the column its rule works on (its name if empty).
    rule: how a parameter's text becomes a condition. columns: what `shown` is computed from, in order:
    columns of the record, or values that `queries.computed` knows.
    shown: pure function of those columns giving the value as pages tell it; absent values become
    "Not specified". exactly: the condition for `<name>.is=<value as shown>`.
    counted: whether summaries count it. personal: shown only to those entitled.
    values: every word the parameter may be given, where they are known for ever: `/api/v1` refuses others.
    words: the same where a rule makes something of every other word, too. otherwise: what it takes other
    words for, "" where each may be something else.
    """

    name: str
    help: str
    kind: Kind = Kind.TEXT
    column: str = ""
    rule: Rule | None = None
    columns: tuple[str, ...] = ()
    shown: Callable[..., object] | None = None
    exactly: Exactly | None = None
    counted: bool = False
    personal: bool = False
    values: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    otherwise: str = ""

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """The words that the parameter knows, () where it takes any."""
        return self.values or self.words

    @property
    def source(self) -> str:
        return self.column or self.name

    @property
    def sources(self) -> tuple[str, ...]:
        return self.columns or (self.source,)

    @property
    def is_column(self) -> bool:
        """Whether the records hold it under its own name, so that they can be sorted by it."""
        return self.source == self.name and self.name in self.sources

    @property
    def effective_rule(self) -> Rule:
        return self.rule or _RULES[self.kind]

    def condition(self, text: str) -> Condition:
        """The condition a parameter's text asks for.

        Raises:
            Problem: the text's type or syntax is wrong.
        """
        return self.effective_rule(self.source, text)

    def condition_shown(self, value: str) -> Condition:
        """The condition for records whose value, as shown, is exactly this one."""
        if self.exactly:
            return self.exactly(value)
        if value == NOT_SPECIFIED:
            return absent(self.source)
        return rules.exact(self.source, value) if self.kind is Kind.TEXT else self.condition(value)

    def show(self, *values: object) -> object:
        """The value as pages tell it, from the values of `sources`."""
        found = self.shown(*values) if self.shown else values[0]
        return NOT_SPECIFIED if is_absent(found) else found


_RULES = {
    Kind.TEXT: rules.text,
    Kind.INTEGER: rules.integers,
    Kind.NUMBER: rules.number,
    Kind.TIME: rules.ignore,
}


KINDS = ("text", "mono", "number", "percent", "size", "duration", "time", "state", "error")


@dataclass(frozen=True)
class Column:
    """One column of a table of rows: which key of a row, its heading and how a cell is written.

    kind: one of KINDS. sort: the name to sort by ("" for none).

    Raises:
        ValueError: there is no such kind.
    """

    name: str
    title: str
    kind: str = "text"
    sort: str = ""
    personal: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name}: a kind is one of {', '.join(KINDS)}, not {self.kind}")
