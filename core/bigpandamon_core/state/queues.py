"""The history of queue configurations: PanDA keeps only the present one."""

from django.db import models

from bigpandamon_core.state.fields import JsonText

APPEARED, CHANGED, VANISHED = "appeared", "changed", "vanished"
"""Kinds of changes."""
LONGEST_NAME, LONGEST_STATUS, DIGEST_DIGITS = 255, 64, 32


class QueueConfiguration(models.Model):
    """A queue as it was recorded last; the next recording is compared with it. Names are compared by the
    program, exactly: a database may take two that differ in case for one."""

    queue = models.CharField(max_length=LONGEST_NAME)
    digest = models.CharField(max_length=DIGEST_DIGITS)
    document = JsonText()

    def __str__(self) -> str:
        return f"{self.queue} {self.digest}"


class QueueChange(models.Model):
    """A queue that appeared, changed or vanished between two recordings.

    seen_at: when that was noticed, naive UTC. status: the queue's after it, "" if it has none. digest: of the
    configuration after it, "" when it vanished. changes: by key its old and new value; a key that was or is
    not there lacks the one or the other (see domain/documents.py).
    """

    queue = models.CharField(max_length=LONGEST_NAME)
    seen_at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=LONGEST_STATUS)
    digest = models.CharField(max_length=DIGEST_DIGITS)
    changes = JsonText()

    class Meta:
        indexes = [models.Index(fields=["queue", "seen_at"], name="state_queuechange_of_queue")]

    def __str__(self) -> str:
        return f"{self.queue} {self.kind} {self.seen_at}"
