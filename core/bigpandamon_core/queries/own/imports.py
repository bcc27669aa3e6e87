"""Which records came from which imported file."""

from datetime import datetime

from django.db.models import Max

from bigpandamon_core.state.imports import ImportedFile, ImportedJob


def pandaids_of(origin: str) -> list[int]:
    """The jobs that a file of this name told something about, in rising order."""
    rows = ImportedJob.objects.filter(file__name=origin).values_list("pandaid", flat=True).distinct()
    return sorted(rows)


def last_imported() -> datetime | None:
    """When a file was imported last, None if none was."""
    found: datetime | None = ImportedFile.objects.aggregate(last=Max("last_imported"))["last"]
    return found
