"""When ART tests changed last is looked for by those that let go of old ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bigpandamon_atlas", "0001_first")]

    operations = [
        migrations.AddIndex("arttest", models.Index(fields=["changed"], name="atlas_art_changed")),
    ]
