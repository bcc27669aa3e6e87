from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
NOTE = models.ForeignKey("bigpandamon_demo_vo.Note", on_delete=models.CASCADE, related_name="answers")


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", ID.clone()),
                ("made", models.DateTimeField()),
                ("text", models.CharField(max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", ID.clone()),
                ("text", models.CharField(max_length=400)),
                ("note", NOTE),
            ],
        ),
    ]
