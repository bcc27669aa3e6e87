"""Jobs: one row per pandaid, in one of four tables (two while it moves).

jobsdefined4: not yet ready for a pilot. jobsactive4: ready, running, finishing. jobsarchived4: ended lately.
jobsarchived: ended long ago, on Oracle; elsewhere mostly empty.
"""

from django.db import models

from bigpandamon_core.panda.fields import PaddedText, PandaDecimal, PandaTime


class JobManager(models.Manager["Job"]):
    """Whole jobs are read without the two long texts, which the job tables always hold empty."""

    def get_queryset(self) -> models.QuerySet["Job"]:
        return super().get_queryset().defer("jobparameters", "metadata")


class Job(models.Model):
    """The columns that all job tables share. Widths are those of the widest table.

    Told to Django as the key is pandaid; jobsarchived4 is unique by (pandaid, modificationtime) only, and
    jobsarchived has no key. Absent text is NULL or empty, depending on who wrote it: one value to us.
    """

    pandaid = models.BigIntegerField(primary_key=True)
    modificationtime = PandaTime()
    jobdefinitionid = models.BigIntegerField()
    schedulerid = models.CharField(max_length=128, null=True)
    pilotid = models.CharField(max_length=200, null=True)
    creationtime = PandaTime()
    creationhost = models.CharField(max_length=128, null=True)
    modificationhost = models.CharField(max_length=128, null=True)
    atlasrelease = models.CharField(max_length=64, null=True)
    transformation = models.CharField(max_length=250, null=True)
    homepackage = models.CharField(max_length=80, null=True)
    prodserieslabel = models.CharField(max_length=20, null=True)
    prodsourcelabel = models.CharField(max_length=20, null=True)
    produserid = models.CharField(max_length=250, null=True)
    assignedpriority = models.IntegerField()
    currentpriority = models.IntegerField()
    attemptnr = models.SmallIntegerField()
    maxattempt = models.SmallIntegerField()
    jobstatus = models.CharField(max_length=15)
    jobname = models.CharField(max_length=256, null=True)
    maxcpucount = models.BigIntegerField()
    maxcpuunit = models.CharField(max_length=32, null=True)
    maxdiskcount = models.BigIntegerField()
    maxdiskunit = PaddedText(max_length=4, null=True)
    ipconnectivity = PaddedText(max_length=5, null=True)
    minramcount = models.BigIntegerField()
    minramunit = PaddedText(max_length=4, null=True)
    starttime = PandaTime(null=True)
    endtime = PandaTime(null=True)
    cpuconsumptiontime = PandaDecimal(max_digits=20, decimal_places=0)
    cpuconsumptionunit = models.CharField(max_length=128, null=True)
    commandtopilot = models.CharField(max_length=250, null=True)
    transexitcode = models.CharField(max_length=128, null=True)
    piloterrorcode = models.IntegerField()
    piloterrordiag = models.CharField(max_length=500, null=True)
    exeerrorcode = models.IntegerField()
    exeerrordiag = models.CharField(max_length=500, null=True)
    superrorcode = models.IntegerField()
    superrordiag = models.CharField(max_length=250, null=True)
    ddmerrorcode = models.IntegerField()
    ddmerrordiag = models.CharField(max_length=700, null=True)
    brokerageerrorcode = models.IntegerField()
    brokerageerrordiag = models.CharField(max_length=250, null=True)
    jobdispatchererrorcode = models.IntegerField()
    jobdispatchererrordiag = models.CharField(max_length=250, null=True)
    taskbuffererrorcode = models.IntegerField()
    taskbuffererrordiag = models.CharField(max_length=300, null=True)
    computingsite = models.CharField(max_length=128, null=True)
    computingelement = models.CharField(max_length=128, null=True)
    proddblock = models.CharField(max_length=255, null=True)
    dispatchdblock = models.CharField(max_length=255, null=True)
    destinationdblock = models.CharField(max_length=255, null=True)
    destinationse = models.CharField(max_length=250, null=True)
    nevents = models.BigIntegerField()
    grid = models.CharField(max_length=50, null=True)
    cloud = models.CharField(max_length=50, null=True)
    cpuconversion = PandaDecimal(max_digits=9, decimal_places=4, null=True)
    sourcesite = models.CharField(max_length=36, null=True)
    destinationsite = models.CharField(max_length=36, null=True)
    transfertype = models.CharField(max_length=10, null=True)
    taskid = models.IntegerField(null=True)
    cmtconfig = models.CharField(max_length=250, null=True)
    statechangetime = PandaTime(null=True)
    proddbupdatetime = PandaTime(null=True)
    lockedby = models.CharField(max_length=128, null=True)
    relocationflag = models.SmallIntegerField(null=True)
    jobexecutionid = models.BigIntegerField(null=True)
    vo = models.CharField(max_length=32, null=True)
    pilottiming = models.CharField(max_length=100, null=True)
    workinggroup = models.CharField(max_length=20, null=True)
    processingtype = models.CharField(max_length=64, null=True)
    produsername = models.CharField(max_length=60, null=True)
    ninputfiles = models.IntegerField(null=True)
    countrygroup = models.CharField(max_length=20, null=True)
    batchid = models.CharField(max_length=80, null=True)
    parentid = models.BigIntegerField(null=True)
    specialhandling = models.CharField(max_length=80, null=True)
    jobsetid = models.BigIntegerField(null=True)
    corecount = models.SmallIntegerField(null=True)
    jobparameters = models.TextField(null=True)
    metadata = models.TextField(null=True)
    ninputdatafiles = models.IntegerField(null=True)
    inputfiletype = models.CharField(max_length=32, null=True)
    inputfileproject = models.CharField(max_length=64, null=True)
    inputfilebytes = models.BigIntegerField(null=True)
    noutputdatafiles = models.IntegerField(null=True)
    outputfilebytes = models.BigIntegerField(null=True)
    jobmetrics = models.CharField(max_length=500, null=True)
    workqueue_id = models.IntegerField(null=True)
    jeditaskid = models.BigIntegerField(null=True)
    jobsubstatus = models.CharField(max_length=80, null=True)
    actualcorecount = models.IntegerField(null=True)
    reqid = models.IntegerField(null=True)
    maxrss = models.BigIntegerField(null=True)
    maxvmem = models.BigIntegerField(null=True)
    maxswap = models.BigIntegerField(null=True)
    maxpss = models.BigIntegerField(null=True)
    avgrss = models.BigIntegerField(null=True)
    avgvmem = models.BigIntegerField(null=True)
    avgswap = models.BigIntegerField(null=True)
    avgpss = models.BigIntegerField(null=True)
    maxwalltime = models.BigIntegerField(null=True)
    nucleus = models.CharField(max_length=52, null=True)
    eventservice = models.SmallIntegerField(null=True)
    failedattempt = models.SmallIntegerField(null=True)
    hs06sec = models.BigIntegerField(null=True)
    gshare = models.CharField(max_length=32, null=True)
    hs06 = models.BigIntegerField(null=True)
    totrchar = models.BigIntegerField(null=True)
    totwchar = models.BigIntegerField(null=True)
    totrbytes = models.BigIntegerField(null=True)
    totwbytes = models.BigIntegerField(null=True)
    raterchar = models.BigIntegerField(null=True)
    ratewchar = models.BigIntegerField(null=True)
    raterbytes = models.BigIntegerField(null=True)
    ratewbytes = models.BigIntegerField(null=True)
    resourcetype = models.CharField(db_column="resource_type", max_length=56, null=True)
    diskio = models.IntegerField(null=True)
    memoryleak = models.BigIntegerField(db_column="memory_leak", null=True)
    memoryleakx2 = PandaDecimal(db_column="memory_leak_x2", max_digits=14, decimal_places=3, null=True)
    container_name = models.CharField(max_length=200, null=True)
    job_label = models.CharField(max_length=20, null=True)
    meancorecount = PandaDecimal(max_digits=8, decimal_places=2, null=True)
    gco2_regional = PandaDecimal(max_digits=10, decimal_places=2, null=True)
    gco2_global = PandaDecimal(max_digits=10, decimal_places=2, null=True)
    cpu_architecture_level = models.CharField(max_length=20, null=True)
    outputfiletype = models.CharField(max_length=32, null=True)

    objects = JobManager()

    class Meta:
        abstract = True
        managed = False


class JobsDefined4(Job):
    class Meta(Job.Meta):
        db_table = "panda.jobsdefined4"


class JobsActive4(Job):
    class Meta(Job.Meta):
        db_table = "panda.jobsactive4"


class JobsArchived4(Job):
    class Meta(Job.Meta):
        db_table = "panda.jobsarchived4"


class JobsArchived(Job):
    """The long-term archive. Here, and only here, imported records may lack status and times.

    The type is told wrong where null is allowed in this table only.
    """

    jobstatus = models.CharField(max_length=15, null=True)  # type: ignore[assignment]
    creationtime = PandaTime(null=True)  # type: ignore[assignment]
    modificationtime = PandaTime(null=True)  # type: ignore[assignment]
    cpuconsumptiontime = PandaDecimal(max_digits=20, decimal_places=0, null=True)  # type: ignore[assignment]
    nevents = models.BigIntegerField(null=True)  # type: ignore[assignment]

    class Meta(Job.Meta):
        db_table = "arch.jobsarchived"


LONG_TEXTS = ("jobparameters", "metadata")
