"""Since when a job is as it is, and the core time that its processor time was used in."""

from datetime import datetime
from typing import Any

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least


def fill(apps: Any, _editor: Any) -> None:
    """From what is known of each job."""
    jobs = apps.get_model("bigpandamon_htcondor", "BatchJob").objects
    jobs.update(since=Least(Coalesce("entered", "ended", "received"), "received"))
    of_all = Q(starts=None) | Q(starts__lte=1) | Q(attributes__contains='"CumulativeRemote')
    jobs.update(cpu_core_s=F("committed_core_s"))
    jobs.filter(of_all).update(cpu_core_s=F("core_s"))


class Migration(migrations.Migration):
    dependencies = [("bigpandamon_htcondor", "0001_batch_jobs")]

    operations = [
        migrations.AddField("batchjob", "cpu_core_s", models.FloatField(null=True)),
        migrations.AddField(
            "batchjob", "since", models.DateTimeField(default=datetime(1970, 1, 1)), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("batchjob", "since", models.DateTimeField(db_index=True)),
    ]
