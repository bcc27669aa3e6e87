import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProductionTask",
            fields=[
                ("taskid", models.BigIntegerField(primary_key=True)),
                ("request", models.BigIntegerField(db_index=True, null=True)),
                ("name", models.CharField(max_length=250)),
                ("status", models.CharField(max_length=20)),
                ("step", models.CharField(max_length=40)),
                ("tag", models.CharField(max_length=20)),
                ("campaign", models.CharField(max_length=50)),
                ("subcampaign", models.CharField(max_length=50)),
                ("project", models.CharField(max_length=60)),
                ("group", models.CharField(max_length=30)),
                ("description", models.CharField(max_length=250)),
                ("requested", models.BigIntegerField(null=True)),
                ("done", models.BigIntegerField(null=True)),
                ("produced", models.BigIntegerField(null=True)),
                ("hs06", models.BigIntegerField(null=True)),
                ("started", models.DateTimeField(null=True)),
                ("ended", models.DateTimeField(null=True)),
                ("seen", models.DateTimeField(null=True)),
                ("record", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="ArtTest",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("branch", models.CharField(max_length=100)),
                ("nightly", models.CharField(max_length=40)),
                ("package", models.CharField(max_length=80)),
                ("test", models.CharField(max_length=120)),
                ("result", models.CharField(max_length=12)),
                ("pandaid", models.BigIntegerField(null=True)),
                ("exit_code", models.IntegerField(null=True)),
                ("message", models.CharField(max_length=400)),
                ("registered", models.DateTimeField()),
                ("changed", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["package"], name="atlas_art_package")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("branch", "nightly", "package", "test"), name="atlas_art_test"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Interval",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("begin", models.DateTimeField()),
                ("end", models.DateTimeField()),
                ("activities", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("begin", "end"), name="atlas_interval")],
            },
        ),
        migrations.CreateModel(
            name="Flow",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("kind", models.CharField(max_length=10)),
                ("source", models.CharField(max_length=80)),
                ("destination", models.CharField(max_length=80)),
                ("files", models.BigIntegerField()),
                ("size", models.BigIntegerField()),
                ("failed", models.BigIntegerField()),
                ("failed_size", models.BigIntegerField(null=True)),
                ("planned", models.BigIntegerField(null=True)),
                ("planned_size", models.BigIntegerField(null=True)),
                (
                    "interval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="bigpandamon_atlas.interval"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("interval", "kind", "source", "destination"), name="atlas_flow"
                    )
                ],
            },
        ),
    ]
