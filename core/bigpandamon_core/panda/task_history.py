"""What a task was submitted with, and what happened to it."""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime, PandaTimestamp


class JediTaskparams(models.Model):
    """The submission, as a JSON text."""

    jeditaskid = models.BigIntegerField(primary_key=True)
    taskparams = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_taskparams"


class TaskAttempts(models.Model):
    """From a start, or a retry, to the end that it led to."""

    pk = models.CompositePrimaryKey("jeditaskid", "attemptnr")
    jeditaskid = models.BigIntegerField()
    attemptnr = models.IntegerField()
    starttime = PandaTime()
    endtime = PandaTime(null=True)
    startstatus = models.CharField(max_length=32, null=True)
    endstatus = models.CharField(max_length=32, null=True)

    class Meta:
        managed = False
        db_table = "panda.task_attempts"


class TasksStatuslog(models.Model):
    """One change of state. There is no key: the one told is nearly unique."""

    pk = models.CompositePrimaryKey("jeditaskid", "modificationtime", "status")
    jeditaskid = models.BigIntegerField()
    modificationtime = PandaTimestamp()
    status = models.CharField(max_length=64)
    modificationhost = models.CharField(max_length=128, null=True)
    attemptnr = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=255, null=True)

    class Meta:
        managed = False
        db_table = "panda.tasks_statuslog"
