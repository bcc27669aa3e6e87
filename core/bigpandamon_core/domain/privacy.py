"""What of a person's data is shown to callers who have not shown who they are."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from bigpandamon_core.domain.by_column import ByColumn
from bigpandamon_core.domain.job_columns import CODES, DECIMALS, FLOATS, INTEGERS, TIMES
from bigpandamon_core.domain.people import (
    ACCOUNT,
    NAMELESS,
    NAMES,
    NEVER,
    NOBODY,
    NOT_SHOWN,
    SPOKEN,
    Person,
    may_tell,
    person_of,
    whole,
    without_subjects,
)  # fmt: skip
from bigpandamon_core.domain.text import NOT_SPECIFIED, is_absent

_NUMBERS = frozenset((*INTEGERS, *FLOATS, *DECIMALS, *CODES, *TIMES))
_OF_PEOPLE = frozenset((*NEVER, *NAMES))
"""Columns that hold a person, not texts that may speak of one."""
NAME_NOT_SHOWN = "(name not shown)"
_TOLD_OTHERWISE = re.compile(rf"{re.escape(NOT_SHOWN)}|{re.escape(NAME_NOT_SHOWN)}|\buser-[0-9a-f]{{10}}\b")


class Anonymous(StrEnum):
    NAMES = "names"
    PSEUDONYMS = "pseudonyms"
    NONE = "none"


@dataclass(frozen=True)
class Privacy:
    """How names are told. mode: names, pseudonyms or none. secret: keeps pseudonyms from being guessed."""

    mode: Anonymous = Anonymous.NAMES
    secret: str = ""

    @property
    def hides_names(self) -> bool:
        return self.mode is not Anonymous.NAMES

    @property
    def hidden(self) -> frozenset[str]:
        """Columns of which the caller sees other values than the stored ones, or none."""
        return frozenset(NEVER + NAMES) if self.hides_names else frozenset(NEVER)

    def name(self, name: object) -> object:
        """A user's name as this caller sees it; absent stays absent, also where that is told in words."""
        if is_absent(name) or name == NOT_SPECIFIED:
            return name
        if self.mode is Anonymous.NAMES:
            return _without_subjects(str(name))
        if self.mode is Anonymous.NONE:
            return ""
        return "user-" + blake2b(str(name).encode(), key=self.secret.encode()[:64], digest_size=5).hexdigest()

    def text(self, text: str, *people: Person) -> str:
        """A text that may speak of these people, as this caller may read it: without certificate subjects,
        and without names and accounts where those are hidden."""
        for person in people:
            if self.hides_names and person.name:
                text = whole(person.name).sub(self._in_text(person.name), text)
            if person.subject and person.subject != person.name:
                text = whole(person.subject).sub(NOT_SHOWN, text)
        text = without_subjects(text)
        return ACCOUNT.sub(lambda found: self._in_text(found[0]), text) if self.hides_names else text

    def _in_text(self, name: str) -> str:
        return str(self.name(name)) or NAME_NOT_SHOWN

    def value(self, column: str, value: Any, *people: Person) -> Any:
        """A column's value as this caller sees it."""
        if column in NAMES:
            return self.name(value)
        if not isinstance(value, str):
            return value
        return without_subjects(value) if column in NAMELESS else self.text(value, *people)

    def row(self, row: dict[str, Any], owner: Person = NOBODY) -> dict[str, Any]:
        """A record with names told this way, also where its texts hold them, and everything else personal
        taken out; changes the record. owner: whom it belongs to, where it does not say so itself."""
        people = tuple(dict.fromkeys((owner, person_of(row))))
        columns = personal_columns(tuple(row))
        for column in columns.of_people:
            row[column] = self._of_person(column, row[column])
        if self._may_speak(columns.values_of(row), people):
            for column in columns.speaking:
                row[column] = self._spoken(column, row[column], people)
        return row

    def together(self, values: ByColumn, people: Sequence[Person]) -> ByColumn:
        """The same of many records; changes them. people: whom each belongs to."""
        columns = personal_columns(tuple(values))
        for column in columns.of_people:
            told = {value: self._of_person(column, value) for value in set(values[column])}
            values[column] = [*map(told.__getitem__, values[column])]
        of_texts = [column for column in columns.speaking if any(values[column])]
        rows = [*zip(*map(values.__getitem__, of_texts), strict=True)]
        speaking = [*self._speaking(rows, people)]
        for column in of_texts if speaking else ():
            texts = values[column] = [*values[column]]
            for place, whose in speaking:
                texts[place] = self._spoken(column, texts[place], whose)
        return values

    def _speaking(
        self, rows: Sequence[Sequence[Any]], people: Sequence[Person]
    ) -> Iterator[tuple[int, tuple[Person]]]:
        """Which rows may speak of somebody, each with whom it belongs to: told by all texts of a person."""
        places = defaultdict[Person, list[int]](list)
        for place, (_, person) in enumerate(zip(rows, people, strict=bool(rows))):
            places[person].append(place)
        for person, of_one in places.items():
            texts = [*chain.from_iterable(map(rows.__getitem__, of_one))]
            if self._may_speak(texts, (person,)):
                yield from ((place, (person,)) for place in of_one)

    def _of_person(self, column: str, value: object) -> object:
        return self.name(value) if column in NAMES else None

    def _may_speak(self, values: Sequence[Any], people: tuple[Person, ...]) -> bool:
        """Whether texts among the values of a record may speak of somebody."""
        hiding = self.hides_names
        return self._is_unsaid(people) or may_tell(
            _together(values), _secrets(people, hiding), accounts=hiding
        )

    def _is_unsaid(self, people: tuple[Person, ...]) -> bool:
        """Whether a record does not tell whose it is, and nobody knows which name to take out."""
        return self.hides_names and all(one == NOBODY for one in people)

    def _spoken(self, column: str, value: Any, people: tuple[Person, ...]) -> Any:
        if value and column in SPOKEN and self._is_unsaid(people):
            return NOT_SHOWN
        return self.value(column, value, *people)

    def document(self, document: Any, owner: Person = NOBODY) -> Any:
        """A parsed document with all its texts told this way, keys included."""
        if isinstance(document, dict):
            return {self.text(name, owner): self.document(part, owner) for name, part in document.items()}
        if isinstance(document, list):
            return [self.document(part, owner) for part in document]
        return self.text(document, owner) if isinstance(document, str) else document


class Personal(NamedTuple):
    """The columns of a record that hold people, and those whose texts may speak of them; what takes the
    values of these out of a record."""

    of_people: tuple[str, ...]
    speaking: tuple[str, ...]
    values_of: Callable[[Mapping[str, Any]], Sequence[Any]]


@lru_cache(maxsize=256)
def personal_columns(columns: tuple[str, ...]) -> Personal:
    """Of records with these columns."""
    of_people = tuple(column for column in columns if column in _OF_PEOPLE)
    speaking = tuple(column for column in columns if column not in _OF_PEOPLE | _NUMBERS)
    if len(speaking) > 1:
        return Personal(of_people, speaking, itemgetter(*speaking))
    return Personal(of_people, speaking, lambda row: [row[column] for column in speaking])


@lru_cache(maxsize=4096)
def _secrets(people: tuple[Person, ...], with_names: bool) -> tuple[str, ...]:
    """What the caller must not read of some people."""
    subjects = (one.subject for one in people if one.subject != one.name)
    return tuple(filter(None, (*subjects, *(one.name for one in people if with_names))))


def _together(values: Sequence[Any]) -> str:
    """The texts among some values, as one; most records have nothing else there that is not empty."""
    try:
        return "\n".join(filter(None, values))
    except TypeError:
        return "\n".join(value for value in values if isinstance(value, str))


_without_subjects = lru_cache(maxsize=4096)(without_subjects)
"""For names: many rows are about few people."""


def is_told_otherwise(text: str) -> bool:
    """Whether something personal was taken out of a text: nobody can be asked for by what is left."""
    return bool(_TOLD_OTHERWISE.search(text))
