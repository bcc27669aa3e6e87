"""How every page of ATLAS is declared and told: one answer as a page, as JSON and at `/api/v1`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.plugin import (
    Access,
    Call,
    GroupedJobs,
    Parameter,
    Resource,
    Table,
    at_v1,
)

Row = dict[str, Any]


@dataclass
class Answer:
    """data: what JSON tells, by name. tables, facts: as pages show them. choices: links beside the heading,
    as (text, parameters of the same page, whether it is this one). notes: doubts in words. fields: all of a
    record by its name. asked: the request as `request_shown` tells it. listed: which of the data is a list
    for CSV, and its columns."""

    call: Call
    title: str
    heading: str
    data: Row
    tables: list[Row]
    facts: list[Row] = field(default_factory=list)
    choices: list[tuple[str, Row, bool]] = field(default_factory=list)
    choices_of: str = ""
    notes: list[str] = field(default_factory=list)
    source: str = "read in the PanDA database"
    fields: Row = field(default_factory=dict)
    asked: Row = field(default_factory=dict)
    listed: tuple[str, tuple[str, ...]] = ("", ())

    def page(self) -> Row:
        """The context of `atlas/page.html`."""
        return {
            "title": self.title,
            "heading": self.heading,
            "tables": self.tables,
            "facts": self.facts,
            "choices": [
                {"text": text, "url": address(self.call.url, **wanted), "current": current}
                for text, wanted, current in self.choices
                if len(self.choices) > 1
            ],
            "fields": [{"name": name, "value": value} for name, value in self.fields.items()],
            **self.asked,
            "choices_of": self.choices_of,
            "notes": self.notes,
            "source": self.source,
        }

    def table(self) -> Table:
        """The list among the data, numbers of several records as one text."""
        name, columns = self.listed
        rows = [{column: _flat(row.get(column)) for column in columns} for row in self.data[name]]
        return Table(columns, rows, " ".join(self.notes))


def _flat(value: Any) -> Any:
    return " ".join(map(str, value)) if isinstance(value, list) else value


class Counted(GroupedJobs):
    """Jobs of an answer, which are counted when that is first told. Its data says what was cut."""

    def __init__(self, call: Call, tell: Callable[[GroupedJobs], Answer]):
        super().__init__(call)
        self.tell = tell

    @cached_property
    def answer(self) -> Answer:
        made = self.tell(self)
        return replace(made, data=made.data | {"truncated": self.truncated}) if self.truncated else made


def _answer(made: Answer | Counted) -> Answer:
    return made.answer if isinstance(made, Counted) else made


def address(url: str, **wanted: Any) -> str:
    """The address with parameters, without those that are empty."""
    told = urlencode({name: value for name, value in wanted.items() if value not in (None, "")})
    return f"{url}?{told}" if told else url


def narrowing(call: Call, *names: str) -> dict[str, str]:
    """The parameters among these that are given, with their values."""
    return {name: call.parameter(name) for name in names if call.parameter(name)}


def narrowed(wanted: Mapping[str, str]) -> list[tuple[str, Row, bool]]:
    """Choices: all, and what the page is narrowed to."""
    return [("All", {}, False), (", ".join(wanted.values()), dict(wanted), True)] if wanted else []


def of_core(call: Call, path: str) -> str:
    """An address of core's, seen from below the plugin's."""
    return call.root.removesuffix("atlas/") + path


def resources(
    name: str,
    path: str,
    told: str,
    build: Callable[[Call], Answer | Counted],
    has_list: bool = False,
    **more: Any,
) -> tuple[Resource, Resource]:
    """The page with its JSON, and the same at `/api/v1`. told: the help text. has_list: it is CSV, too."""
    forms: Row = {"html": lambda it: _answer(it).page(), "json": lambda it: _answer(it).data}
    common = {
        "help": told,
        "access": Access.READ,
        "build": build,
        "point": "atlas",
        "answer": {"type": "object"},
        **more,
    }
    page = Resource(
        name=f"atlas-{name}",
        path=f"atlas/{path}",
        formats=forms | ({"csv": lambda it: _answer(it).table()} if has_list else {}),
        template="atlas/page.html",
        **common,
    )
    return page, at_v1(page, meta=lambda it: {"notes": _answer(it).notes})


def in_path(name: str, told: str) -> Parameter:
    return Parameter(name, told, where="path")


def many(number: int, noun: str) -> str:
    """3 jobs, 1 job."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share(part: float | None, whole: float | None) -> float | None:
    """Percent; None where there is no whole."""
    return 100 * (part or 0) / whole if whole else None


def percent_told(percent: float | None) -> str:
    """A percent in words; only all is told as all, only none as none."""
    if percent is None:
        return ""
    if 0 < percent < 0.05:
        return "<0.1 %"
    return ">99.9 %" if 99.95 <= percent < 100 else f"{percent:.1f} %"


def by_name(rows: Iterable[Row], *names: str) -> list[Row]:
    """Rows in the order of some of their values, absent ones last."""
    return sorted(rows, key=lambda row: [(row[name] is None, row[name] or "") for name in names])
