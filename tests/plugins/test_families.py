"""Families of PanDA tables that a plugin adds: absent ones are told, there are statements, files and rights
for them, and core knows nothing of them once the plugin is gone."""

import pytest
from django.db import connections, models

from bigpandamon_core import config
from bigpandamon_core.config.databases import schemas
from bigpandamon_core.demo import schema
from bigpandamon_core.demo.connection import writing
from bigpandamon_core.demo.importing.tree import import_tree
from bigpandamon_core.management import query_listing
from bigpandamon_core.panda import added, families, grants
from bigpandamon_core.panda.router import PandaRouter, WriteRefused
from bigpandamon_core.plugin import PandaTable
from bigpandamon_core.web import presence
from tests.plugins.right import complaints

CSV = """gauge,ring,speed,seen,sent,details
1,inner,3.50,2026-05-04 11:00:00,2026-05-04 11:00:00.250000,"{""mast"": 7}"
2,outer,12.25,2026-05-04 11:30:00,,
"""


class Foreign(PandaTable):
    class Meta(PandaTable.Meta):
        db_table = "elsewhere.gauges"


class Known(PandaTable):
    class Meta(PandaTable.Meta):
        db_table = "panda.jobsactive4"


def test_an_absent_table_is_told(panda_tables, own, monitor):
    shown = monitor("demo_vo", "quiet_vo")
    answer = shown.get("/demo_vo/wind/", json="")
    assert answer.status_code == 503
    assert "no readable tables of gauges (absent)" in answer.json()["error"]
    assert shown.get("/demo_vo/notes/", json="").status_code == 200


def test_its_files_are_imported_and_shown(gauges, own, monitor, tmp_path):
    shown = monitor("demo_vo", "quiet_vo")
    schema.create(writing())
    presence.forget()
    file = tmp_path / "gauges.csv"
    file.write_text(CSV)
    [report] = import_tree(file).imported
    assert (report.kind, report.added, report.refused) == ("table", 2, 0)
    [again] = import_tree(file).imported
    assert (again.added, again.unchanged) == (0, 2)
    strongest, other = shown.json("/demo_vo/wind/")["gauges"]
    assert (strongest["gauge"], strongest["ring"], float(strongest["speed"])) == (2, "outer", 12.25)
    assert (other["seen"], other["sent"]) == ("2026-05-04T11:00:00",) * 2
    assert (other["details"], strongest["details"]) == ({"mast": 7}, None)


def test_its_statements_are_listed_for_a_dba(monitor, own_tables, panda_tables):
    monitor("demo_vo", "quiet_vo")
    text = "\n".join(query_listing.statements("oracle", "", query_listing.declared("demo_vo.gauges")))
    assert text.startswith("/* demo_vo.gauges */ SELECT")
    assert '"GAUGES"."SPEED"' in text


def test_tables_of_another_service_are_named_by_its_schema(monitor, own_tables, panda_tables, monkeypatch):
    monitor("demo_vo", "quiet_vo")
    monkeypatch.setitem(connections["panda"].settings_dict, "SCHEMAS", {"masts": "mast_service"})
    text = "\n".join(query_listing.statements("oracle", "", query_listing.declared("demo_vo.alarms")))
    assert '"MAST_SERVICE"."ALARMS"' in text


def test_rights_for_them_are_asked_for_where_the_schema_is_named(monitor, own_tables, tmp_path):
    monitor("demo_vo", "quiet_vo")
    for more, asked in (("", False), ('\n[panda.schemas]\nmore = { masts = "mast_service" }\n', True)):
        configuration = config.load(_file(tmp_path, more), environ={})
        named = schemas(configuration)
        tables = [
            one for family in families.known().values() for one in family if added.schema_of(one) in named
        ]
        text = "\n".join(grants.statements("postgresql", "reader", named, tables))
        assert ('"mast_service"."alarms"' in text) is asked
        assert "jobsactive4" in text


def _file(folder, more):
    path = folder / "bigpandamon.toml"
    path.write_text(f'[panda]\nurl = "postgresql://reader@db/panda"{more}')
    return path


def test_jobs_are_counted_by_several_fields_beside_the_definition_of_their_queue(community, monitor):
    community.panda.queue("ZEPHYR_INNER_1", mast="tall")
    told = monitor("demo_vo", "quiet_vo").json("/demo_vo/load/")["load"]
    assert sum(row["jobs"] for row in told) == len(community.zephyr)
    assert {(row["queue"], row["size"], row["mast"]): row["jobs"] for row in told if row["mast"]} == {
        ("ZEPHYR_INNER_1", "small", "tall"): 1
    }


def test_families_go_with_the_plugin(monitor):
    monitor("demo_vo", "quiet_vo")
    assert families.known().keys() - families.FAMILIES.keys() == {"gauges", "alarms"}
    monitor("quiet_vo")
    assert families.known().keys() == families.FAMILIES.keys()


def test_one_name_of_two_plugins_is_one_family():
    added.add([{"gauges": (Foreign,)}, {"gauges": (Known,)}])
    assert families.known()["gauges"] == (Foreign, Known)


def test_nothing_is_written_to_them():
    with pytest.raises(WriteRefused):
        PandaRouter().db_for_write(Known)
    assert PandaRouter().db_for_read(Known) == "panda"
    assert PandaRouter().allow_migrate("default", Known._meta.app_label) is False


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            {"families": {"jobs": (Foreign,)}},
            'families: expected a name that no family of core has, found "jobs"',
        ),
        (
            {"families": {"own": (Foreign,)}},
            "families.own: expected a table in one of panda, arch, meta, deft, as",
        ),
        ({"schemas": ("Elsewhere",)}, "schemas: expected a word of a-z and _ that is none of PanDA's, found"),
        ({"schemas": ("meta",)}, "schemas: expected a word of a-z and _ that is none of PanDA's, found"),
        ({"families": {"own": (Known,)}}, "families.own: expected a table that core does not read, found"),
        ({"families": {"own": ()}}, "families: expected a tuple of models of PandaTable by name, found dict"),
        (
            {"families": {"own": (models.Model,)}},
            "families: expected a tuple of models of PandaTable by name",
        ),
        ({"families": ("own",)}, "families: expected a mapping by name, found tuple"),
    ],
    ids=range(8),
)
def test_what_is_wrong_is_told(words, told, tmp_path):
    found = complaints(tmp_path, **words)
    assert [line for line in found if line.startswith(told)], found
