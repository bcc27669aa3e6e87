from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("made", models.DateTimeField()),
                ("text", models.CharField(max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("text", models.CharField(max_length=400)),
                (
                    "note",
                    models.ForeignKey("Note", on_delete=models.CASCADE, related_name="answers"),
                ),
            ],
        ),
    ]
