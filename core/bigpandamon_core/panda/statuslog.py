"""Changes of state of jobs, where the server records them."""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime, PandaTimestamp


class JobsStatusLog(models.Model):
    """One change of state; order by modiftime_extended. There is no key: the one told is nearly unique."""

    pk = models.CompositePrimaryKey("pandaid", "modificationtime", "jobstatus")
    pandaid = models.BigIntegerField()
    modificationtime = PandaTime()
    jobstatus = models.CharField(max_length=15)
    prodsourcelabel = models.CharField(max_length=20, null=True)
    cloud = models.CharField(max_length=50, null=True)
    computingsite = models.CharField(max_length=128, null=True)
    modificationhost = models.CharField(max_length=128, null=True)
    modiftime_extended = PandaTimestamp(null=True)

    class Meta:
        managed = False
        db_table = "panda.jobs_statuslog"
