from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def texts(**rooms: int) -> list[Any]:
    return [(name, models.CharField(max_length=room)) for name, room in rooms.items()]


def numbers(*names: str, null: bool = True) -> list[Any]:
    return [(name, models.BigIntegerField(null=null)) for name in names]


def times(*names: str, null: bool = False) -> list[Any]:
    return [(name, models.DateTimeField(null=null)) for name in names]


def unique(name: str, *fields: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=fields, name=name)


KEY = (
    "id",
    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
)
INTERVAL = models.ForeignKey("bigpandamon_atlas.interval", on_delete=django.db.models.deletion.CASCADE)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProductionTask",
            fields=[
                ("taskid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("request", models.BigIntegerField(db_index=True, null=True)),
                *texts(name=250, status=20, step=40, tag=20, campaign=50, subcampaign=50, project=60),
                *texts(group=30, description=250),
                *numbers("requested", "done", "produced", "hs06"),
                *times("started", "ended", "seen", null=True),
                ("record", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="ArtTest",
            fields=[
                KEY,
                *texts(branch=100, nightly=40, package=80, test=120, result=12),
                *numbers("pandaid"),
                ("exit_code", models.IntegerField(null=True)),
                *texts(message=400),
                *times("registered", "changed"),
            ],
            options={
                "indexes": [models.Index(fields=["package"], name="atlas_art_package")],
                "constraints": [unique("atlas_art_test", "branch", "nightly", "package", "test")],
            },
        ),
        migrations.CreateModel(
            name="Interval",
            fields=[KEY, *times("begin", "end"), ("activities", models.TextField())],
            options={"constraints": [unique("atlas_interval", "begin", "end")]},
        ),
        migrations.CreateModel(
            name="Flow",
            fields=[
                KEY,
                *texts(kind=10, source=80, destination=80),
                *numbers("files", "size", "failed", null=False),
                *numbers("failed_size", "planned", "planned_size"),
                ("interval", INTERVAL),
            ],
            options={"constraints": [unique("atlas_flow", "interval", "kind", "source", "destination")]},
        ),
    ]
