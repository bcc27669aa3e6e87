"""Tasks, their datasets and the files in them, and which job replaced which."""

from django.db import models

from bigpandamon_core.panda.fields import PaddedText, PandaDecimal, PandaTime, PandaTimestamp


class JediTasks(models.Model):
    """A task.

    Agents set modificationtime back on purpose: the last change is realmodificationtime or statechangetime.
    """

    jeditaskid = models.BigIntegerField(primary_key=True)
    taskname = models.CharField(max_length=256, null=True)
    status = models.CharField(max_length=64)
    username = models.CharField(max_length=128)
    creationdate = PandaTime()
    modificationtime = PandaTime()
    reqid = models.IntegerField(null=True)
    oldstatus = models.CharField(max_length=64, null=True)
    cloud = models.CharField(max_length=10, null=True)
    site = models.CharField(max_length=60, null=True)
    starttime = PandaTime(null=True)
    endtime = PandaTime(null=True)
    frozentime = PandaTime(null=True)
    prodsourcelabel = models.CharField(max_length=20, null=True)
    workinggroup = models.CharField(max_length=32, null=True)
    vo = models.CharField(max_length=32, null=True)
    corecount = models.IntegerField(null=True)
    tasktype = models.CharField(max_length=64, null=True)
    processingtype = models.CharField(max_length=64, null=True)
    taskpriority = models.IntegerField(null=True)
    currentpriority = models.IntegerField(null=True)
    architecture = models.CharField(max_length=256, null=True)
    transuses = models.CharField(max_length=64, null=True)
    transhome = models.CharField(max_length=128, null=True)
    transpath = models.CharField(max_length=128, null=True)
    lockedby = models.CharField(max_length=56, null=True)
    lockedtime = PandaTime(null=True)
    termcondition = models.CharField(max_length=100, null=True)
    splitrule = models.CharField(max_length=200, null=True)
    walltime = models.IntegerField(null=True)
    walltimeunit = models.CharField(max_length=32, null=True)
    outdiskcount = models.IntegerField(null=True)
    outdiskunit = models.CharField(max_length=32, null=True)
    workdiskcount = models.IntegerField(null=True)
    workdiskunit = models.CharField(max_length=32, null=True)
    ramcount = models.IntegerField(null=True)
    ramunit = models.CharField(max_length=32, null=True)
    iointensity = models.IntegerField(null=True)
    iointensityunit = models.CharField(max_length=32, null=True)
    workqueue_id = models.IntegerField(null=True)
    progress = models.SmallIntegerField(null=True)
    failurerate = models.SmallIntegerField(null=True)
    errordialog = models.CharField(max_length=510, null=True)
    countrygroup = models.CharField(max_length=20, null=True)
    parent_tid = models.BigIntegerField(null=True)
    eventservice = models.SmallIntegerField(null=True)
    ticketid = models.CharField(max_length=50, null=True)
    ticketsystemtype = models.CharField(max_length=32, null=True)
    statechangetime = PandaTime(null=True)
    superstatus = models.CharField(max_length=64, null=True)
    campaign = models.CharField(max_length=32, null=True)
    mergeramcount = models.IntegerField(null=True)
    mergeramunit = models.CharField(max_length=32, null=True)
    mergewalltime = models.IntegerField(null=True)
    mergewalltimeunit = models.CharField(max_length=32, null=True)
    throttledtime = PandaTime(null=True)
    numthrottled = models.SmallIntegerField(null=True)
    mergecorecount = models.IntegerField(null=True)
    goal = models.SmallIntegerField(null=True)
    assessmenttime = PandaTime(null=True)
    cputime = models.IntegerField(null=True)
    cputimeunit = models.CharField(max_length=32, null=True)
    cpuefficiency = models.SmallIntegerField(null=True)
    basewalltime = models.IntegerField(null=True)
    amiflag_old = models.CharField(max_length=10, null=True)
    amiflag = models.IntegerField(null=True)
    nucleus = models.CharField(max_length=52, null=True)
    baseramcount = models.IntegerField(null=True)
    ttcrequested = PandaTime(null=True)
    ttcpredicted = PandaTime(null=True)
    ttcpredictiondate = PandaTime(null=True)
    resquetime = PandaTime(db_column="rescuetime", null=True)
    requesttype = models.CharField(max_length=32, null=True)
    gshare = models.CharField(max_length=32, null=True)
    usejumbo = PaddedText(max_length=1, null=True)
    resourcetype = models.CharField(db_column="resource_type", max_length=56, null=True)
    diskio = models.IntegerField(null=True)
    diskiounit = models.CharField(max_length=32, null=True)
    memoryleakcore = models.BigIntegerField(db_column="memory_leak_core", null=True)
    memoryleakx2 = PandaDecimal(db_column="memory_leak_x2", max_digits=14, decimal_places=3, null=True)
    attemptnr = models.SmallIntegerField(null=True)
    container_name = models.CharField(max_length=200, null=True)
    job_label = models.CharField(max_length=20, null=True)
    realmodificationtime = PandaTime(null=True)
    framework = models.CharField(max_length=50, null=True)
    activatedtime = PandaTime(null=True)
    queuedtime = PandaTime(null=True)
    actiontime = PandaTime(null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_tasks"


class JediDatasets(models.Model):
    """A dataset of a task. Only masters (masterid null) of type input or pseudo_input count for progress."""

    jeditaskid = models.BigIntegerField()
    datasetid = models.BigIntegerField(primary_key=True)
    datasetname = models.CharField(max_length=255)
    type = models.CharField(max_length=20)
    creationtime = PandaTime()
    modificationtime = PandaTime()
    vo = models.CharField(max_length=32, null=True)
    cloud = models.CharField(max_length=10, null=True)
    site = models.CharField(max_length=60, null=True)
    masterid = models.BigIntegerField(null=True)
    provenanceid = models.BigIntegerField(null=True)
    containername = models.CharField(max_length=255, null=True)
    status = models.CharField(max_length=20, null=True)
    state = models.CharField(max_length=20, null=True)
    statechecktime = PandaTime(null=True)
    statecheckexpiration = PandaTime(null=True)
    frozentime = PandaTime(null=True)
    nfiles = models.BigIntegerField(null=True)
    nfilestobeused = models.BigIntegerField(null=True)
    nfilesused = models.BigIntegerField(null=True)
    nfilesonhold = models.BigIntegerField(null=True)
    nevents = models.BigIntegerField(null=True)
    neventstobeused = models.BigIntegerField(null=True)
    neventsused = models.BigIntegerField(null=True)
    lockedby = models.CharField(max_length=56, null=True)
    lockedtime = PandaTime(null=True)
    nfilesfinished = models.BigIntegerField(null=True)
    nfilesfailed = models.BigIntegerField(null=True)
    attributes = models.CharField(max_length=100, null=True)
    streamname = models.CharField(max_length=20, null=True)
    storagetoken = models.CharField(max_length=100, null=True)
    destination = models.CharField(max_length=60, null=True)
    templateid = models.BigIntegerField(null=True)
    nfileswaiting = models.BigIntegerField(null=True)
    nfilesmissing = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_datasets"


class JediDatasetContents(models.Model):
    """A file of a task's dataset, with its attempts."""

    jeditaskid = models.BigIntegerField()
    datasetid = models.BigIntegerField()
    fileid = models.BigIntegerField(primary_key=True)
    creationdate = PandaTime()
    lastattempttime = PandaTime(null=True)
    lfn = models.CharField(max_length=4000)
    guid = models.CharField(max_length=64, null=True)
    type = models.CharField(max_length=20)
    status = models.CharField(max_length=64)
    fsize = models.BigIntegerField(null=True)
    checksum = models.CharField(max_length=36, null=True)
    scope = models.CharField(max_length=30, null=True)
    attemptnr = models.SmallIntegerField(null=True)
    maxattempt = models.SmallIntegerField(null=True)
    nevents = models.BigIntegerField(null=True)
    keeptrack = models.SmallIntegerField(null=True)
    startevent = models.BigIntegerField(null=True)
    endevent = models.BigIntegerField(null=True)
    firstevent = models.BigIntegerField(null=True)
    boundaryid = models.BigIntegerField(null=True)
    pandaid = models.BigIntegerField(null=True)
    failedattempt = models.SmallIntegerField(null=True)
    lumiblocknr = models.BigIntegerField(null=True)
    outpandaid = models.BigIntegerField(null=True)
    maxfailure = models.SmallIntegerField(null=True)
    ramcount = models.BigIntegerField(null=True)
    is_waiting = PaddedText(max_length=1, null=True)
    jobsetid = models.BigIntegerField(null=True)
    procstatus = models.CharField(db_column="proc_status", max_length=64, null=True)
    constituent_id = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_dataset_contents"


class JediJobRetryHistory(models.Model):
    """newpandaid came after oldpandaid, in the way that relationtype says. No key but the relation itself."""

    pk = models.CompositePrimaryKey("jeditaskid", "oldpandaid", "newpandaid")
    jeditaskid = models.BigIntegerField()
    oldpandaid = models.BigIntegerField()
    newpandaid = models.BigIntegerField()
    ins_utc_tstamp = PandaTimestamp(null=True)
    relationtype = models.CharField(max_length=32, null=True)
    originpandaid = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "panda.jedi_job_retry_history"
