from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="HarvesterQueue",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("status", models.CharField(max_length=40)),
                ("template", models.CharField(max_length=100)),
                ("limits", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="IndexedTask",
            fields=[
                ("jeditaskid", models.BigIntegerField(primary_key=True, serialize=False)),
                ("run", models.CharField(max_length=255)),
                ("files", models.IntegerField()),
                ("taken_in", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reported",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jeditaskid", models.BigIntegerField(db_index=True)),
                ("lfn", models.CharField(max_length=500)),
                ("component", models.CharField(max_length=40)),
                ("code", models.IntegerField()),
                ("diagnostic", models.TextField()),
                ("error_type", models.CharField(max_length=100)),
                ("log_url", models.CharField(max_length=1000)),
                ("pipetask", models.CharField(max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="IndexedFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("jeditaskid", models.BigIntegerField()),
                ("fileid", models.BigIntegerField()),
                ("run", models.CharField(max_length=255)),
                ("label", models.CharField(max_length=100)),
                ("text", models.CharField(max_length=200)),
                ("tract", models.CharField(default="", max_length=20)),
                ("patch", models.CharField(default="", max_length=20)),
                ("band", models.CharField(default="", max_length=20)),
                ("visit", models.CharField(default="", max_length=20)),
                ("exposure", models.CharField(default="", max_length=20)),
                ("detector", models.CharField(default="", max_length=20)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["visit", "detector"], name="lsst_file_visit"),
                    models.Index(fields=["exposure", "detector"], name="lsst_file_exposure"),
                    models.Index(fields=["tract", "patch"], name="lsst_file_tract"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("jeditaskid", "fileid"), name="lsst_indexed_file")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tolerated",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("component", models.CharField(max_length=40)),
                ("code", models.IntegerField()),
                ("name", models.CharField(max_length=100)),
                ("pattern", models.TextField()),
                ("pipetask", models.CharField(max_length=100)),
                ("tickets", models.CharField(max_length=400)),
                ("resolved", models.BooleanField()),
                ("rescue", models.BooleanField()),
                ("flavor", models.CharField(max_length=40)),
                ("intensity", models.FloatField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("component", "code", "name"), name="lsst_tolerated")
                ],
            },
        ),
    ]
