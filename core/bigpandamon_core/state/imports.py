"""Which files records were imported from, and which jobs came with each."""

from django.db import models


class ImportedFile(models.Model):
    """A record file, known by name, kind and content: the same file again is the same row.

    name: file name without its folder, as in `origin=<name>` of a request. digest: SHA-256 of the content,
    hexadecimal. Counts are those of the latest import of it; times are naive UTC.
    """

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    records = models.BigIntegerField(default=0)
    imported = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    first_imported = models.DateTimeField()
    last_imported = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "kind", "digest"], name="state_importedfile_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind}, {self.digest})"


class ImportedJob(models.Model):
    """A job that an imported file told something about; it may be in several."""

    file = models.ForeignKey(ImportedFile, on_delete=models.CASCADE, related_name="jobs")
    pandaid = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "pandaid"], name="state_importedjob_once")]
