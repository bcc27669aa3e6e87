"""The values of a condition, as far as a request can be without one and mean all the others.

Texts have rules of their own: `a|b` may be two values, or a name with a bar in it, and alone `a` may be
looked for in another way than in a list. So a value is told only where the condition of the rest shows it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bigpandamon_core.domain.conditions import All, AnyOf, Condition, Op, Test, equal
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.nouns import Asked
from bigpandamon_core.domain.parameters import SHOWN, together, values_of
from bigpandamon_core.domain.problems import Problem

MOST_TOLD = 20
"""Of more values none is told for itself."""
SEPARATORS = "|,"


@dataclass(frozen=True)
class Alternative:
    """text: the value. rest: what the parameter is without it, "" where nothing is left."""

    text: str
    rest: str


def alternatives(asked: Asked, value: str, field: Field | None) -> list[Alternative]:
    """The values of a condition that can be taken out one by one, none where it is one whole.

    value: of the parameter. field: what it asks for, None where that is no field.
    """
    if asked.parameter.endswith(SHOWN):
        shown = values_of(asked.parameter, value)
        return _told(shown, [together(one for one in shown if one != left) for left in shown])
    if asked.beside or field is None:
        return []
    found = (_of_list(value, separator, field) for separator in SEPARATORS if separator in value)
    return next((each for each in found if each), [])


def _told(texts: list[str], rests: list[str]) -> list[Alternative]:
    return [Alternative(*pair) for pair in zip(texts, rests, strict=True)] if len(texts) <= MOST_TOLD else []


def _of_list(value: str, separator: str, field: Field) -> list[Alternative]:
    pieces = [piece for piece in value.split(separator) if piece.strip()]
    if not 1 < len(pieces) <= MOST_TOLD:
        return []
    rests = [
        _rest(value, separator.join(pieces[:place] + pieces[place + 1 :]), pieces[place], separator, field)
        for place in range(len(pieces))
    ]
    return _told(pieces, rests) if all(rests) else []


def _rest(value: str, rest: str, piece: str, separator: str, field: Field) -> str:
    """The text that means all but one piece; "" if there is none. A bar at its end keeps it a list."""
    whole = _branches(field.condition(value))
    for text in (rest, rest + separator):
        left = _meant(text, field)
        if left and left < whole and whole - left == _meant_by_one(piece, separator, field) - left:
            return text
    return ""


def _meant_by_one(piece: str, separator: str, field: Field) -> frozenset[Condition]:
    """As a member of a list."""
    return _meant(piece + separator + piece, field)


def _meant(text: str, field: Field) -> frozenset[Condition]:
    try:
        return _branches(field.condition(text))
    except Problem:
        return frozenset()


def _branches(condition: Condition) -> frozenset[Condition]:
    """Conditions of which one must hold."""
    return frozenset(_split(condition))


def _split(condition: Condition) -> Iterator[Condition]:
    match condition:
        case AnyOf(parts):
            for part in parts:
                yield from _split(part)
        case All((part,)):
            yield from _split(part)
        case Test(column, Op.ONE_OF, tuple() as values):
            yield from (equal(column, value) for value in values)
        case _:
            yield condition
