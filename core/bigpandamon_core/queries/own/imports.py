"""Which records came from which imported file."""

from bigpandamon_core.state.imports import ImportedJob


def pandaids_of(origin: str) -> list[int]:
    """The jobs that a file of this name told something about, in rising order."""
    rows = ImportedJob.objects.filter(file__name=origin).values_list("pandaid", flat=True).distinct()
    return sorted(rows)
