from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connections, transaction

from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.families import FAMILIES, Presence, presence, table_presence
from tests.services.process import free_port


@pytest.fixture
def alias(panda_tables):
    """Registers a connection made from PanDA's settings with changes; gone after the test."""

    def register(**changes):
        connections.settings["other"] = deepcopy(connections["panda"].settings_dict) | changes
        return "other"

    yield register
    if "other" in connections.settings:
        connections["other"].close()
        del connections["other"], connections.settings["other"]


@pytest.fixture
def server(private_databases, vendor):
    """The private server behind --panda."""
    if vendor == "sqlite":
        pytest.skip("SQLite has no rights")
    return private_databases.server


def test_every_model_belongs_to_one_family():
    listed = [model for models in FAMILIES.values() for model in models]
    assert sorted(listed, key=str) == sorted(apps.get_app_config("panda").get_models(), key=str)


def test_a_whole_schema_is_present(panda_tables):
    assert set(presence().values()) == {Presence.PRESENT}


def test_a_missing_table_makes_its_family_absent(panda_tables):
    writing = connections["demo"]
    name = writing.ops.quote_name(ErrorDescriptions._meta.db_table)
    with writing.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO elsewhere")
    try:
        found = presence()
    finally:
        with writing.cursor() as cursor:
            cursor.execute(f"ALTER TABLE elsewhere RENAME TO {name}")
    assert found["errors"] is Presence.ABSENT
    assert {family for family, state in found.items() if state is not Presence.PRESENT} == {"errors"}


def test_a_missing_schema_makes_its_families_absent(alias, vendor):
    if vendor == "sqlite":
        pytest.skip("SQLite has no schemas")
    found = presence(alias(SCHEMAS={"panda": "", "arch": "nowhere"}))
    assert found["archive"] is Presence.ABSENT
    assert found["jobs"] is Presence.PRESENT


def test_a_table_without_rights_makes_its_family_forbidden(alias, server, vendor):
    tables = [model._meta.db_table.rpartition(".")[2] for model in FAMILIES["jobs"] + FAMILIES["files"]]
    grant(server, vendor, tables)
    found = presence(alias(USER="limited"))
    readable = {family for family, state in found.items() if state is Presence.PRESENT}
    assert readable == {"jobs", "files"}
    assert set(found.values()) == {Presence.PRESENT, Presence.FORBIDDEN}


def grant(server, vendor, tables):
    """A user named limited, who may read those tables and nothing else."""
    if vendor == "postgresql":
        server.run("CREATE USER limited")
        server.run(f"GRANT SELECT ON {', '.join(tables)} TO limited", database="panda")
        return
    server.create_user("limited", *(f"SELECT ON panda.{table}" for table in tables))


def test_one_statement_for_each_table(panda_tables, django_statements):
    presence()
    assert len(django_statements) == len([model for models in FAMILIES.values() for model in models])


@pytest.fixture
def django_statements(panda_tables):
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connections["panda"].execute_wrapper(note):
        yield seen


def test_a_database_that_is_down_is_not_an_absent_family(alias, vendor):
    broken = {"NAME": "file:/nowhere/panda.sqlite3?mode=ro"} if vendor == "sqlite" else {"PORT": free_port()}
    with pytest.raises(OperationalError):
        presence(alias(**broken))


def test_looking_for_tables_spoils_no_transaction(panda_tables):
    """What comes after a table that is not there is read as before."""
    nowhere: Any = SimpleNamespace(_meta=SimpleNamespace(db_table="panda.nowhere"))
    with transaction.atomic(using="panda"), connections["panda"].cursor() as cursor:
        assert table_presence(nowhere) is Presence.ABSENT
        cursor.execute("/* families.presence */ SELECT 1")
        assert cursor.fetchone() == (1,)
