from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("state", "0006_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="rollupkey",
            name="failureclass",
            field=models.CharField(default="", max_length=20),
        ),
    ]
