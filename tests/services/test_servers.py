"""Each private server starts, serves, survives being killed, and leaves nothing behind."""

import urllib.request

import MySQLdb
import psycopg
import pymemcache  # type: ignore[import-untyped]
import pytest

from tests.services import mariadb, memcached, postgresql
from tests.services.process import HOST

pytestmark = pytest.mark.services


def test_mariadb_survives_a_kill(mariadb_server):
    mariadb_server.run("CREATE DATABASE kept", "CREATE TABLE kept.rows_ (id int)")
    mariadb_server.run("INSERT INTO kept.rows_ VALUES (7)")
    mariadb_server.process.kill()
    mariadb_server.start()
    with mariadb_server.administrator() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM kept.rows_")
        assert cursor.fetchall() == ((7,),)


def test_mariadb_users_have_the_rights_they_were_given(mariadb_server):
    mariadb_server.run("CREATE DATABASE limits", "CREATE TABLE limits.mine (id int)")
    mariadb_server.create_user("careful", "SELECT ON limits.mine")
    connection = MySQLdb.connect(
        host=HOST, port=mariadb_server.port, user="careful", password=mariadb.PASSWORD, database="limits"
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mine")
        with pytest.raises(MySQLdb.OperationalError, match="denied"):
            cursor.execute("DELETE FROM mine")


def test_mariadb_with_case_sensitive_table_names():
    server = mariadb.running(lower_case_table_names=0)
    try:
        server.run("CREATE DATABASE names", "CREATE TABLE names.jobsActive4 (id int)")
        with pytest.raises(MySQLdb.ProgrammingError):
            server.run("SELECT * FROM names.jobsactive4")
    finally:
        server.stop()
        server.remove()
    assert not server.folder.exists()


def test_postgresql_survives_a_kill(postgresql_server):
    postgresql_server.run("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)")
    postgresql_server.process.kill()
    postgresql_server.start()
    with postgresql_server.administrator() as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(7,)]


def test_a_cut_database_connection_is_an_operational_error(postgresql_server, fault_proxy):
    proxy = fault_proxy(postgresql_server.port)
    with psycopg.connect(host=HOST, port=proxy.port, user=postgresql.USER, dbname="postgres") as connection:
        connection.execute("SELECT 1")
        proxy.cut()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_memcached_keeps_bytes_until_it_is_stopped(memcached_server):
    client = pymemcache.Client((HOST, memcached_server.port))
    value = b"x" * 2_000_000
    client.set("key", value)
    assert client.get("key") == value
    client.close()
    memcached_server.stop()
    with pytest.raises(ConnectionRefusedError):
        client.get("key")
    memcached_server.start()
    assert client.get("key") is None


def test_a_memcached_leaves_nothing_behind():
    server = memcached.running()
    server.remove()
    assert not server.folder.exists()
    assert not server.process.alive


def test_nginx_serves_what_it_was_told(nginx_server):
    server = nginx_server('location / { return 200 "well\\n"; }')
    with urllib.request.urlopen(server.url, timeout=5) as answer:
        assert answer.read() == b"well\n"
