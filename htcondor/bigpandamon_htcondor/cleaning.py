"""Batch jobs and DAGs of which nothing was heard for long are let go."""

from datetime import datetime, timedelta
from typing import Any

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
    gone, old = 0, model._default_manager.filter(received__lt=before)
    while not turn.is_over():
        found = list(old.order_by("received").values_list("pk", flat=True)[:AT_ONCE])
        if not found:
            break
        with turn.fenced():
            keys = list(_still(old, found))
            for part in parts:
                part._default_manager.filter(**{f"{named}__in": keys}).delete()
            model._default_manager.filter(pk__in=keys).delete()
        gone += len(keys)
    return gone


def _still(old: "models.QuerySet[Any]", found: list[str]) -> "models.QuerySet[Any]":
    """Those that nobody has written meanwhile, nor can now: locked in the order in which writers do."""
    return old.filter(pk__in=found).select_for_update().order_by("pk").values_list("pk", flat=True)


CLEANING = PeriodicTask(
    "htcondor-clean-up", "Let go of batch jobs and DAGs that have not changed for long.", HOUR, clean
)
