"""What the follower knows of PanDA: each job's state, how far it has read, what it told the others."""

from django.db import models


class JobState(models.Model):
    """The newest observation of a job. place: its table, see `PLACES`; kept as long as facets are. rolled:
    what it has in open bins (see `rollups.contributions`), "" for nothing."""

    pandaid = models.BigIntegerField(primary_key=True)
    place = models.SmallIntegerField()
    jobstatus = models.CharField(max_length=15)
    statechangetime = models.DateTimeField(null=True)
    modificationtime = models.DateTimeField(null=True)
    rolled = models.CharField(max_length=320, default="")

    class Meta:
        indexes = [models.Index(fields=["place", "modificationtime"], name="state_jobstate_ended")]

    def __str__(self) -> str:
        return f"{self.pandaid} {self.jobstatus}"


class FollowPosition(models.Model):
    """How far the changes of one job table have been read: up to a moment of its statechangetime."""

    table = models.CharField(primary_key=True, max_length=30)
    moment = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.table} up to {self.moment}"


class FollowStatus(models.Model):
    """How following goes; one row.

    as_of: every change that PanDA showed at this moment is in. complete_since: ended jobs are known from
    there on; None until all live ones are. swept_to: ended hours are compared up to there. repairs: changes
    that only a sweep found. closed_before: bins of rollups before it are left as they are. sampled_at: the
    bin's end at which live jobs were last counted into gauges.
    """

    name = models.CharField(primary_key=True, max_length=30)
    as_of = models.DateTimeField(null=True)
    complete_since = models.DateTimeField(null=True)
    swept_to = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)
    closed_before = models.DateTimeField(null=True)
    sampled_at = models.DateTimeField(null=True)
    columns = models.CharField(max_length=40)
    last_batch = models.BigIntegerField(default=0)
    told_from = models.BigIntegerField(default=1)
    refill_wanted = models.BooleanField(default=False)
    rows_read = models.BigIntegerField(default=0)
    changes = models.BigIntegerField(default=0)
    repairs = models.BigIntegerField(default=0)
    bins = models.BigIntegerField(default=0)
    failures = models.BigIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=500, default="")

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of}"


class FacetBatch(models.Model):
    """Changed jobs with their facet columns, for every host to replay in order.

    id: rising by one without gaps. whole: after it everything is as PanDA was at as_of; others are parts of
    a longer read. payload: see `facets.batch`.
    """

    id = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField(db_index=True)
    as_of = models.DateTimeField(null=True)
    complete_since = models.DateTimeField(null=True)
    whole = models.BooleanField()
    rows = models.IntegerField()
    payload = models.BinaryField()

    def __str__(self) -> str:
        return f"batch {self.id} of {self.rows} jobs"
