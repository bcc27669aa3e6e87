"""What shift crews note down."""

from typing import ClassVar

from django.db import models


class Note(models.Model):
    """made: naive UTC."""

    objects: ClassVar["models.Manager[Note]"]
    made = models.DateTimeField()
    text = models.CharField(max_length=400)

    class Meta:
        app_label = "bigpandamon_demo_vo"

    def __str__(self) -> str:
        return f"{self.made:%H:%M} {self.text}"


class Answer(models.Model):
    """What somebody replied to a note."""

    objects: ClassVar["models.Manager[Answer]"]
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="answers")
    text = models.CharField(max_length=400)

    class Meta:
        app_label = "bigpandamon_demo_vo"

    def __str__(self) -> str:
        return self.text
