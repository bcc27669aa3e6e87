"""What belongs to a job beside its row: files, parameters, metadata; each also in the long-term archive.

While a job lives its rows here carry modificationtime 1970-01-01; the archive time comes when it has ended.
"""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime


class JobFile(models.Model):
    """A file that a job reads or writes."""

    row_id = models.BigIntegerField(primary_key=True)
    pandaid = models.BigIntegerField()
    modificationtime = PandaTime()
    guid = models.CharField(max_length=64, null=True)
    lfn = models.CharField(max_length=4000, null=True)
    type = models.CharField(max_length=20, null=True)
    dataset = models.CharField(max_length=255, null=True)
    status = models.CharField(max_length=64, null=True)
    proddblock = models.CharField(max_length=255, null=True)
    proddblocktoken = models.CharField(max_length=250, null=True)
    dispatchdblock = models.CharField(max_length=255, null=True)
    dispatchdblocktoken = models.CharField(max_length=250, null=True)
    destinationdblock = models.CharField(max_length=255, null=True)
    destinationdblocktoken = models.CharField(max_length=250, null=True)
    destinationse = models.CharField(max_length=250, null=True)
    fsize = models.BigIntegerField()
    md5sum = models.CharField(max_length=40, null=True)
    checksum = models.CharField(max_length=40, null=True)
    scope = models.CharField(max_length=30, null=True)
    jeditaskid = models.BigIntegerField(null=True)
    datasetid = models.BigIntegerField(null=True)
    fileid = models.BigIntegerField(null=True)
    attemptnr = models.SmallIntegerField(null=True)

    class Meta:
        abstract = True
        managed = False


class FilesTable4(JobFile):
    class Meta(JobFile.Meta):
        db_table = "panda.filestable4"


class FilesTableArch(JobFile):
    creationtime = PandaTime(null=True)
    fsize = models.BigIntegerField(null=True)  # type: ignore[assignment]  # null in this table only

    class Meta(JobFile.Meta):
        db_table = "arch.filestable_arch"


class JobParams(models.Model):
    """The command line of the payload."""

    pandaid = models.BigIntegerField(primary_key=True)
    modificationtime = PandaTime()
    jobparameters = models.TextField(null=True)

    class Meta:
        abstract = True
        managed = False


class JobParamsTable(JobParams):
    class Meta(JobParams.Meta):
        db_table = "panda.jobparamstable"


class JobParamsTableArch(JobParams):
    class Meta(JobParams.Meta):
        db_table = "arch.jobparamstable_arch"


class JobMetadata(models.Model):
    """What the payload reported: JSON today, XML long ago."""

    pandaid = models.BigIntegerField(primary_key=True)
    modificationtime = PandaTime()
    metadata = models.TextField(null=True)

    class Meta:
        abstract = True
        managed = False


class MetaTable(JobMetadata):
    class Meta(JobMetadata.Meta):
        db_table = "panda.metatable"


class MetaTableArch(JobMetadata):
    class Meta(JobMetadata.Meta):
        db_table = "arch.metatable_arch"
