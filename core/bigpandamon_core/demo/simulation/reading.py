"""Dataclasses from TOML tables; everything wrong is collected, nothing is guessed."""

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Declared = TypeVar("Declared")


class Reader:
    """name: of the file, for the messages in `mistakes`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.mistakes: list[str] = []

    def read(self, declared: type[Declared], table: Mapping[str, object], where: str = "") -> Declared | None:
        """An instance of the dataclass, or None when its table has mistakes."""
        known: dict[str, Field[Any]] = {each.name: each for each in fields(declared)}  # type: ignore[arg-type]
        before = len(self.mistakes)
        for key in table:
            if key not in known:
                self._unknown(f"{where}{key}", key, list(known))
        hints = get_type_hints(declared)
        values = {key: self._value(hints[key], table[key], f"{where}{key}") for key in known if key in table}
        for key, each in known.items():
            if key not in table and each.default is MISSING and each.default_factory is MISSING:
                self._complain(f"{where}{key}", "is missing")
        return declared(**values) if len(self.mistakes) == before else None

    def _value(self, kind: Any, value: Any, where: str) -> Any:
        if get_origin(kind) is tuple:
            return self._tuple(get_args(kind)[0], value, where)
        if is_dataclass(kind) and isinstance(kind, type):
            if isinstance(value, Mapping):
                return self.read(kind, value, f"{where}.")
            return self._complain(where, "wants a table")
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            return self._complain(where, f"wants {kind.__name__}, not {value!r}")
        return value

    def _tuple(self, kind: Any, value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            self._complain(where, f"wants a list, not {value!r}")
            return ()
        return tuple(self._value(kind, each, f"{where}[{place}]") for place, each in enumerate(value))

    def _unknown(self, where: str, key: str, known: list[str]) -> None:
        near = difflib.get_close_matches(key, known, 1)
        self._complain(where, f"is not known; did you mean {near[0]}?" if near else "is not known")

    def _complain(self, where: str, what: str) -> None:
        self.mistakes.append(f"{self.name}: {where} {what}")
