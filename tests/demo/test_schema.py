import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo import schema
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management.main import main
from bigpandamon_core.panda.jobs import JobsArchived
from tests.demo.test_simulate_command import bigpandamon
from tests.instance.defaults import required


def names(connection):
    return set(connection.introspection.table_names())


def indexes(connection, table):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {
        name: entry["columns"] for name, entry in found.items() if entry["index"] and not entry["primary_key"]
    }


def primary_key(connection, table):
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_columns(cursor, table) or []


def test_an_empty_database_gets_every_table(empty_database):
    connection = empty_database()
    assert schema.create(connection)
    assert names(connection) == {model._meta.db_table.rpartition(".")[2] for model in schema.tables()} | {
        schema.MARKER
    }


def test_keys_are_those_of_panda(empty_database):
    connection = empty_database()
    schema.create(connection, indexes=False)
    assert primary_key(connection, "jobsarchived4") == ["pandaid", "modificationtime"]
    assert primary_key(connection, "jobsactive4") == ["pandaid"]
    assert primary_key(connection, "jobsarchived") == []
    assert primary_key(connection, "jobs_statuslog") == []


def test_an_archived_job_may_lack_status_and_times(empty_database):
    connection = empty_database()
    schema.create(connection, indexes=False)
    columns = required(JobsArchived) | {"pandaid": 1}
    for _ in range(2):
        JobsArchived(**columns).save(using=connection.alias, force_insert=True)
    jobs = JobsArchived.objects.using(connection.alias)
    rows: list[Any] = list(jobs.values_list("jobstatus", "creationtime", "modificationtime"))
    assert rows == [(None, None, None)] * 2


def test_indexes_can_come_later(empty_database):
    connection = empty_database()
    schema.create(connection, indexes=False)
    assert indexes(connection, "jobsactive4") == {}
    schema.build_indexes(connection)
    assert ["jeditaskid", "pandaid"] in indexes(connection, "jobsactive4").values()
    assert len(indexes(connection, "jobsactive4")) == 14
    assert indexes(connection, "filestable4").keys() >= {"filestable4_ix05"}


def test_again_changes_nothing(empty_database):
    connection = empty_database()
    schema.create(connection)
    columns = required(JobsArchived) | {"pandaid": 1}
    JobsArchived(**columns).save(using=connection.alias, force_insert=True)
    assert not schema.create(connection)
    assert JobsArchived.objects.using(connection.alias).count() == 1


def test_an_interrupted_run_is_continued(empty_database):
    connection = empty_database()
    schema.create(connection, indexes=False)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE jedi_tasks")
        cursor.execute(f"DELETE FROM {schema.MARKER} WHERE step = 'table panda.jedi_tasks'")
    assert not schema.create(connection)
    assert "jedi_tasks" in names(connection)
    assert indexes(connection, "jedi_tasks")


@pytest.mark.parametrize("table", ["jobsactive4", "somebody_elses"])
def test_a_database_that_was_not_made_here_is_refused(empty_database, table):
    connection = empty_database()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {table} (id integer)")
    for action in (schema.create, schema.build_indexes, schema.require_ours):
        with pytest.raises(Problem) as refusal:
            action(connection)
        assert refusal.value.code == "not-a-demo-database"
    assert names(connection) == {table}


COMMANDS = [("demo", "schema"), ("demo", "simulate"), ("demo", "simulate", "--archived", "10")]


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_refused_file_stays_byte_for_byte(tmp_path, words, mode):
    theirs = tmp_path / "panda.sqlite3"
    with closing(sqlite3.connect(theirs)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE jobsarchived4 (pandaid int)")
    before = theirs.read_bytes()
    ended = bigpandamon(tmp_path, *words)
    assert (ended.returncode, "jobsarchived4" in ended.stderr) == (1, words != ("demo", "simulate"))
    assert theirs.read_bytes() == before


def test_no_file_is_made_where_none_is_wanted(tmp_path):
    assert "demo schema" in bigpandamon(tmp_path, "demo", "simulate").stderr
    assert not (tmp_path / "panda.sqlite3").exists()


def test_a_single_table_is_told_alone(empty_database):
    connection = empty_database()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE jobsactive4 (id integer)")
    with pytest.raises(Problem, match=r"it holds the table jobsactive4\."):
        schema.create(connection)


def test_an_empty_database_is_not_ours_before_it_was_made(empty_database):
    connection = empty_database()
    assert not schema.is_ours(connection)
    with pytest.raises(Problem, match="demo schema"):
        schema.require_ours(connection)


def test_a_database_of_another_release_is_refused(empty_database):
    connection = empty_database()
    schema.create(connection, indexes=False)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {schema.MARKER} SET step = 'version 0' WHERE step = '{schema.VERSION}'")
    with pytest.raises(Problem, match="another release"):
        schema.create(connection)


def test_named_schemas_are_made_and_used(empty_database, private_databases):
    if private_databases.server is None:
        pytest.skip("SQLite has no schemas")
    connection = empty_database(SCHEMAS={"panda": "demo_panda", "arch": "demo_arch", "meta": "demo_meta"})
    try:
        assert schema.create(connection)
        columns = required(JobsArchived) | {"pandaid": 1}
        JobsArchived(**columns).save(using=connection.alias, force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pandaid FROM demo_arch.jobsarchived")
            assert cursor.fetchall()[0] == (1,)
        assert names(connection) == {schema.MARKER}
    finally:
        drop_schemas(connection)


def test_a_named_schema_with_tables_is_refused(empty_database, private_databases):
    if private_databases.server is None:
        pytest.skip("SQLite has no schemas")
    connection = empty_database(SCHEMAS={"panda": "demo_panda", "arch": ""})
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA demo_panda")
        cursor.execute("CREATE TABLE demo_panda.jobsactive4 (id integer)")
    try:
        with pytest.raises(Problem, match="not empty"):
            schema.create(connection)
    finally:
        drop_schemas(connection)


def drop_schemas(connection):
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in ("demo_panda", "demo_arch", "demo_meta"):
            cursor.execute(f"DROP SCHEMA IF EXISTS {name}{cascade}")


def test_the_writing_connection_is_the_panda_database(panda_tables):
    from django.db import connections

    reading, writing = connections["panda"].settings_dict, demo.writing().settings_dict
    assert reading["NAME"].partition("?")[0] == writing["NAME"].partition("?")[0]
    assert reading["HOST"] == writing["HOST"]
    assert reading["SCHEMAS"] == writing["SCHEMAS"]


def test_oracle_is_no_place_for_a_demonstration(oracle_compiler_without_server):
    from django.db import connections

    del connections.settings[demo.ALIAS]
    with oracle_compiler_without_server.in_place_of("panda"), pytest.raises(Problem, match="Oracle"):
        demo.writing()


def test_the_command_says_what_it_did(panda_tables, capsys):
    assert main(["demo", "schema"]) == 0
    assert "were there already" in capsys.readouterr().out
