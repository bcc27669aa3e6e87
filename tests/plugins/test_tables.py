"""Tables of plugins: what may be wrong with them, and that they go as they came, on every database."""

import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from bigpandamon_core.plugin.examining import file_of, tables
from bigpandamon_core.state import leftovers, pending
from tests.plugins.monitors import plugin

APP = "bigpandamon_faulty"
MODELS = """
from django.db import models

class Row(models.Model):
    text = models.CharField(max_length=9)

    class Meta:
        app_label = "bigpandamon_faulty"
"""
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = []
"""
PLUGIN = """
from bigpandamon_core.plugin import Plugin

class Faulty(Plugin):
    apps = ("bigpandamon_faulty",)
"""
TAKEN = """
class Lease(models.Model):
    class Meta:
        app_label = "bigpandamon_faulty"
        db_table = "state_leaserow"
"""
FOREIGN = """
class Bound(models.Model):
    entry = models.ForeignKey("state.AuditEntry", on_delete=models.CASCADE)

    class Meta:
        app_label = "bigpandamon_faulty"
"""


@pytest.fixture
def faulty(tmp_path, monkeypatch):
    """faulty(models=…, migration=…): what is told of a plugin whose package has these files; None: not."""
    package = tmp_path / APP
    package.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))

    def complaints(models: str | None = MODELS, migration: str | None = MIGRATION, word: str = PLUGIN) -> str:
        files = {"__init__.py": "", "plugin.py": word, "models.py": models}
        for name, text in files.items():
            if text is not None:
                (package / name).write_text(text)
        if migration is not None:
            (package / "migrations").mkdir()
            (package / "migrations" / "__init__.py").write_text("")
            (package / "migrations" / "0001_first.py").write_text(migration)
        found = __import__(f"{APP}.plugin").plugin.Faulty
        return " | ".join(f"{one.expected}; {one.found}" for one in tables.complaints(found(), package))

    yield complaints
    for name in [name for name in sys.modules if name.partition(".")[0] == APP]:
        del sys.modules[name]
    apps.all_models.pop(APP, None)
    apps.clear_cache()


def test_tables_that_are_in_order(faulty):
    assert faulty() == ""
    demo_vo = plugin("demo_vo")
    assert [*tables.complaints(demo_vo(), Path(file_of(demo_vo)).parent)] == []


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"migration": None}, "where it has models.py and migrations/: bigpandamon_faulty; no migrations"),
        ({"word": PLUGIN.replace("apps =", "words =")}, "; migrations without the word"),
        ({"word": PLUGIN.replace('("big', '("other", "big')}, "the package of the plugin; ('other', "),
        ({"models": "import nothing_there"}, "can be imported; ModuleNotFoundError: No module named"),
        ({"migration": "raise RuntimeError"}, "can be imported; RuntimeError"),
        (
            {"models": MODELS + TAKEN},
            "begin with bigpandamon_faulty_; state_leaserow",
        ),
        ({"models": MODELS + "        managed = False\n"}, "bigpandamon_faulty_row, which is not managed"),
        ({"models": MODELS + FOREIGN}, "bigpandamon_faulty_bound and state_auditentry"),
        (
            {"migration": MIGRATION.replace("[]", '[("state", "0001_imports")]')},
            "depend on its own only; state.0001_imports",
        ),
    ],
    ids=range(9),
)
def test_what_is_wrong_is_told(faulty, files, told):
    assert told in faulty(**files)


def test_what_migrations_made_goes_and_comes_again(own):
    from bigpandamon_demo_vo.models import Answer, Note

    app = "bigpandamon_demo_vo"
    Answer.objects.create(note=Note.objects.create(made=datetime(2026, 5, 4), text="calm"), text="still")
    found = leftovers.tables_of(app)
    try:
        assert found == [f"{app}_answer", f"{app}_note"]
        assert [leftovers.rows_in(table) for table in found] == [1, 1]
        leftovers.drop(app, found)
        assert (leftovers.tables_of(app), pending.pending_of(app)) == ([], ["0001_notes"])
        assert f"{app}.0001_notes" in pending.pending()
    finally:
        call_command("migrate", app, database="default", verbosity=0)
    assert (leftovers.tables_of(app), pending.pending()) == (found, [])


def test_a_model_that_its_migrations_do_not_make_is_told(own, monkeypatch):
    from bigpandamon_core.management.conformance import unmigrated
    from bigpandamon_demo_vo.models import Note

    assert [*unmigrated(["bigpandamon_demo_vo"])] == []
    monkeypatch.setattr(Note._meta.get_field("text"), "max_length", 401)
    assert [one.file for one in unmigrated(["bigpandamon_demo_vo"])] == ["bigpandamon_demo_vo"]


def test_tables_of_a_plugin_with_a_longer_name_are_not_its_own(own, monkeypatch):
    monkeypatch.setattr(
        type(connections["default"].introspection),
        "table_names",
        lambda *_: [
            *("bigpandamon_demo_row", "bigpandamon_demo_vo_note", "bigpandamon_demolition_row"),
            "django_migrations",
        ],
    )
    assert leftovers.tables_of("bigpandamon_demo") == ["bigpandamon_demo_row"]


def test_its_pages_read_them(own, panda_tables, monitor):
    from bigpandamon_demo_vo.models import Answer, Note

    for hour, text in ((6, "calm"), (7, "storm")):
        Note.objects.create(made=datetime(2026, 5, 4, hour), text=text)
    Answer.objects.create(note=Note.objects.get(text="calm"), text="still")
    told = monitor("demo_vo", "quiet_vo").json("/demo_vo/notes/")
    assert told["notes"] == [
        {"made": "2026-05-04T07:00:00", "text": "storm", "answers": []},
        {"made": "2026-05-04T06:00:00", "text": "calm", "answers": ["still"]},
    ]
