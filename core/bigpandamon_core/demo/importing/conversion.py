"""Values of record files as the Python values of PanDA's columns.

Files come from many writers: `1.0` for an integer, `.0` behind a time, blanks behind a CHAR and numbers for
texts are understood. Whatever would change a value, or a database would not take, is refused with the name of
the column.
"""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Never, TypeAlias

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from bigpandamon_core.domain.window import parse_moment
from bigpandamon_core.panda.fields import PaddedText, PandaJson
from bigpandamon_core.sources.records import Refused

LONGEST_SHOWN = 40
Column: TypeAlias = "models.Field[Any, Any]"


def absent(value: object) -> bool:
    """Empty fields and empty texts are NULL, as in half of the databases that records come from."""
    return value is None or value == ""


def converted(column: Column, value: object) -> object:
    """The value for this column. Refused says why there is none."""
    for kind, convert in CONVERTERS:
        if isinstance(column, kind):
            try:
                return convert(column, value)
            except ValueError as error:
                raise Refused(f"{column.name}: {error}") from None
    raise TypeError(f"{column}: no rule for columns of type {type(column).__name__}")


def number(value: object) -> Decimal:
    """ValueError unless the value is a finite number or the text of one."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(f"{_shown(value)} is not a number")
    try:
        told = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(f"{_shown(value)} is not a number") from None
    if not told.is_finite():
        raise ValueError(f"{_shown(value)} is not a number")
    return told


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _whole(column: Column, value: object) -> int:
    told = number(value)
    lowest, highest = BaseDatabaseOperations.integer_field_ranges[column.get_internal_type()]
    if not lowest <= told <= highest:
        raise ValueError(f"{_shown(value)} is outside {lowest} to {highest}")
    if told != int(told):
        raise ValueError(f"{_shown(value)} is not a whole number")
    return int(told)


def _decimal(column: "models.DecimalField[Any, Any]", value: object) -> Decimal:
    told = number(value)
    if abs(told) >= Decimal(10) ** (column.max_digits - column.decimal_places):
        raise ValueError(f"{_shown(value)} has more than {column.max_digits} digits")
    return told.quantize(Decimal(1).scaleb(-column.decimal_places), rounding=ROUND_HALF_UP)


def _moment(_column: Column, value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    moment = parse_moment(value) if isinstance(value, str) else None
    if moment is None:
        raise ValueError(f"{_shown(value)} is not a time")
    return moment


def _text(column: Column, value: object) -> str:
    text = _storable(value)
    if column.max_length is not None and len(text) > column.max_length:
        raise ValueError(f"{len(text)} characters, room for {column.max_length}")
    return text


def _padded(column: Column, value: object) -> str:
    return _text(column, _storable(value).rstrip(" "))


def _storable(value: object) -> str:
    if isinstance(value, bool | dict | list):
        raise ValueError(f"{_shown(value)} is not a text")
    text = str(value)
    if "\0" in text:
        raise ValueError("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is not UTF-8 text") from None
    return text


def _document(_column: Column, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError(f"{_shown(value)} is not a JSON document") from None


def _no_constant(_name: str) -> Never:
    raise ValueError


# The more special types come first: PandaJson is a TextField, PaddedText a CharField.
CONVERTERS: tuple[tuple[type[Any], Callable[[Any, object], object]], ...] = (
    (PandaJson, _document),
    (PaddedText, _padded),
    (models.CharField, _text),
    (models.TextField, _text),
    (models.IntegerField, _whole),
    (models.DecimalField, _decimal),
    (models.DateTimeField, _moment),
)
