"""How the text of a request parameter becomes a condition.

Each rule takes the column and the cleaned text and returns a Condition, or raises Problem when the type or
syntax is wrong. The forms are those of the BigPanDA JSON API: `*` wildcard, `|` or, `,` and (or a list),
a leading `!` not.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import partial

from bigpandamon_core.domain.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    AnyOf,
    Condition,
    Not,
    Op,
    Test,
    absent,
    between,
    equal,
    like,
    one_of,
)  # fmt: skip
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import NOT_SPECIFIED

Rule = Callable[[str, str], Condition]

MOST_PIECES = 500
LONGEST_PIECE = 4000
LONGEST_NUMBER = 40
"""Characters: no text column of PanDA that is asked by a rule is wider."""
MOST_IDS = 50_000
_INT_LIMIT = 2**63 - 1


def illegal(text: str, remedy: str) -> Problem:
    """A value whose type or syntax is wrong; the parser adds which parameter it was."""
    shown = text if len(text) <= 60 else text[:60] + "…"
    return Problem(f"Illegal value '{shown}'", remedy=remedy, code="illegal-value")


def integer(text: str) -> int:
    """One whole number within 64 bits.

    Raises:
        Problem: anything else.
    """
    stripped = text.strip()
    digits = stripped.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise illegal(text, "Give a whole number.")
    if len(digits) > 19 or int(digits) > _INT_LIMIT:
        raise illegal(text, f"Give a whole number of at most {_INT_LIMIT}.")
    return int(stripped)


def split(text: str, separators: str, most: int = MOST_PIECES, parameter: str = "") -> list[str]:
    """The non-empty pieces of a list written with any of the separators. parameter: whose value it is, where
    nobody else says it.

    Raises:
        Problem: more pieces than `most`.
    """
    for separator in separators[1:]:
        text = text.replace(separator, separators[0])
    pieces = [piece for piece in text.split(separators[0]) if piece.strip()]
    if len(pieces) > most:
        raise Problem(
            f"A list of {len(pieces)} values",
            parameter=parameter,
            remedy=f"Give at most {most}.",
            code="list-too-long",
        )
    if any(len(piece) > LONGEST_PIECE for piece in pieces):
        raise illegal(text, f"Give at most {LONGEST_PIECE} characters.")
    return pieces


def _piece(column: str, text: str) -> Condition:
    """One piece of a text rule, without its `!`."""
    if text == NOT_SPECIFIED:
        return absent(column)
    if text.strip("*") == "" and text:
        return Not(absent(column))
    if "*" in text:
        return Test(column, Op.FOLDED_LIKE, tuple(text.split("*")))
    return Test(column, Op.FOLDED, text)


def text(column: str, value: str) -> Condition:
    """Text with wildcards, `|`, `,` and `!`, ignoring case. A leading `!` negates all pieces (and)."""
    pieces = [piece for piece in split(value, "|,") if piece != "!"]
    if not pieces:
        raise illegal(value, "Give a value, or several separated by | or a comma.")
    if value.startswith("!"):
        return All(tuple(Not(_piece(column, piece.removeprefix("!"))) for piece in pieces))
    branches = [[piece for piece in split(branch, ",") if piece != "!"] for branch in split(value, "|")]
    branches = [branch for branch in branches if branch]
    return AnyOf(tuple(All(tuple(_signed(column, piece) for piece in branch)) for branch in branches))


def _signed(column: str, piece: str) -> Condition:
    return Not(_piece(column, piece[1:])) if piece.startswith("!") else _piece(column, piece)


def patterns(separator: str, no: str, nothing: str = NOT_SPECIFIED) -> Rule:
    """Any of a list of texts, to the letter, with `*` for anything; a piece that begins with `no` must not
    fit, and of a list that begins with it none. nothing: stands for records without a value."""

    def one(column: str, piece: str) -> Condition:
        if piece == nothing:
            return absent(column)
        return like(column, piece) if piece.strip("*") else Not(absent(column))

    def rule(column: str, value: str) -> Condition:
        pieces = [piece for piece in split(value, separator) if piece != no]
        if not pieces:
            raise illegal(value, f"Give a value, or several separated by {separator}")
        none = value.startswith(no)
        wanted = [piece for piece in pieces if not none and not piece.startswith(no)]
        unwanted = [piece.removeprefix(no) for piece in pieces if none or piece.startswith(no)]
        listed = (AnyOf(tuple(one(column, piece) for piece in wanted)),) if wanted else ()
        return All((*listed, *(Not(one(column, piece)) for piece in unwanted)))

    return rule


def exact(column: str, value: str) -> Condition:
    return absent(column) if value == NOT_SPECIFIED else equal(column, value)


def exact_list(column: str, value: str, separators: str = "|") -> Condition:
    """Any of the listed values, equal to the letter."""
    pieces = split(value, separators)
    wanted: tuple[Condition, ...] = (one_of(column, tuple(pieces)),)
    return AnyOf((*wanted, absent(column))) if NOT_SPECIFIED in pieces else wanted[0]


exact_comma_list = partial(exact_list, separators="|,")


def exact_or(signs: str, otherwise: Rule = text) -> Rule:
    """Exact when the value holds none of the signs, another rule when it does."""

    def rule(column: str, value: str) -> Condition:
        return otherwise(column, value) if any(sign in value for sign in signs) else exact(column, value)

    return rule


def contains(column: str, value: str) -> Condition:
    """Contains, ignoring case; stars at the ends are dropped, inside they are literal."""
    return absent(column) if value == NOT_SPECIFIED else _like(column, ("", value.strip("*"), ""))


def _like(column: str, pieces: tuple[str, ...]) -> Condition:
    if sum(map(len, pieces)) > LONGEST_PIECE:
        raise illegal("".join(pieces), f"Give at most {LONGEST_PIECE} characters.")
    return Test(column, Op.FOLDED_LIKE, pieces)


def contains_or(signs: str) -> Rule:
    """Contains when the value holds none of the signs, else the text rules."""

    def rule(column: str, value: str) -> Condition:
        return (text if any(sign in value for sign in signs) else contains)(column, value)

    return rule


def ends_with(column: str, value: str) -> Condition:
    return absent(column) if value == NOT_SPECIFIED else _like(column, ("", value))


def integers(column: str, value: str) -> Condition:
    """One whole number or a `|` or `,` list of them; "Not specified" for absent ones."""
    pieces = split(value, "|,", MOST_IDS)
    if not pieces:
        raise illegal(value, "Give a whole number, or several separated by | or a comma.")
    numbers = tuple(integer(piece) for piece in pieces if piece.strip() != NOT_SPECIFIED)
    wanted: Condition = one_of(column, numbers) if numbers else NOTHING
    return AnyOf((wanted, absent(column))) if len(numbers) < len(pieces) else wanted


def identifiers(column: str, value: str) -> Condition:
    """One number or a list of them, of a column that is never absent."""
    listed = [piece for piece in split(value, "|,", MOST_IDS) if piece.strip() != NOT_SPECIFIED]
    return integers(column, ",".join(listed)) if listed else NOTHING


def integer_or_absent(special: int) -> Rule:
    """As integers, but the special number also takes records that have none."""

    def rule(column: str, value: str) -> Condition:
        wanted = integers(column, value)
        listed = [piece.strip() for piece in split(value, "|,", MOST_IDS)]
        return AnyOf((wanted, absent(column))) if str(special) in listed else wanted

    return rule


def number(column: str, value: str) -> Condition:
    """Equality with one decimal number."""
    return absent(column) if value == NOT_SPECIFIED else equal(column, decimal(value))


def decimal(text: str) -> Decimal:
    """One decimal number of ordinary size.

    Raises:
        Problem: anything else.
    """
    try:
        wanted = Decimal(text.strip())
    except InvalidOperation as error:
        raise illegal(text, "Give a number.") from error
    if not wanted.is_finite() or len(text) > LONGEST_NUMBER or abs(wanted.adjusted()) > LONGEST_NUMBER:
        raise illegal(text, "Give a number of ordinary size.")
    return wanted


def range_of(value: str, separator: str, remedy: str) -> tuple[int, int]:
    """Both ends of `lo<separator>hi`; a sign before the first is no separator.

    Raises:
        Problem: not two whole numbers.
    """
    at = value.find(separator, 1)
    low, high = value[:at].strip(), value[at + 1 :].strip()
    if at < 0 or not (low and high):
        raise illegal(value, remedy)
    return integer(low), integer(high)


def integer_range(separator: str) -> Rule:
    """`lo<separator>hi`, both ends included."""

    def rule(column: str, value: str) -> Condition:
        if value == NOT_SPECIFIED:
            return absent(column)
        return between(column, *range_of(value, separator, f"Give a range as LOW{separator}HIGH."))

    return rule


def memory(column: str, value: str) -> Condition:
    """Megabytes, or `A-BGB` for A*1000 to B*1000-1."""
    if not value.upper().endswith("GB"):
        return integers(column, value)
    low, high = range_of(value[:-2], "-", "Give megabytes, or a range like 2-3GB.")
    if low == high:
        raise illegal(value, "The upper end is outside: 2-3GB is from 2000 to 2999 MB.")
    return between(column, low * 1000, high * 1000 - 1)


def any_when(word: str, otherwise: Rule) -> Rule:
    """The word stands for every record that has a value."""

    def rule(column: str, value: str) -> Condition:
        return Not(absent(column)) if value == word else otherwise(column, value)

    return rule


def ignore(_column: str, _value: str) -> Condition:
    return EVERYTHING
