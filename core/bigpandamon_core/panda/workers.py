"""Harvester workers (pilots in batch systems) and which jobs they took."""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime


class HarvesterWorkers(models.Model):
    """A worker: numbered within its harvester instance."""

    pk = models.CompositePrimaryKey("harvesterid", "workerid")
    harvesterid = models.CharField(max_length=50)
    workerid = models.BigIntegerField()
    lastupdate = PandaTime()
    status = models.CharField(max_length=80)
    batchid = models.CharField(max_length=80, null=True)
    nodeid = models.CharField(max_length=80, null=True)
    queuename = models.CharField(max_length=80, null=True)
    computingsite = models.CharField(max_length=128, null=True)
    submittime = PandaTime(null=True)
    starttime = PandaTime(null=True)
    endtime = PandaTime(null=True)
    ncore = models.IntegerField(null=True)
    errorcode = models.IntegerField(null=True)
    stdout = models.CharField(max_length=250, null=True)
    stderr = models.CharField(max_length=250, null=True)
    batchlog = models.CharField(max_length=250, null=True)
    resourcetype = models.CharField(max_length=56, null=True)
    nativeexitcode = models.IntegerField(null=True)
    nativestatus = models.CharField(max_length=80, null=True)
    diagmessage = models.CharField(max_length=500, null=True)
    computingelement = models.CharField(max_length=128, null=True)
    njobs = models.IntegerField(null=True)
    submissionhost = models.CharField(max_length=128, null=True)
    harvesterhost = models.CharField(max_length=128, null=True)
    jdl = models.CharField(max_length=250, null=True)
    jobtype = models.CharField(max_length=52, null=True)
    pilotstarttime = PandaTime(null=True)
    pilotendtime = PandaTime(null=True)
    pilotstatus = models.CharField(max_length=80, null=True)
    pilotstatussynctime = PandaTime(null=True)
    minramcount = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "panda.harvester_workers"


class HarvesterRelJobsWorkers(models.Model):
    """Which worker took which job; many to many, jobs may be archived already."""

    pk = models.CompositePrimaryKey("harvesterid", "workerid", "pandaid")
    harvesterid = models.CharField(max_length=50)
    workerid = models.BigIntegerField()
    pandaid = models.BigIntegerField()
    lastupdate = PandaTime()
    worker = models.ForeignObject(
        HarvesterWorkers,
        models.DO_NOTHING,
        ("harvesterid", "workerid"),
        ("harvesterid", "workerid"),
        related_name="+",
    )

    class Meta:
        managed = False
        db_table = "panda.harvester_rel_jobs_workers"
