"""The database URLs as Django gets them: ours can write, PanDA's cannot and is limited in time."""

import sqlite3
from time import monotonic

import pytest
from django.db import DatabaseError
from django.db.utils import ConnectionHandler

from bigpandamon_core.config.databases import databases


@pytest.fixture
def connect(read):
    """The connections of a configuration's text, closed after the test."""
    handlers = []

    def handler(text):
        handlers.append(ConnectionHandler(databases(read(text))))
        return handlers[-1]

    yield handler
    for each in handlers:
        each.close_all()


def run(connection, statement):
    """The first row. The comment is the name that every statement to PanDA must have."""
    with connection.cursor() as cursor:
        cursor.execute(f"/* test */ {statement}")
        return cursor.fetchone() if cursor.description else None


def seconds_of_refusal(connection, statement, words):
    begun = monotonic()
    with pytest.raises(DatabaseError, match=words):
        run(connection, statement)
    return monotonic() - begun


def test_own_sqlite_waits_for_writers_and_lets_readers_pass(connect, folder):
    own = connect(f'[database]\nurl = "sqlite:///{folder}/own.sqlite3"\nwait_seconds = 7')["default"]
    assert run(own, "SELECT 1") == (1,)
    with own.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (7000,)
    assert own.transaction_mode == "IMMEDIATE"


def test_panda_on_sqlite_is_read_and_never_made(connect, folder):
    file = folder / "a b?c#d%41.sqlite3"
    url = f"sqlite:///{folder}/a%20b%3Fc%23d%2541.sqlite3"
    with pytest.raises(DatabaseError, match="unable to open"):
        run(connect(f'[panda]\nurl = "{url}"')["panda"], "SELECT 1")
    assert not file.exists()
    with sqlite3.connect(file) as theirs:
        theirs.execute("CREATE TABLE t (x)")
        theirs.execute("INSERT INTO t VALUES (5)")
    theirs.close()
    panda = connect(f'[panda]\nurl = "{url}"')["panda"]
    assert run(panda, "SELECT x FROM t") == (5,)
    for statement in ("DELETE FROM t", "CREATE TABLE u (x)", "CREATE TEMPORARY TABLE u (x)"):
        with pytest.raises(DatabaseError, match="readonly"):
            run(panda, statement)


@pytest.mark.services
def test_panda_on_mariadb_is_only_read_and_only_so_long(connect, mariadb_server):
    mariadb_server.run("CREATE DATABASE IF NOT EXISTS reading", "CREATE TABLE reading.t (x INT)")
    text = f'[panda]\nurl = "{mariadb_server.url("reading")}"\nstatement_seconds = 1'
    panda = connect(text)["panda"]
    assert run(panda, "SELECT @@session.time_zone, @@session.tx_read_only") == ("+00:00", 1)
    assert run(panda, "SELECT @@session.tx_isolation") == ("REPEATABLE-READ",)
    with pytest.raises(DatabaseError, match="READ ONLY"):
        run(panda, "INSERT INTO t VALUES (1)")
    assert 0.9 < seconds_of_refusal(panda, "SELECT SLEEP(5)", "max_statement_time") < 3
    mariadb_server.run("DROP DATABASE reading")


@pytest.mark.services
def test_own_on_mariadb_writes_in_utc(connect, mariadb_server):
    mariadb_server.run("CREATE DATABASE IF NOT EXISTS writing")
    own = connect(f'[database]\nurl = "{mariadb_server.url("writing")}"')["default"]
    run(own, "CREATE TABLE t (x INT)")
    assert run(own, "SELECT @@session.time_zone, @@session.tx_read_only") == ("+00:00", 0)
    mariadb_server.run("DROP DATABASE writing")


@pytest.mark.services
def test_panda_on_postgresql_is_only_read_and_only_so_long(connect, postgresql_server):
    url = postgresql_server.url("postgres") + "?application_name=bigpandamon"
    panda = connect(f'[panda]\nurl = "{url}"\nstatement_seconds = 1')["panda"]
    shown = {
        "TimeZone": "UTC",
        "default_transaction_read_only": "on",
        "statement_timeout": "1s",
        "application_name": "bigpandamon",
        "transaction_isolation": "repeatable read",
    }
    panda.set_autocommit(False)
    assert {name: run(panda, f"SELECT current_setting('{name}')")[0] for name in shown} == shown
    panda.rollback()
    panda.set_autocommit(True)
    with pytest.raises(DatabaseError, match="read-only"):
        run(panda, "CREATE TABLE t (x INT)")
    assert 0.9 < seconds_of_refusal(panda, "SELECT pg_sleep(5)", "statement timeout") < 3


@pytest.mark.services
def test_own_on_postgresql_writes(connect, postgresql_server):
    own = connect(f'[database]\nurl = "{postgresql_server.url("postgres")}"')["default"]
    run(own, "CREATE TEMPORARY TABLE t (x INT)")
    assert run(own, "INSERT INTO t VALUES (3) RETURNING x") == (3,)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("oracle://u:p@db.example.org:1522/service", "db.example.org:1522/service"),
        ("oracle://u:p@db.example.org/service", "db.example.org:1521/service"),
        ("oracle://u:p@[::1]/service", "[::1]:1521/service"),
        ("oracle://u:p@/alias", "alias"),
    ],
)
def test_oracle_is_named_by_its_service(read, url, name):
    panda = databases(read(f'[panda]\nurl = "{url}"\nconnect_seconds = 3'))["panda"]
    assert (panda["NAME"], panda["HOST"], panda["PORT"]) == (name, "", "")
    assert (panda["USER"], panda["PASSWORD"]) == ("u", "p")
    assert panda["OPTIONS"] == {"tcp_connect_timeout": 3}
    assert panda["ENGINE"] == "bigpandamon_core.panda.backends.oracle"


def test_schemas_reach_the_backend(read):
    schemas = databases(read('[panda.schemas]\npanda = "P"\narch = "A"'))["panda"]["SCHEMAS"]
    assert schemas == {"panda": "P", "arch": "A", "meta": "", "deft": ""}


def test_a_url_may_bring_session_options_but_not_lift_the_limits(read):
    url = "postgresql://h/d?options=-c%20statement_timeout%3D0"
    options = databases(read(f'[panda]\nurl = "{url}"'))["panda"]["OPTIONS"]["options"]
    assert options.index("statement_timeout=0") < options.index("statement_timeout=30000")
