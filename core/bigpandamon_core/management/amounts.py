"""Numbers in a command's arguments that make sense only within bounds."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from math import inf
from typing import TypeVar

Number = TypeVar("Number", int, float)


def whole(low: int, high: float = inf) -> Callable[[str], int]:
    """For argparse: a whole number from low to high."""
    return _read(int, "a whole number", low, high)


def above_zero(text: str) -> float:
    """For argparse: a finite number, more than 0."""
    value = from_zero(text)
    if not value:
        raise ArgumentTypeError("expected more than 0")
    return value


def from_zero(text: str) -> float:
    """For argparse: a finite number, 0 or more."""
    return _read(float, "a number", 0, inf)(text)


def _read(kind: Callable[[str], Number], noun: str, low: float, high: float) -> Callable[[str], Number]:
    expected = f"expected {noun}, {low} or more" if high == inf else f"expected {noun}, {low} to {high}"

    def read(text: str) -> Number:
        try:
            value = kind(text)
        except ValueError as error:
            raise ArgumentTypeError(expected) from error
        if not low <= value <= high or value == inf:
            raise ArgumentTypeError(f"{expected}, found {text}")
        return value

    return read
