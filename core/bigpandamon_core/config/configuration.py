"""The effective configuration of a process: read once, never changed, shown without secrets."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bigpandamon_core.config.mistakes import Mistake, nearest, unknown
from bigpandamon_core.config.options import Option
from bigpandamon_core.config.switches import Switch
from bigpandamon_core.config.urls import HIDDEN, DatabaseUrl

DEFAULT = "default"
OF_THE_HOST = frozenset({"web.bind", "web.workers", "web.threads"})


class Configuration:
    """Values by option key, and where each came from. Iterating gives the options in declared order."""

    def __init__(
        self,
        options: Iterable[Option],
        values: Mapping[str, Any],
        file: Path | None = None,
        written: Iterable[str] = (),
        switches: Mapping[str, Switch] | None = None,
    ) -> None:
        self._options = {option.key: option for option in options}
        self._values = dict(values)
        self._written = frozenset(written)
        self.file = file
        self.switches: Mapping[str, Switch] = switches or {}

    def __iter__(self) -> Iterator[Option]:
        return iter(self._options.values())

    def __contains__(self, key: object) -> bool:
        return key in self._options

    def __repr__(self) -> str:
        return f"<Configuration from {self.file or 'embedded defaults'}, {len(self._written)} options set>"

    def get(self, key: str) -> Any:
        """The value, of the option's type, lists as tuples. Raises KeyError for a key nothing declares."""
        if key not in self._values:
            raise KeyError(f"no option {key}; nearest is {nearest(key, self._options) or 'none'}")
        return self._values[key]

    def hurried(self, limits: Mapping[str, int]) -> "Configuration":
        """The same with these numbers wherever they are smaller."""
        values = {key: min(limit, self._values[key]) for key, limit in limits.items()}
        return Configuration(self, self._values | values, self.file, self._written, self.switches)

    def origin(self, key: str) -> str:
        """The file that sets this option, or "default"."""
        self.get(key)
        return str(self.file) if key in self._written else DEFAULT

    def shown(self, key: str) -> Any:
        """The value as it may be printed or stored: plain types, secrets replaced."""
        value = self.get(key)
        if isinstance(value, DatabaseUrl | Path):
            return str(value)
        if self._options[key].secret:
            return HIDDEN if value else ""
        if isinstance(value, Mapping):
            return dict(value)
        return list(value) if isinstance(value, tuple) else value

    def digest(self) -> str:
        """Sixteen hexadecimal digits that change with any value shown but those that are a host's own affair;
        part of every cache key, so that hosts of one instance give what another kept."""
        told = {option.key: self.shown(option.key) for option in self if not _is_of_the_host(option)}
        text = json.dumps(told, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def strangers(self, key: str, known: Iterable[str], what: str) -> tuple[Mistake, ...]:
        """A mistake for each name in an open list or table (cache.points, sections.off) nothing declares."""
        names = frozenset(known)
        file = self.origin(key)
        return tuple(
            Mistake(file, key, wrong.expected, f'"{name}"', wrong.remedy)
            for name in self.get(key)
            if name not in names
            for wrong in (unknown(file, name, names, what),)
        )


def _is_of_the_host(option: Option) -> bool:
    return option.type is Path or option.key in OF_THE_HOST
