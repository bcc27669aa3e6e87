"""The site's names of the schemas stand before the tables; without them the connection finds its own."""

import pytest
from django.db import connections

from bigpandamon_core.panda.backends.mysql.base import DatabaseWrapper as Mysql
from bigpandamon_core.panda.backends.oracle.base import DatabaseWrapper as Oracle
from bigpandamon_core.panda.backends.postgresql.base import DatabaseWrapper as Postgresql
from bigpandamon_core.panda.backends.sqlite3.base import DatabaseWrapper as Sqlite

NAMED = {"panda": "demo_panda", "arch": "demo_arch"}


@pytest.mark.parametrize(
    ("kind", "named", "plain"),
    [
        (Sqlite, '"demo_arch"."jobsarchived"', '"jobsarchived"'),
        (Postgresql, '"demo_arch"."jobsarchived"', '"jobsarchived"'),
        (Mysql, "`demo_arch`.`jobsarchived`", "`jobsarchived`"),
        (Oracle, '"DEMO_ARCH"."JOBSARCHIVED"', '"JOBSARCHIVED"'),
    ],
)
def test_a_table_is_named_as_the_database_wants_it(kind, named, plain):
    settings = connections["panda"].settings_dict
    for schemas, expected in ((NAMED, named), ({}, plain), ({"arch": ""}, plain)):
        quote = kind(settings | {"SCHEMAS": schemas}, alias="names").ops.quote_name
        assert quote("arch.jobsarchived") == expected


@pytest.mark.parametrize("kind", [Sqlite, Postgresql, Mysql])
def test_other_names_are_quoted_as_ever(kind):
    quote = kind(connections["panda"].settings_dict | {"SCHEMAS": NAMED}, alias="names").ops.quote_name
    assert quote(quote("pandaid")) == quote("pandaid")
    assert quote("pandaid")[1:-1] == "pandaid"
