"""Reading a TOML file into dotted keys, with everything that is wrong with it."""

import json
import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bigpandamon_core.config.mistakes import Mistake, unknown

BYTE_ORDER_MARK = "\ufeff"
"""Some editors begin a file with it."""
BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The tables of one file. That it is absent is no mistake by itself: its reader knows what must exist."""

    tables: Mapping[str, Any]
    mistakes: tuple[Mistake, ...] = ()
    absent: bool = False


def parse(path: Path) -> Parsed:
    """Read one file. Never raises for what an operator can cause."""
    file = str(path)
    try:
        text = path.read_bytes().decode().removeprefix(BYTE_ORDER_MARK)
        return Parsed(tomllib.loads(text))
    except FileNotFoundError:
        return Parsed({}, absent=True)
    except OSError as error:
        return _broken(file, "a readable file", (error.strerror or "an error").lower())
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _broken(file, "text in UTF-8", f"other bytes at line {line}")
    except tomllib.TOMLDecodeError as error:
        return _broken(file, "TOML", str(error)[:1].lower() + str(error)[1:])


def blocking(path: Path) -> Path | None:
    """What stands where a folder on the way to this path should be; None where nothing does."""
    there = next(place for place in path.parents if os.path.exists(place))
    return None if there.is_dir() else there


def _broken(file: str, expected: str, found: str) -> Parsed:
    return Parsed({}, (Mistake(file, "", expected, found),))


def flat(
    tables: Mapping[str, Any], known: Collection[str], file: str
) -> tuple[dict[str, Any], tuple[Mistake, ...]]:
    """Values by dotted key for the known keys; a mistake for each name that is none of them."""
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for key, value in _walk(tables, known, ()):
        if key in known:
            values[key] = value
        elif _is_table(key, known):
            mistakes.append(Mistake(file, key, "a table of options", "a single value"))
        else:
            mistakes.append(unknown(file, key, known))
    return values, tuple(mistakes)


def _is_table(key: str, known: Collection[str]) -> bool:
    return any(name.startswith(key + ".") for name in known)


def _walk(
    table: Mapping[str, Any], known: Collection[str], above: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        path = (*above, name if BARE.fullmatch(name) else json.dumps(name))
        key = ".".join(path)
        inner = isinstance(value, dict) and key not in known
        if inner and value:
            yield from _walk(value, known, path)
        elif not (inner and _is_table(key, known)):
            yield key, value
