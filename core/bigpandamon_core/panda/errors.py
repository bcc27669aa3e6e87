"""Error codes as the installation explains them: the live source, before our own list of codes."""

from django.db import models


class ErrorDescriptions(models.Model):
    """What a component's code means.

    Categories: 0 none yet, 1 file or storage, 2 runtime or limits, 3 network, 4 kill or signal, 5 software or
    environment, 6 internal.
    """

    id = models.BigIntegerField(primary_key=True)
    component = models.CharField(max_length=32)
    code = models.IntegerField()
    acronym = models.CharField(max_length=64, null=True)
    diagnostics = models.CharField(max_length=256, null=True)
    description = models.CharField(max_length=4000, null=True)
    category = models.SmallIntegerField()

    class Meta:
        managed = False
        db_table = "panda.error_descriptions"
