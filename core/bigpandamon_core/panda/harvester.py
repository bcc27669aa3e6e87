"""Harvester services: what they are, say and count."""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime


class HarvesterInstances(models.Model):
    """A service that submits workers."""

    harvesterid = models.CharField(db_column="harvester_id", max_length=50, primary_key=True)
    description = models.CharField(max_length=200, null=True)
    starttime = PandaTime(null=True)
    owner = models.CharField(max_length=100, null=True)
    hostname = models.CharField(max_length=100, null=True)
    lastupdate = PandaTime(null=True)
    swversion = models.CharField(db_column="sw_version", max_length=50, null=True)
    commitstamp = models.CharField(db_column="commit_stamp", max_length=100, null=True)

    class Meta:
        managed = False
        db_table = "panda.harvester_instances"


class HarvesterDialogs(models.Model):
    """A message of a service."""

    pk = models.CompositePrimaryKey("harvesterid", "diagid")
    harvesterid = models.CharField(db_column="harvester_id", max_length=50)
    diagid = models.BigIntegerField()
    modulename = models.CharField(max_length=100, null=True)
    identifier = models.CharField(max_length=100, null=True)
    creationtime = PandaTime(null=True)
    messagelevel = models.CharField(max_length=10, null=True)
    diagmessage = models.CharField(max_length=500, null=True)

    class Meta:
        managed = False
        db_table = "panda.harvester_dialogs"


class HarvesterWorkerStats(models.Model):
    """How many workers of a kind a service has, as of its last report; rows of services that report no more
    stay."""

    pk = models.CompositePrimaryKey("harvesterid", "computingsite", "resourcetype", "status", "jobtype")
    harvesterid = models.CharField(db_column="harvester_id", max_length=50)
    computingsite = models.CharField(max_length=128)
    resourcetype = models.CharField(max_length=56)
    status = models.CharField(max_length=80)
    jobtype = models.CharField(max_length=52)
    nworkers = models.IntegerField(db_column="n_workers", null=True)
    lastupdate = PandaTime()

    class Meta:
        managed = False
        db_table = "panda.harvester_worker_stats"
