"""What an account may do beyond reading; on real servers in tests/management/test_grants.py."""

from dataclasses import replace

import pytest
import sqlglot
from django.db import connections

from bigpandamon_core.management.inspection import Level
from bigpandamon_core.management.inspection.grants import _writing
from bigpandamon_core.panda.families import FAMILIES
from bigpandamon_core.queries.rights import rights
from bigpandamon_core.sources.dialects import noted

JOBS = FAMILIES["jobs"]
SCHEMAS = {"panda": "OWNER_PANDA", "arch": "OWNER_ARCH", "meta": "", "deft": ""}
HASH = "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19"


def told(vendor, rows, tables=JOBS, schemas=SCHEMAS):
    with noted(vendor, {"account.rights": rows}, schemas) as sent:
        if vendor == "mysql":
            connections["panda"].settings_dict["NAME"] = "theirs"
        return rights("reader", tables), sent


def test_sqlite_knows_no_rights(panda_tables):
    if connections["panda"].vendor != "sqlite":
        pytest.skip("this run has a server")
    assert rights("", JOBS) is None


@pytest.mark.parametrize(
    ("on", "beyond"),
    [
        ("*.*", True),
        ("`OWNER_PANDA`.*", True),
        ("`owner\\_panda`.*", True),
        ("`owner%`.*", True),
        ("`ownerxpanda`.*", False),
        ("`owner_panda`.`jobsactive4`", True),
        ("`owner_panda`.`jobs_statuslog`", False),
        ("`elsewhere`.*", False),
        ("`owner`.*", False),
    ],
)
def test_grants_of_mysql_that_concern_the_tables(on, beyond):
    row = f"GRANT SELECT, INSERT, UPDATE (`a`, `b`) ON {on} TO `reader`@`10.%`"
    (found, _) = told(
        "mysql", [(f"GRANT USAGE ON *.* TO `reader`@`10.%` IDENTIFIED BY PASSWORD '{HASH}'",), (row,)]
    )
    assert found.account == "`reader`@`10.%`"
    assert found.beyond == ((("INSERT", on), ("UPDATE", on)) if beyond else ())
    assert HASH not in repr(found)


def test_rights_of_mysql_that_change_nothing_are_no_writing():
    rows = [
        ("GRANT PROCESS, SHOW DATABASES, SELECT ON *.* TO 'reader'@'%'",),
        ("GRANT `role` TO `reader`@`%`",),
    ]
    found, _ = told("mysql", rows)
    assert (found.account, found.beyond) == ("'reader'@'%'", ())


def test_grants_of_mysql_on_its_database_where_no_schema_is_named():
    rows = [("GRANT DELETE ON `theirs`.* TO `reader`@`%`",)]
    assert told("mysql", rows, schemas=dict.fromkeys(SCHEMAS, ""))[0].beyond == (("DELETE", "`theirs`.*"),)


def test_rights_on_oracle_without_server():
    rows = [
        (None, None, "INSERT ANY TABLE"),
        ("OWNER_PANDA", "JOBSACTIVE4", "UPDATE"),
        ("ELSEWHERE", "JOBSACTIVE4", "DELETE"),
    ]
    found, (sent,) = told("oracle", rows)
    assert found.beyond == (("INSERT ANY TABLE", ""), ("UPDATE", "OWNER_PANDA.JOBSACTIVE4"))
    assert (found.account, found.owns) == ("reader", False)
    sqlglot.parse_one(sent.text, dialect="oracle")
    assert len(sent.binds) == sent.text.count(":arg")
    assert {"JOBSACTIVE4", "INSERT", "INSERT ANY TABLE"} <= set(sent.binds)


def test_an_owner_on_oracle_without_server():
    assert told("oracle", [("OWNER_PANDA", "JOBSACTIVE4", "OWNER")])[0].owns


def test_a_table_on_oracle_without_server_whose_schema_is_not_named():
    found, _ = told("oracle", [("WHOEVER", "USERS", "UPDATE")], FAMILIES["users"])
    assert found.beyond == (("UPDATE", "WHOEVER.USERS"),)


@pytest.mark.parametrize(
    "row", ["GRANT `writer`@`%` TO `reader`@`%`", "SET DEFAULT ROLE writer FOR 'a'@'b'", "?"]
)
def test_rights_by_a_role_are_not_taken_for_none(row):
    (found, _) = told("mysql", [("GRANT USAGE ON *.* TO `reader`@`%`",), (row,)])
    assert (found.beyond, found.unread) == ((), 1)
    assert _writing(found, "mysql").level == Level.WARN
    assert _writing(replace(found, unread=0), "mysql").level == Level.OK
