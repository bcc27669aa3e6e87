"""Families of PanDA tables: those that a plugin adds, and those that it needs."""

import re
from collections.abc import Iterator, Sequence

from bigpandamon_core.config.databases import FAMILIES as SCHEMAS
from bigpandamon_core.panda.families import FAMILIES
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint, unknown

CORE_TABLES = frozenset(table._meta.db_table for tables in FAMILIES.values() for table in tables)

_WORD = re.compile("[a-z][a-z_]*")


def complaints(plugin: Plugin) -> Iterator[Complaint]:
    """Families and tables that core has, tables in no known schema, needs that nothing declares."""
    for word in plugin.schemas:
        if not _WORD.fullmatch(word) or word in SCHEMAS:
            yield Complaint("schemas", "a word of a-z and _ that is none of PanDA's", f'"{word}"')
    for name, tables in plugin.families.items():
        if name in FAMILIES:
            yield Complaint("families", "a name that no family of core has", f'"{name}"')
        for table in tables:
            yield from _of_table(f"families.{name}", table._meta.db_table, (*SCHEMAS, *plugin.schemas))
    for family in (*plugin.needs, *_of_resources(plugin)):
        known = {**FAMILIES, **plugin.families}
        if family not in known:
            yield unknown("needs", family, known, "a family of PanDA tables")


def _of_table(key: str, table: str, known: Sequence[str]) -> Iterator[Complaint]:
    if table.partition(".")[0] not in known:
        yield Complaint(key, f"a table in one of {', '.join(known)}, as in panda.name", f'"{table}"')
    if table in CORE_TABLES:
        yield Complaint(key, "a table that core does not read", f'"{table}"')


def _of_resources(plugin: Plugin) -> Iterator[str]:
    for section in plugin.sections:
        for resource in section.resources:
            yield from getattr(resource, "needs", ())
