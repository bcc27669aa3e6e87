"""Rows as lines of text in which numbers, times and people can be put in anew.

The lines are what both `COPY … FROM STDIN` and `LOAD DATA` read by default: fields between tabs, backslash
before what would end a field, `\\N` for NULL.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigpandamon_core.demo.simulation.people import Person
from bigpandamon_core.demo.simulation.records import EPOCH, Row

SEQUENCE_OF = {
    "pandaid": "pandaid",
    "parentid": "pandaid",
    "oldpandaid": "pandaid",
    "newpandaid": "pandaid",
    "originpandaid": "pandaid",
    "outpandaid": "pandaid",
    "jeditaskid": "jeditaskid",
    "taskid": "jeditaskid",
    "parent_tid": "jeditaskid",
    "datasetid": "datasetid",
    "reqid": "reqid",
    "jobsetid": "jobsetid",
    "jobdefinitionid": "jobdefinitionid",
}
"""Columns that hold numbers of a sequence: a copy of the world has its own numbers there."""

PEOPLE = {"produsername": "name", "produserid": "subject", "username": "name"}
NAMING = ("pandaid", "jeditaskid")
"""Sequences whose numbers also stand in texts: names of jobs, files and datasets."""
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "%": "%%"})
NULL = "\\N"


@dataclass(frozen=True, slots=True)
class Template:
    """text: a line with `%(…)s` for each of numbers, seconds and the person. numbers: placeholder, sequence,
    value in the original. seconds: placeholder, seconds since the epoch in the original. moment: of
    modificationtime, in such seconds."""

    text: str
    numbers: tuple[tuple[str, str, int], ...]
    seconds: tuple[tuple[str, int], ...]
    moment: int
    person: Person | None


@dataclass(frozen=True, slots=True)
class Copy:
    """What one copy of the world puts in. offsets: of its numbers by sequence. people: by original nick."""

    offsets: Mapping[str, int]
    people: Mapping[str, Person]


class _Marks:
    """The placeholders of one line: one for each different number and second."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, int], str] = {}
        self.seconds: dict[int, str] = {}

    def number(self, sequence: str, value: int) -> str:
        return self.numbers.setdefault((sequence, value), f"n{len(self.numbers)}")

    def second(self, value: int) -> str:
        return self.seconds.setdefault(value, f"t{len(self.seconds)}")


def template(row: Row, columns: Sequence[str], people: Mapping[str, Person]) -> Template:
    """people: by name of user; who is not among them stays in all copies."""
    person = people.get(row.get("produsername") or row.get("username") or "")
    marks = _Marks()
    fields = [_field(column, row.get(column), marks, person) for column in columns]
    text = _named("\t".join(fields), marks, person)
    moment = row.get("modificationtime") or row.get("ins_utc_tstamp") or EPOCH
    return Template(
        text,
        tuple((key, sequence, value) for (sequence, value), key in marks.numbers.items()),
        tuple((key, second) for second, key in marks.seconds.items()),
        second_of(moment),
        person,
    )


def _field(column: str, value: Any, marks: _Marks, person: Person | None) -> str:
    if value is None:
        return NULL
    if column in SEQUENCE_OF:
        return f"%({marks.number(SEQUENCE_OF[column], value)})s"
    if isinstance(value, datetime) and value > EPOCH:
        fraction = f".{value.microsecond:06d}" if value.microsecond else ""
        return f"%({marks.second(second_of(value))})s{fraction}"
    if person is not None and column in PEOPLE:
        return f"%({PEOPLE[column]})s"
    return str(value).translate(ESCAPES)


def second_of(moment: datetime) -> int:
    """Whole seconds since the epoch."""
    return int((moment.replace(microsecond=0) - EPOCH).total_seconds())


def _named(text: str, marks: _Marks, person: Person | None) -> str:
    """Numbers and nicks that stand inside texts."""
    for (sequence, value), key in marks.numbers.items():
        if sequence in NAMING:
            text = text.replace(str(value), f"%({key})s")
    return text if person is None else text.replace(f"user.{person.nick}", "user.%(nick)s")


def line(each: Template, copy: Copy, stamps: Sequence[str], delta: int) -> str:
    """The row as a copy has it. stamps: texts of seconds. delta: from a second to its place in stamps."""
    offsets = copy.offsets
    values: dict[str, object] = {key: base + offsets[sequence] for key, sequence, base in each.numbers}
    for key, second in each.seconds:
        values[key] = stamps[second + delta]
    if each.person is not None:
        person = copy.people[each.person.nick]
        values["name"], values["nick"], values["subject"] = person.name, person.nick, person.subject
    return each.text % values
