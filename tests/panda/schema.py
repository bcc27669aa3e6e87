"""The published schemas: columns.csv holds one line per column, with its type on each database."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("columns.csv")
FAMILIES = {
    "integer": r"(small|big)?int(eger)?|number",
    "decimal": r"numeric|decimal",
    "fixed text": r"char",
    "text": r"n?varchar2?|character varying",
    "long text": r"n?clob|text|longtext",
    "json": r"jsonb?",
    "date": r"date",
    "time": r"datetime|timestamp( without time zone)?",
}
LARGEST_BIGINT_DIGITS = 19


@dataclass(frozen=True)
class Type:
    """A column type as the databases write it: its family, and the first and second number in brackets."""

    family: str
    size: int = 0
    scale: int = 0


@dataclass(frozen=True)
class Column:
    """A published column. nullable: Y, N, or N(pg)/Y(ora) where the databases differ."""

    table: str
    name: str
    types: dict[str, str]
    nullable: str
    primary_key: str


def columns() -> Iterator[Column]:
    with FILE.open(newline="") as lines:
        for row in csv.DictReader(lines):
            types = {backend: row[backend] for backend in ("oracle", "postgresql", "mysql")}
            yield Column(row["table"], row["column"], types, row["nullable"], row["primary_key"])


def parse(text: str) -> Type:
    """NUMBER(11,0) and the like. Oracle's NUMBER is an integer if without fraction and within 64 bits."""
    match = re.fullmatch(r"([a-z0-9 ]+?)\s*(?:\((\d+)(?:,\s*(\d+))?\))?(?: null| not null)?", text.lower())
    assert match is not None, text
    name, size, scale = match[1], int(match[2] or 0), int(match[3] or 0)
    family = next(each for each, pattern in FAMILIES.items() if re.fullmatch(pattern, name))
    if name == "number" and (scale or size > LARGEST_BIGINT_DIGITS):
        family = "decimal"
    return Type(family, size, scale)
