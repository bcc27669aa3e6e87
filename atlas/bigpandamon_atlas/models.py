"""Tables of ATLAS in the monitor's own database. All times are naive UTC."""

from typing import Any, ClassVar

from django.db import models

LABEL = "bigpandamon_atlas"


class ProductionTask(models.Model):
    """A task of the production system as of `seen`. requested, done: events of its input; produced: events of
    its output. record: all that it told, as JSON."""

    objects: ClassVar["models.Manager[Any]"]
    taskid = models.BigIntegerField(primary_key=True)
    request = models.BigIntegerField(null=True, db_index=True)
    name = models.CharField(max_length=250)
    status = models.CharField(max_length=20)
    step = models.CharField(max_length=40)
    tag = models.CharField(max_length=20)
    campaign = models.CharField(max_length=50)
    subcampaign = models.CharField(max_length=50)
    project = models.CharField(max_length=60)
    group = models.CharField(max_length=30)
    description = models.CharField(max_length=250)
    requested = models.BigIntegerField(null=True)
    done = models.BigIntegerField(null=True)
    produced = models.BigIntegerField(null=True)
    hs06 = models.BigIntegerField(null=True)
    started = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)
    record = models.TextField()

    class Meta:
        app_label = LABEL

    def __str__(self) -> str:
        return str(self.name)


class Interval(models.Model):
    """A window for which transfers were told. received: when first. activities: one a line."""

    objects: ClassVar["models.Manager[Any]"]
    begin = models.DateTimeField()
    end = models.DateTimeField()
    received = models.DateTimeField(db_index=True)
    activities = models.TextField()

    class Meta:
        app_label = LABEL
        constraints = (models.UniqueConstraint(fields=("begin", "end"), name="atlas_interval"),)

    def __str__(self) -> str:
        return f"{self.begin:%d %b %Y %H:%M} to {self.end:%d %b %Y %H:%M}"


class Flow(models.Model):
    """What was transferred between two sites, deleted or staged at one (source "") in an interval."""

    objects: ClassVar["models.Manager[Any]"]
    interval = models.ForeignKey(Interval, on_delete=models.CASCADE)
    kind = models.CharField(max_length=10)
    source = models.CharField(max_length=80)
    destination = models.CharField(max_length=80)
    files = models.BigIntegerField()
    size = models.BigIntegerField()
    failed = models.BigIntegerField()
    failed_size = models.BigIntegerField(null=True)
    planned = models.BigIntegerField(null=True)
    planned_size = models.BigIntegerField(null=True)

    class Meta:
        app_label = LABEL
        constraints = (
            models.UniqueConstraint(fields=("interval", "kind", "source", "destination"), name="atlas_flow"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.source} {self.destination}"


class ArtTest(models.Model):
    """A test of a package in a nightly of a branch. result: active until something else is handed in."""

    objects: ClassVar["models.Manager[Any]"]
    branch = models.CharField(max_length=100)
    nightly = models.CharField(max_length=40)
    package = models.CharField(max_length=80)
    test = models.CharField(max_length=120)
    result = models.CharField(max_length=12)
    pandaid = models.BigIntegerField(null=True)
    exit_code = models.IntegerField(null=True)
    message = models.CharField(max_length=400)
    registered = models.DateTimeField()
    changed = models.DateTimeField()

    class Meta:
        app_label = LABEL
        constraints = (
            models.UniqueConstraint(fields=("branch", "nightly", "package", "test"), name="atlas_art_test"),
        )
        indexes = (
            models.Index(fields=("package",), name="atlas_art_package"),
            models.Index(fields=("changed",), name="atlas_art_changed"),
        )

    def __str__(self) -> str:
        return f"{self.package} {self.test}"
