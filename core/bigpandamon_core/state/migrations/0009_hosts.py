from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("state", "0008_rollup_times"),
    ]

    operations = [
        migrations.CreateModel(
            name="HostRow",
            fields=[
                ("name", models.CharField(max_length=150, primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=16)),
                ("seen", models.DateTimeField()),
            ],
        ),
    ]
