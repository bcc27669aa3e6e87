"""When ART tests changed last and transfers came is looked for by those that let go of old ones."""

from django.db import migrations, models

from bigpandamon_core.plugin import now

RECEIVED = models.DateTimeField(db_index=True, default=now)


class Migration(migrations.Migration):
    dependencies = [("bigpandamon_atlas", "0001_first")]

    operations = [
        migrations.AddIndex("arttest", models.Index(fields=["changed"], name="atlas_art_changed")),
        migrations.AddField("interval", "received", RECEIVED, preserve_default=False),
    ]
