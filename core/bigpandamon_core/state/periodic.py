"""What periodic tasks did last, and when they run next."""

from django.db import models


class PeriodicState(models.Model):
    """One periodic task. Times are naive UTC.

    next_run: None for a task that is not run any more. last_end: of a run that was recorded, whatever came of
    it. failures: in a row, up to the last run. failure_words: of the last failure, without secrets.
    """

    task = models.CharField(primary_key=True, max_length=100)
    next_run = models.DateTimeField(null=True)
    last_start = models.DateTimeField(null=True)
    last_end = models.DateTimeField(null=True)
    last_success = models.DateTimeField(null=True)
    last_failure = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure_words = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.task}: next run {self.next_run}"
