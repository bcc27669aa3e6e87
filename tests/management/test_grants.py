"""Grants: what `bigpandamon doctor` says of an account, and the statements that `queries --grants` prints, on
real servers."""

import subprocess
import sys
from itertools import pairwise

import pytest

from bigpandamon_core.panda.families import FAMILIES
from bigpandamon_core.panda.grants import statements

pytestmark = pytest.mark.services
TABLES = sum(map(len, FAMILIES.values()))
AHEAD = """import sys
from datetime import timedelta
from bigpandamon_core.domain import window
from bigpandamon_core.management.main import main
real = window.now
clock = window._system_clock
window.set_clock(lambda: clock() + timedelta(minutes=1))
sys.exit(main(["doctor"]))
"""


class Server:
    """A PanDA database on a private server; users have no rights but those that are given."""

    def __init__(self, kind, server, bigpandamon, file):
        self.kind, self.server, self.bigpandamon, self.file = kind, server, bigpandamon, file

    def make(self, name):
        self.name = name
        self.server.run(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        self.use("monitor")
        assert self.bigpandamon("demo", "schema").returncode == 0
        self.server.run(*self.no_reader())
        if self.kind == "mysql":
            self.server.create_user("reader")
        else:
            self.server.run("CREATE ROLE reader LOGIN")

    def no_reader(self):
        if self.kind == "mysql":
            return [f"DROP USER IF EXISTS 'reader'@'{host}'" for host in ("127.0.0.1", "localhost")]
        return []

    def use(self, user):
        self.file.write_text(
            f'[paths]\nstate = "state"\n[panda]\nurl = "{self.server.url(self.name, user)}"\n'
        )

    @property
    def account(self):
        return "`reader`@`127.0.0.1`" if self.kind == "mysql" else "reader"

    def run(self, *said):
        for statement in said:
            if self.kind == "mysql":
                self.server.run(f"USE {self.name}", statement)
            else:
                self.server.run(statement, database=self.name)

    def place(self, table):
        return f"`{self.name}`.`{table}`" if self.kind == "mysql" else f'"{table}"'

    def doctor(self):
        self.use("reader")
        lines = self.bigpandamon("doctor").stdout.splitlines()
        return [
            (line.split("  ", 1)[0], line.split("grants: ", 1)[1], below.strip())
            for line, below in pairwise(lines)
            if "  grants: " in line
        ]


@pytest.fixture(params=["mysql", "postgresql"])
def server(request, bigpandamon, file):
    fixture = {"mysql": "mariadb_server", "postgresql": "postgresql_server"}[request.param]
    made = Server(request.param, request.getfixturevalue(fixture), bigpandamon, file)
    if request.param == "postgresql":
        made.server.run("DROP DATABASE IF EXISTS doctor", "DROP ROLE IF EXISTS reader")
    made.make("doctor")
    yield made
    if request.param == "postgresql":
        made.server.run("DROP DATABASE doctor", "DROP ROLE reader")


def granted(server, tables=None):
    asked = [table for family in FAMILIES.values() for table in family] if tables is None else tables
    schemas = dict.fromkeys(("panda", "arch", "meta", "deft"), server.name if server.kind == "mysql" else "")
    return list(statements(server.kind, server.account, schemas, asked))


def test_an_account_that_may_read_and_nothing_else(server):
    server.run(*granted(server))
    told = server.doctor()
    assert [text for level, text, _ in told if level == "ok"] == [
        f"{TABLES} of {TABLES} tables can be read",
        f"{server.account} may read and nothing else",
    ]
    assert len(told) == 2


def test_tables_that_may_not_be_read_come_with_what_helps(server):
    without = [table for family, tables in FAMILIES.items() for table in tables if family != "statuslog"]
    server.run(*granted(server, without))
    ((_, text, remedy),) = [one for one in server.doctor() if one[0] == "warn"]
    assert text == "tables of statuslog that may not be read: jobs_statuslog"
    statement = f"GRANT SELECT ON {server.place('jobs_statuslog')} TO {server.account};"
    assert remedy == f"let an administrator of the database say: {statement}"
    server.run(statement)
    assert [level for level, *_ in server.doctor()] == ["ok", "ok"]


def test_a_table_that_is_not_there(server):
    server.run(*granted(server), f"DROP TABLE {server.place('jobs_statuslog')}")
    told = server.doctor()
    assert [level for level, *_ in told] == ["ok", "ok"]
    assert told[0][1] == (
        f"{TABLES - 1} of {TABLES} tables can be read; absent, so that what needs them is off: jobs_statuslog"
    )


def test_an_account_that_may_write_comes_with_what_takes_that_away(server):
    server.run(*granted(server))
    place = server.place("jobsactive4")
    server.run(f"GRANT INSERT, UPDATE ON {place} TO {server.account}")
    ((_, text, remedy),) = [one for one in server.doctor() if one[0] == "warn"]
    assert text == f"{server.account} may INSERT, UPDATE on {place}; the monitor only reads"
    statement = f"REVOKE INSERT, UPDATE ON {place} FROM {server.account};"
    assert remedy == f"let an administrator of the database say: {statement}"
    server.run(statement)
    assert [level for level, *_ in server.doctor()] == ["ok", "ok"]


def test_an_account_that_may_do_everything(server):
    """Nothing is taken from it: it may own other things. PanDA's database gets an account of its own."""
    server.use("monitor")
    told = [line for line in server.bigpandamon("doctor").stdout.splitlines() if "grants: " in line]
    remedies = server.bigpandamon("doctor").stdout
    assert len(told) == 2
    assert told[1].startswith("warn")
    assert "REVOKE" not in remedies
    assert f"`bigpandamon queries --grants {server.kind}` tells its rights" in remedies


def test_the_password_of_an_account_is_not_told_with_its_rights(server):
    if server.kind != "mysql":
        pytest.skip("only SHOW GRANTS has it")
    server.run(f"GRANT SELECT, INSERT ON {server.name}.* TO {server.account}")
    server.use("reader")
    for words in (("doctor",), ("doctor", "--json")):
        told = server.bigpandamon(*words).stdout
        assert "INSERT" in told
        assert "loopback" not in told
        assert "IDENTIFIED" not in told


def test_clocks(server):
    server.run(*granted(server))
    server.use("reader")
    assert "clock: as that of the PanDA database" in server.bigpandamon("doctor").stdout
    command = [sys.executable, "-c", AHEAD]
    environment = {"BIGPANDAMON_CONFIG": str(server.file), "PATH": "/usr/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=60)
    assert "TROUBLE  clock: 60 s ahead of that of the PanDA database" in done.stdout
    assert done.returncode == 1
