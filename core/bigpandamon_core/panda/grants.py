"""What an administrator of a PanDA database says, so that an account may read its tables and nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db import models

KINDS = ("oracle", "mysql", "postgresql")
DATABASE = "panda"
"""Of MySQL where no schema is named."""


def name_of(kind: str, schema: str, table: str) -> str:
    """A table, or without one a schema, as statements to a database of this kind name it."""
    parts = [part for part in (schema, table) if part]
    if kind == "oracle":
        return ".".join(parts).upper()
    mark = "`" if kind == "mysql" else '"'
    return ".".join(f"{mark}{part}{mark}" for part in parts)


def account_of(kind: str, user: str) -> str:
    """A user in a GRANT. MySQL's is from any host: only the server knows from which the account is."""
    return {"mysql": f"'{user}'@'%'", "postgresql": f'"{user}"'}.get(kind, user)


def statements(
    kind: str, account: str, schemas: Mapping[str, str], tables: Iterable["type[models.Model]"]
) -> Iterator[str]:
    """One GRANT a table, on PostgreSQL those of their schemas before them.

    account: as `account_of` gives it, or the server. schemas: their names by family, "" for the default one.
    """
    split = [table._meta.db_table.partition(".") for table in tables]
    placed = [(schemas.get(family, ""), table) for family, _, table in split]
    if kind == "postgresql":
        for schema in dict.fromkeys(schema for schema, _ in placed if schema):
            yield f"GRANT USAGE ON SCHEMA {name_of(kind, schema, '')} TO {account};"
    for schema, table in placed:
        yield f"GRANT SELECT ON {name_of(kind, schema, table)} TO {account};"
