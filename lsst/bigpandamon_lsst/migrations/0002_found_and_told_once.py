"""Pieces of work are found by a detector, a patch or a band alone; a failure is reported once."""

from typing import Any

from django.db import migrations, models
from django.db.models import Count, Max

KEY = ("jeditaskid", "lfn", "component", "code")


def drop_twins(apps: Any, _editor: Any) -> None:
    """Imports at the same time could store a failure twice: what was stored last counts."""
    rows = apps.get_model("bigpandamon_lsst", "Reported").objects
    twins = rows.values(*KEY).annotate(last=Max("id"), times=Count("id")).filter(times__gt=1)
    for twin in list(twins):
        rows.filter(**{name: twin[name] for name in KEY}, id__lt=twin["last"]).delete()


class Migration(migrations.Migration):
    dependencies = [("bigpandamon_lsst", "0001_lists_and_index")]

    operations = [
        migrations.RunPython(drop_twins, migrations.RunPython.noop),
        migrations.AddConstraint("reported", models.UniqueConstraint(fields=KEY, name="lsst_reported")),
        migrations.AlterField("reported", "jeditaskid", models.BigIntegerField()),
        *(
            migrations.AddIndex("indexedfile", models.Index(fields=[name], name=f"lsst_file_{name}"))
            for name in ("detector", "patch", "band")
        ),
    ]
