"""Bins of jobs in the own database, under combinations of dimension values.

A bin is known by its length in hours and by its first hour, counted since 1970 in UTC; what is told of it
stands in one row for each combination of values that occurs.
"""

from django.db import models


class RollupKey(models.Model):
    """A combination of values of one rollup's dimensions; "" where it has none of a name, or the job has no
    value. digest: of rollup and values, by code points, whatever a collation takes for equal."""

    rollup = models.SmallIntegerField()
    digest = models.CharField(max_length=32, unique=True)
    vo = models.CharField(max_length=32, default="")
    cloud = models.CharField(max_length=50, default="")
    computingsite = models.CharField(max_length=128, default="")
    prodsourcelabel = models.CharField(max_length=20, default="")
    resourcetype = models.CharField(max_length=56, default="")
    jobstatus = models.CharField(max_length=15, default="")
    jobsubstatus = models.CharField(max_length=15, default="")
    processingtype = models.CharField(max_length=64, default="")
    gshare = models.CharField(max_length=32, default="")
    produsername = models.CharField(max_length=60, default="")
    node = models.CharField(max_length=128, default="")
    failure = models.CharField(max_length=40, default="")
    failureclass = models.CharField(max_length=20, default="")
    homepackage = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["rollup", "computingsite"], name="state_rollupkey_queue")]

    def __str__(self) -> str:
        return f"key {self.pk} of rollup {self.rollup}"


class Bin(models.Model):
    """What all bins have. hours: its length. hour: its first, since 1970."""

    pk = models.CompositePrimaryKey("rollup", "hours", "hour", "key_id")
    rollup = models.SmallIntegerField()
    hours = models.SmallIntegerField()
    hour = models.IntegerField()
    key = models.ForeignKey(RollupKey, models.PROTECT, related_name="+", db_index=False, db_constraint=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.hours} h from hour {self.hour} of key {self.key_id}"


class RollupBin(Bin):
    """Jobs that ended in a bin. timed: those of them that have a wall-clock time; used: a CPU time.

    ran: those with a wall-clock time of which it is known, too, how long they waited and on how many cores
    they ran; core_seconds: wall-clock time times cores; used_core_seconds: the same of those with a CPU time,
    which is core_cpu_seconds. piloted: those whose pilots told the seconds of each step. None of these where
    bins were made before such were kept.
    """

    jobs = models.BigIntegerField()
    timed = models.BigIntegerField()
    wall_seconds = models.BigIntegerField()
    used = models.BigIntegerField()
    cpu_seconds = models.BigIntegerField()
    ran = models.BigIntegerField(db_default=0)
    wait_seconds = models.BigIntegerField(db_default=0)
    core_seconds = models.BigIntegerField(db_default=0)
    used_core_seconds = models.BigIntegerField(db_default=0)
    core_cpu_seconds = models.BigIntegerField(db_default=0)
    piloted = models.BigIntegerField(db_default=0)
    get_seconds = models.BigIntegerField(db_default=0)
    setup_seconds = models.BigIntegerField(db_default=0)
    stagein_seconds = models.BigIntegerField(db_default=0)
    run_seconds = models.BigIntegerField(db_default=0)
    stageout_seconds = models.BigIntegerField(db_default=0)

    class Meta:
        indexes = [models.Index(fields=["key", "hours", "hour"], name="state_rollupbin_of_key")]


class RollupSample(Bin):
    """Live jobs at the ends of a bin's hours. total: over its samples, of which `RollupSampled` tells the
    number; most: at one of them."""

    total = models.BigIntegerField()
    most = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["key", "hours", "hour"], name="state_rollupsample_of_key")]


class RollupSampled(models.Model):
    """A bin of a gauge of which samples were taken; one that is not here is not known."""

    pk = models.CompositePrimaryKey("rollup", "hours", "hour")
    rollup = models.SmallIntegerField()
    hours = models.SmallIntegerField()
    hour = models.IntegerField()
    samples = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.samples} samples in {self.hours} h from hour {self.hour}"


class RollupStatus(models.Model):
    """How one rollup stands. version: of its declaration and rules; bins before complete_since may be of
    another. complete_since: of closed bins; open ones are as complete as what the follower knows."""

    rollup = models.SmallIntegerField(primary_key=True)
    version = models.CharField(max_length=12)
    complete_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"rollup {self.rollup} complete since {self.complete_since}"


class RollupRebuild(models.Model):
    """Whole days that are to be made anew from PanDA's tables, worked off from their end."""

    begin = models.DateTimeField()
    end = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.begin} to {self.end}"
