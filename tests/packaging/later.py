"""A later release: another default, another table, another style."""

from pathlib import Path

from tests.packaging.conftest import copy_repository

MIGRATIONS = "core/bigpandamon_core/state/migrations"
LATER = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("state", "{last}")]
    operations = [migrations.RunSQL("CREATE TABLE state_later (id integer)", "DROP TABLE state_later")]
"""


def later_release(folder: Path) -> Path:
    """The repository as it would be then."""
    later = copy_repository(folder)
    sample = later / "etc" / "bigpandamon.toml"
    sample.write_text(sample.read_text() + "# A line of the later release.\n")
    last = max(path.stem for path in (later / MIGRATIONS).glob("0*.py"))
    (later / MIGRATIONS / "9999_later.py").write_text(LATER.format(last=last))
    style = later / "core/bigpandamon_core/static/bigpandamon/bigpandamon.css"
    style.write_text(style.read_text() + "/* A line of the later release. */\n")
    return later
