"""What the account may do in the PanDA database: read each table, and nothing else."""

from collections.abc import Iterator, Mapping

from django.db import DatabaseError, connections, models

from bigpandamon_core.config import Configuration
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management.inspection import Finding, trouble, warning
from bigpandamon_core.panda import grants
from bigpandamon_core.panda.added import schema_of
from bigpandamon_core.panda.families import Presence, known, table_presence
from bigpandamon_core.panda.router import PANDA_ALIAS
from bigpandamon_core.queries.rights import Rights, rights

SUBJECT = "grants"
SHOWN = 3
SHOW_GRANTS = "SHOW GRANTS"
ASKED_FOR_AN_OWN = "let an administrator of the database make an account that may only read: "
States = Mapping[type[models.Model], Presence]


def findings(configuration: Configuration) -> Iterator[Finding]:
    url = configuration.get("panda.url")
    try:
        states = {table: table_presence(table) for tables in known().values() for table in tables}
        readable = [table for table, state in states.items() if state is Presence.PRESENT]
        found = rights(url.user, readable)
    except DatabaseError as error:
        yield trouble(SUBJECT, f"could not be looked at: {error}", "see what is said of the PanDA database")
        return
    except Problem as problem:
        yield trouble(SUBJECT, f"could not be looked at: {problem.what}", "see the log of the database")
        return
    yield from told(states, found, url.kind, _is_one_account(configuration))


def _is_one_account(configuration: Configuration) -> bool:
    """Whether our own database is written with the account that reads PanDA's."""
    ours, theirs = configuration.get("database.url"), configuration.get("panda.url")
    return ours.kind != "sqlite3" and (ours.user, ours.host, ours.port) == (
        theirs.user,
        theirs.host,
        theirs.port,
    )


def told(states: States, found: Rights | None, kind: str, is_ours: bool = False) -> Iterator[Finding]:
    """kind: of the database, as its URL says. found: None where it knows no rights. is_ours: the account also
    writes our own database."""
    yield _absent(states)
    yield from _forbidden(states, found.account if found else "")
    yield _writing(found, kind, is_ours)


def _absent(states: States) -> Finding:
    """Oracle does not tell absent tables from those that may not be read: there none is called absent."""
    lacking = [_named(table) for table, state in states.items() if state is Presence.ABSENT]
    present = sum(state is Presence.PRESENT for state in states.values())
    text = f"{present} of {len(states)} tables can be read"
    if lacking and connections[PANDA_ALIAS].vendor != "oracle":
        text += f"; absent, so that what needs them is off: {', '.join(lacking)}"
    return Finding(SUBJECT, text)


def _named(table: type[models.Model]) -> str:
    return table._meta.db_table.rpartition(".")[2]


def _forbidden(states: States, account: str) -> Iterator[Finding]:
    """By family, each with the statements that help."""
    vendor = connections[PANDA_ALIAS].vendor
    hidden = (Presence.FORBIDDEN, Presence.ABSENT) if vendor == "oracle" else (Presence.FORBIDDEN,)
    for family, tables in known().items():
        lacking = [table for table in tables if states[table] in hidden]
        if lacking:
            text = f"tables of {family} that may not be read: {', '.join(map(_named, lacking))}"
            schemas = _schemas(lacking)
            granted = " ".join(grants.statements(vendor, account, schemas, lacking))
            yield warning(SUBJECT, text, f"let an administrator of the database say: {granted}")


def _schemas(tables: list[type[models.Model]]) -> Mapping[str, str]:
    """Names by family as the connection has them; on MySQL the database where none is named."""
    settings = connections[PANDA_ALIAS].settings_dict
    default = settings["NAME"] if connections[PANDA_ALIAS].vendor == "mysql" else ""
    families = set(map(schema_of, tables))
    return {family: settings["SCHEMAS"].get(family) or default for family in families}


def _writing(found: Rights | None, kind: str, is_ours: bool = False) -> Finding:
    if found is None:
        return Finding(SUBJECT, "the PanDA database is a file that is opened for reading only")
    if not found.beyond and found.unread:
        text = f"{found.account} has rights by a role, or told in words that are not understood"
        return warning(
            SUBJECT, text, f"look through `{SHOW_GRANTS}`: the monitor needs SELECT and nothing else"
        )
    if not found.beyond:
        return Finding(SUBJECT, f"{found.account} may read and nothing else")
    words = ", ".join(dict.fromkeys(privilege for privilege, _ in found.beyond))
    places = list(dict.fromkeys(on or "every table" for _, on in found.beyond))
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    text = f"{found.account} may {words} on {', '.join(places[:SHOWN])}{more}; the monitor only reads"
    if found.owns or is_ours or any(on == "*.*" for _, on in found.beyond):
        return warning(
            SUBJECT, text, f"{ASKED_FOR_AN_OWN}`bigpandamon queries --grants {kind}` tells its rights"
        )
    revoked = " ".join(_revoked(found, kind))
    return warning(SUBJECT, text, f"let an administrator of the database say: {revoked}")


def _revoked(found: Rights, kind: str) -> Iterator[str]:
    by_place: dict[str, list[str]] = {}
    for privilege, on in found.beyond:
        by_place.setdefault(on, []).append(privilege)
    if kind == "postgresql":
        by_place = {", ".join(by_place): list(dict.fromkeys(privilege for privilege, _ in found.beyond))}
    for on, privileges in by_place.items():
        yield f"REVOKE {', '.join(privileges)}{f' ON {on}' if on else ''} FROM {found.account};"
        if "ALL PRIVILEGES" in privileges:
            yield f"GRANT SELECT ON {on} TO {found.account};"
