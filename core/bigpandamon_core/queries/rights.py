"""What the account may do in the PanDA database beyond reading, found without trying it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connections, models

from bigpandamon_core.panda.grants import account_of, name_of
from bigpandamon_core.sources.reading import ALIAS, declare, written

RIGHTS = declare(
    "account.rights",
    "What the account may do beyond reading, as the database's own catalogue tells it.",
    binds=("privileges", "tables"),
)
WRITING = ("INSERT", "UPDATE", "DELETE")
ANYWHERE = tuple(f"{verb} ANY TABLE" for verb in WRITING)
HARMLESS = frozenset({"SELECT", "USAGE", "SHOW VIEW", "SHOW DATABASES", "PROCESS", "REFERENCES"})
_PART = r"(?:`(?:[^`]|``)*`|\*)"
_GRANT = re.compile(rf"GRANT (.+?) ON (?:TABLE )?({_PART}\.{_PART}) TO ((?:'.*?'|`.*?`)@(?:'.*?'|`.*?`))")
_COLUMNS = re.compile(r" \([^)]*\)")
_POSTGRESQL = """SELECT quote_ident(current_user), named.name, privilege.name,
    pg_has_role(pg_class.relowner, 'USAGE'), has_table_privilege(pg_class.oid, privilege.name)
FROM unnest(%s::text[]) WITH ORDINALITY AS named(name, place)
    JOIN pg_class ON pg_class.oid = named.name::regclass
    CROSS JOIN unnest(%s::text[]) WITH ORDINALITY AS privilege(name, place)
ORDER BY named.place, privilege.place"""
_ORACLE = """SELECT NULL, NULL, privilege FROM session_privs WHERE privilege IN ({anywhere})
UNION ALL SELECT table_schema, table_name, privilege FROM all_tab_privs
    WHERE privilege IN ({writing}) AND table_name IN ({tables})
    AND grantee IN (SELECT USER FROM DUAL UNION ALL SELECT 'PUBLIC' FROM DUAL
        UNION ALL SELECT role FROM session_roles)
UNION ALL SELECT owner, table_name, 'OWNER' FROM all_tables WHERE owner = USER AND table_name IN ({tables})"""


@dataclass(frozen=True)
class Rights:
    """account: as GRANT and REVOKE name it. beyond: (privilege, what it is on) that reading needs not; on ""
    everywhere. owns: it has them as owner or administrator, so that nothing can be revoked. unread: so many
    grants are told in other words, such as of a role."""

    account: str
    beyond: tuple[tuple[str, str], ...] = ()
    owns: bool = False
    unread: int = 0


Table = type[models.Model]


def rights(user: str, tables: Sequence[Table]) -> Rights | None:
    """Those of the account on these tables, which are there; None where the database knows no rights.

    Raises:
        Problem: the database does not answer.
    """
    ask = _ASKING.get(connections[ALIAS].vendor)
    return ask(user, tables) if ask else None


def _of_mysql(user: str, tables: Sequence[Table]) -> Rights:
    """SHOW GRANTS also has the hash of a password: only what is matched leaves here."""
    rows = written(RIGHTS, "SHOW GRANTS FOR CURRENT_USER")
    matched = [found.groups() for (row,) in rows if (found := _GRANT.match(row))]
    account = matched[0][2] if matched else account_of("mysql", user)
    places = {name.replace("`", "").lower() for name in map(_quoted, tables)}
    beyond = [
        (privilege, on)
        for privileges, on, _ in matched
        if any(map(_pattern(on).fullmatch, places))
        for privilege in _COLUMNS.sub("", privileges).split(", ")
        if privilege not in HARMLESS
    ]
    return Rights(account, tuple(dict.fromkeys(beyond)), unread=len(rows) - len(matched))


def _quoted(table: Table) -> str:
    connection = connections[ALIAS]
    name = connection.ops.quote_name(table._meta.db_table)
    inside = connection.vendor == "mysql" and "." not in name
    return f"{connection.ops.quote_name(connection.settings_dict['NAME'])}.{name}" if inside else str(name)


def _pattern(on: str) -> re.Pattern[str]:
    """What a grant is on: in the name of a database, % and _ stand for any characters and any one."""
    database, _, table = on.replace("`", "").lower().rpartition(".")
    signs = {"%": ".*", "_": ".", "*": ".*", r"\_": "_", r"\%": "%"}
    inner = "".join(signs.get(part, re.escape(part)) for part in re.findall(r"\\[_%]|.", database))
    return re.compile(f"{inner}{re.escape('.')}{'.*' if table == '*' else re.escape(table)}")


def _of_postgresql(user: str, tables: Sequence[Table]) -> Rights:
    names = [_quoted(table) for table in tables]
    rows = written(RIGHTS, _POSTGRESQL, (names, [*WRITING, "TRUNCATE"]))
    account = rows[0][0] if rows else account_of("postgresql", user)
    held = [(privilege, name) for _, name, privilege, _, holds in rows if holds]
    return Rights(account, tuple(held), any(owns for _, _, _, owns, _ in rows))


def _of_oracle(user: str, tables: Sequence[Table]) -> Rights:
    schemas: Mapping[str, str] = connections[ALIAS].settings_dict["SCHEMAS"]
    split = [table._meta.db_table.partition(".") for table in tables]
    wanted = {(schemas.get(family, "").upper(), table.upper()) for family, _, table in split}
    names = sorted({table for _, table in wanted})
    marks = {"anywhere": ANYWHERE, "writing": WRITING, "tables": names}
    text = _ORACLE.format_map({key: ", ".join(["%s"] * len(values)) for key, values in marks.items()})
    rows = written(RIGHTS, text, (*ANYWHERE, *WRITING, *names, *names))
    held = tuple(_on_oracle(rows, wanted))
    return Rights(user, held, any(privilege == "OWNER" for privilege, _ in held))


def _on_oracle(rows: list[tuple[str, ...]], wanted: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Of tables of one name those of our schemas; where none is named any: it may be a synonym."""
    for schema, table, privilege in rows:
        if not table:
            yield privilege, ""
        elif {(schema, table), ("", table)} & wanted:
            yield privilege, name_of("oracle", schema, table)


_ASKING: Mapping[str, Callable[[str, Sequence[Table]], Rights]] = {
    "mysql": _of_mysql,
    "postgresql": _of_postgresql,
    "oracle": _of_oracle,
}
