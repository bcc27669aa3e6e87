from django.db import migrations, models

TIMES = (
    "ran", "wait_seconds", "core_seconds", "used_core_seconds", "core_cpu_seconds",
    "piloted", "get_seconds", "setup_seconds", "stagein_seconds", "run_seconds", "stageout_seconds",
)  # fmt: skip


def added(name: str) -> migrations.RunSQL:
    """In the words of all our databases: else SQLite would copy the largest table once for each column."""
    return migrations.RunSQL(
        f"ALTER TABLE state_rollupbin ADD COLUMN {name} bigint NOT NULL DEFAULT 0",
        f"ALTER TABLE state_rollupbin DROP COLUMN {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("state", "0007_rollup_classes"),
    ]

    operations = [
        migrations.AddField(
            model_name="rollupkey",
            name="homepackage",
            field=models.CharField(default="", max_length=80),
        ),
        migrations.SeparateDatabaseAndState(
            [added(name) for name in TIMES],
            [migrations.AddField("rollupbin", name, models.BigIntegerField(db_default=0)) for name in TIMES],
        ),
        migrations.AlterField(
            model_name="jobstate",
            name="rolled",
            field=models.CharField(default="", max_length=320),
        ),
    ]
