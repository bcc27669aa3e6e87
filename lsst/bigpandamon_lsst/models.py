"""What operators keep in files, and where each piece of work is found by its data id. Times are naive UTC."""

from typing import ClassVar

from django.db import models

APP = "bigpandamon_lsst"
DIGITS = 20
"""Of a visit there are thirteen."""


def _number() -> "models.CharField[str, str]":
    return models.CharField(max_length=DIGITS, default="")


class Tolerated(models.Model):
    """A failure that operators know. pattern: as they wrote it. intensity: the share that may be lost."""

    objects: ClassVar["models.Manager[Tolerated]"]
    component = models.CharField(max_length=40)
    code = models.IntegerField()
    name = models.CharField(max_length=100)
    pattern = models.TextField()
    pipetask = models.CharField(max_length=100)
    tickets = models.CharField(max_length=400)
    resolved = models.BooleanField()
    rescue = models.BooleanField()
    flavor = models.CharField(max_length=40)
    intensity = models.FloatField()

    class Meta:
        app_label = APP
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["component", "code", "name"], name="lsst_tolerated")
        ]

    def __str__(self) -> str:
        return f"{self.component}, {self.code}: {self.name}"


class Reported(models.Model):
    """A failure that operators wrote down for a task."""

    objects: ClassVar["models.Manager[Reported]"]
    jeditaskid = models.BigIntegerField()
    lfn = models.CharField(max_length=500)
    component = models.CharField(max_length=40)
    code = models.IntegerField()
    diagnostic = models.TextField()
    error_type = models.CharField(max_length=100)
    log_url = models.CharField(max_length=1000)
    pipetask = models.CharField(max_length=100)

    class Meta:
        app_label = APP
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["jeditaskid", "lfn", "component", "code"], name="lsst_reported")
        ]

    def __str__(self) -> str:
        return f"{self.jeditaskid}: {self.lfn}"


class HarvesterQueue(models.Model):
    """A queue as Harvester is set up for it. limits: by name."""

    objects: ClassVar["models.Manager[HarvesterQueue]"]
    name = models.CharField(max_length=100, primary_key=True)
    status = models.CharField(max_length=40)
    template = models.CharField(max_length=100)
    limits = models.JSONField()

    class Meta:
        app_label = APP

    def __str__(self) -> str:
        return f"{self.name} {self.status}"


class IndexedTask(models.Model):
    """A task whose files are in the index. files: how many its data sets had then."""

    objects: ClassVar["models.Manager[IndexedTask]"]
    jeditaskid = models.BigIntegerField(primary_key=True)
    run = models.CharField(max_length=255)
    files = models.IntegerField()
    taken_in = models.DateTimeField(db_index=True)

    class Meta:
        app_label = APP

    def __str__(self) -> str:
        return f"{self.jeditaskid} of {self.run}"


class IndexedFile(models.Model):
    """A pseudo file of a task, by its data id. text: the data id as written."""

    objects: ClassVar["models.Manager[IndexedFile]"]
    jeditaskid = models.BigIntegerField()
    fileid = models.BigIntegerField()
    run = models.CharField(max_length=255)
    label = models.CharField(max_length=100)
    text = models.CharField(max_length=200)
    tract = _number()
    patch = _number()
    band = _number()
    visit = _number()
    exposure = _number()
    detector = _number()

    class Meta:
        app_label = APP
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["jeditaskid", "fileid"], name="lsst_indexed_file")
        ]
        indexes: ClassVar = [
            models.Index(fields=["visit", "detector"], name="lsst_file_visit"),
            models.Index(fields=["exposure", "detector"], name="lsst_file_exposure"),
            models.Index(fields=["tract", "patch"], name="lsst_file_tract"),
            models.Index(fields=["detector"], name="lsst_file_detector"),
            models.Index(fields=["patch"], name="lsst_file_patch"),
            models.Index(fields=["band"], name="lsst_file_band"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.text}"
