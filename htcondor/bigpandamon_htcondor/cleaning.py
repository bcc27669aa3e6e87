"""Batch jobs and DAGs of which nothing was heard for long are let go."""

from datetime import datetime, timedelta

from django.db import models

from bigpandamon_core.plugin import Option, PeriodicTask, Turn, now
from bigpandamon_htcondor.models import BatchEvent, BatchJob, Dag, DagNode, PandaLink

AT_ONCE, HOUR = 500, 3600
KEEP_DAYS = Option(
    "keep_days",
    int,
    400,
    "How long batch jobs and DAGs are kept after their last change; 0: for ever.",
    "days",
)
Model = type[models.Model]


def clean(turn: Turn) -> str:
    """Some at a time, each with all that belongs to it."""
    days = int(turn.option("htcondor.keep_days"))
    if not days:
        return "all are kept"
    before = now() - timedelta(days=days)
    jobs = _all(turn, BatchJob, "globaljobid", (PandaLink, BatchEvent), before)
    return f"{jobs:,} batch jobs and {_all(turn, Dag, 'dag', (DagNode,), before):,} DAGs let go"


def _all(turn: Turn, model: Model, named: str, parts: tuple[Model, ...], before: datetime) -> int:
    """named: the column of the parts that tells whose they are."""
    gone = 0
    while not turn.is_over():
        old = model._default_manager.filter(received__lt=before).order_by("received")
        keys = list(old.values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            break
        with turn.fenced():
            for part in parts:
                part._default_manager.filter(**{f"{named}__in": keys}).delete()
            model._default_manager.filter(pk__in=keys, received__lt=before).delete()
        gone += len(keys)
    return gone


CLEANING = PeriodicTask(
    "htcondor-clean-up", "Let go of batch jobs and DAGs that have not changed for long.", HOUR, clean
)
