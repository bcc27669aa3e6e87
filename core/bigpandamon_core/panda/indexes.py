"""Indexes of the PanDA tables, as the published schemas of Oracle and PostgreSQL have them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

PRIMARY_KEY = "primary key"


@dataclass(frozen=True, slots=True)
class Index:
    """One index. columns: also expressions, `upper(produsername)`. note: "primary key" or Oracle's scope."""

    table: str
    columns: tuple[str, ...]
    unique: bool
    backend: str
    note: str

    @property
    def is_primary(self) -> bool:
        return self.note == PRIMARY_KEY


@cache
def indexes(backend: str) -> tuple[Index, ...]:
    """All indexes of a backend ("oracle" or "postgres") on the tables that we have models for."""
    return tuple(index for index in _rows() if index.backend == backend)


def _rows() -> Iterator[Index]:
    text = files(__package__).joinpath("schema/indexes.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        columns = tuple(row["columns"].split(","))
        yield Index(row["table"], columns, row["unique"] == "y", row["backend"], row["note"])
