"""What the plugin asks both databases: named, right for Oracle, of columns that PanDA has, few for a page."""

import csv
from collections import defaultdict

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from bigpandamon_atlas.flows import KIND as FLOWS
from bigpandamon_atlas.production import KIND as TASKS
from bigpandamon_atlas.tables import FAMILIES
from bigpandamon_core.management import query_listing
from bigpandamon_core.sources.reading import registry

NAMES = [name for name in registry() if name.startswith("atlas.")]
PAGES = (
    "requests/", "request/6972/", "prodtask/8112637/", "transfers/", "transfers/site/CERN-PROD/", "art/",
    "shares/?share=Test", "carousel/", "submissions/", "regions/", "activities/",
)  # fmt: skip


def test_every_query_can_be_shown_to_a_dba(atlas, panda_tables):
    text = "\n".join(query_listing.statements("oracle", "", query_listing.declared("atlas")))
    assert [name for name in NAMES if f"/* {name} */" not in text] == []
    stuck = next(line for line in text.splitlines() if '"LAST_STAGED_TIME" <' in line)
    assert 'LAST_STAGED_TIME" < CAST(' in stuck
    assert "AS DATE)" in stuck
    assert "JEDI_TASK_PARAMETERS" not in text


def test_tables_have_the_published_columns(shared):
    published = defaultdict[str, dict[str, str]](dict)
    with open(shared / "facts" / "schema" / "columns.csv", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            values = list(row.values())
            published[values[0]][values[1]] = values[5]
    for tables in FAMILIES.values():
        for table in tables:
            name = table._meta.db_table.rpartition(".")[2]
            columns = {str(field.column): field for field in table._meta.concrete_fields if field.column}
            assert columns.keys() == published[name].keys()
            surely = {column for column, null in published[name].items() if null == "N"}
            assert {column for column, field in columns.items() if not field.null} <= surely | {"parameters"}


@pytest.fixture
def full(tables, imported):
    imported(TASKS, "tasks/prodsys_tasks_2016.ndjson")
    imported(FLOWS, "transfers/12hours_sites.json")


def test_no_page_takes_more_than_twelve_statements(atlas, full):
    for path in PAGES:
        assert atlas.client.get(f"/atlas/{path}").status_code == 200  # what is there is looked for once
        with (
            CaptureQueriesContext(connections["default"]) as own,
            CaptureQueriesContext(connections["panda"]) as panda,
        ):
            assert atlas.client.get(f"/atlas/{path}").status_code == 200
        assert len(own) + len(panda) <= 12, path
