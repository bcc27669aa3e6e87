"""Batch jobs as their schedulers tell them, what PanDA jobs they belong to, what happened to them, and DAGs.

Times are naive UTC, memory is in MiB, disk in KiB, all else in seconds and bytes.
"""

from typing import ClassVar

from django.db import models

LABEL = "bigpandamon_htcondor"
ID_SIGNS, NAME_SIGNS, REASON_SIGNS = 255, 200, 500


def _text(signs: int = NAME_SIGNS, index: bool = False) -> "models.CharField[str, str]":
    return models.CharField(max_length=signs, default="", blank=True, db_index=index)


class BatchJob(models.Model):
    """One job of one scheduler, the latest that is known of it.

    state: in words, of JobStatus and how it ended. entered: since when. observed: the moment that the record
    is of, by the scheduler's clock. received: when it last changed here. removed: since when its source does
    not have it any more. since: when its state began (else when it ended, else received), never in
    the future. batchid: `cluster.proc`. core_s, committed_core_s, cpu_s: wall time by cores, that
    part of it that no eviction lost, and processor time, of all runs. cpu_core_s: the core time
    that processor time was used in. reason: why it is held, was removed or
    vacated, whichever is the case. attributes: all of its ClassAd as JSON.
    """

    objects: ClassVar["models.Manager[BatchJob]"]
    globaljobid = models.CharField(max_length=ID_SIGNS, primary_key=True)
    schedd = _text()
    host = _text()
    batchid = _text(60, index=True)
    state = _text(12)
    entered = models.DateTimeField(null=True)
    queued = models.DateTimeField(null=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    observed = models.DateTimeField()
    received = models.DateTimeField(db_index=True)
    removed = models.DateTimeField(null=True)
    since = models.DateTimeField(db_index=True)
    owner = _text()
    accounting = _text()
    universe = models.SmallIntegerField(null=True)
    queue = _text()
    factory = _text()
    site = _text()
    node = _text()
    batchname = _text(ID_SIGNS)
    dag = _text(60, index=True)
    dagnode = _text(ID_SIGNS)
    harvesterid = _text()
    workerid = models.BigIntegerField(null=True)
    cpus = models.FloatField(null=True)
    asked_mb = models.BigIntegerField(null=True)
    used_mb = models.BigIntegerField(null=True)
    used_disk_kb = models.BigIntegerField(null=True)
    wall_s = models.FloatField(null=True)
    core_s = models.FloatField(null=True)
    committed_core_s = models.FloatField(null=True)
    cpu_s = models.FloatField(null=True)
    cpu_core_s = models.FloatField(null=True)
    starts = models.IntegerField(null=True)
    holds = models.IntegerField(null=True)
    exit_code = models.BigIntegerField(null=True)
    exit_signal = models.IntegerField(null=True)
    reason_code = models.IntegerField(null=True)
    reason_subcode = models.BigIntegerField(null=True)
    reason = _text(REASON_SIGNS)
    attributes = models.TextField()

    class Meta:
        app_label = LABEL
        indexes: ClassVar = [
            models.Index(fields=["state", "entered"], name="htcondor_job_state"),
            models.Index(fields=["schedd", "state"], name="htcondor_job_schedd"),
        ]

    def __str__(self) -> str:
        return f"{self.globaljobid}"


class PandaLink(models.Model):
    """A PanDA job that a batch job ran; a pilot may run several."""

    objects: ClassVar["models.Manager[PandaLink]"]
    globaljobid = models.CharField(max_length=ID_SIGNS)
    pandaid = models.BigIntegerField(db_index=True)

    class Meta:
        app_label = LABEL
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["globaljobid", "pandaid"], name="htcondor_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.globaljobid} {self.pandaid}"


class BatchEvent(models.Model):
    """Something a job event log tells of a job. number: of the kind of event. place: of events of one second,
    so that the same log read again gives the same rows. text: what the log says beside."""

    objects: ClassVar["models.Manager[BatchEvent]"]
    globaljobid = models.CharField(max_length=ID_SIGNS)
    moment = models.DateTimeField()
    number = models.SmallIntegerField()
    place = models.SmallIntegerField(default=0)
    text = _text(REASON_SIGNS)

    class Meta:
        app_label = LABEL
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["globaljobid", "moment", "number", "place"], name="htcondor_event_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.globaljobid} {self.number:03} {self.moment:%Y-%m-%d %H:%M:%S}"


class Dag(models.Model):
    """A workflow of DAGMan, the latest that is known of it.

    name: its file without folder and ending, which tells files of one workflow from those of others. jobid:
    cluster of the job that is DAGMan itself. state: in words. observed: the moment that is of. attributes:
    all else that its files tell, as JSON.
    """

    objects: ClassVar["models.Manager[Dag]"]
    name = models.CharField(max_length=ID_SIGNS, primary_key=True)
    schedd = _text()
    jobid = _text(60, index=True)
    state = _text(20)
    observed = models.DateTimeField(null=True)
    received = models.DateTimeField(db_index=True)
    attributes = models.TextField()

    class Meta:
        app_label = LABEL

    def __str__(self) -> str:
        return f"{self.name}"


class DagNode(models.Model):
    """A node of a workflow. kind: JOB, SUBDAG, FINAL, SERVICE or PROVISIONER. parents: names, as JSON.
    state: in words. globaljobid: of the job that it ran last, which began and ended then."""

    objects: ClassVar["models.Manager[DagNode]"]
    dag = models.CharField(max_length=ID_SIGNS)
    name = models.CharField(max_length=ID_SIGNS)
    kind = _text(12)
    state = _text(20)
    retries = models.IntegerField(null=True)
    detail = _text(REASON_SIGNS)
    globaljobid = _text(ID_SIGNS, index=True)
    began = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    parents = models.TextField(default="[]")

    class Meta:
        app_label = LABEL
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dag", "name"], name="htcondor_dagnode_once")
        ]

    def __str__(self) -> str:
        return f"{self.dag} {self.name}"
