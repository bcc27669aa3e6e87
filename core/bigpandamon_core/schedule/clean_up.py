"""Old rows of our own tables go, a few at a time."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import connections

from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.window import now
from bigpandamon_core.rollups.retention import BINS, BinRetention
from bigpandamon_core.state.pending import OWN
from bigpandamon_core.state.retention import RETENTIONS, Retention

Kinds = Mapping[str, Retention | BinRetention]
CORE: Kinds = {**RETENTIONS, **BINS}


def task(name: str, kinds: Kinds) -> PeriodicTask:
    """What removes rows of these kinds."""
    return PeriodicTask(
        name=name,
        help="Remove rows of our own tables that are older than they are kept for.",
        every_seconds=3600,
        run=partial(run, kinds),
        limit_seconds=900,
    )


def run(kinds: Kinds, turn: Turn) -> str:
    days, moment = turn.option("schedule.keep_days"), now()
    there = frozenset(connections[OWN].introspection.table_names())
    removed = {
        name: _remove(turn, retention, days.get(name, retention.days), moment)
        for name, retention in kinds.items()
        if retention.model._meta.db_table in there  # the tables may be those of the release before
    }
    told = [f"{count} of {name}" for name, count in removed.items() if count]
    return f"{', '.join(told) or 'no rows'} removed"


def _remove(turn: Turn, retention: Retention | BinRetention, days: int, moment: datetime) -> int:
    """How many rows went, each with its parts. Of those that were found only what nobody has written
    meanwhile, nor can now, goes: they are locked in the order in which writers lock."""
    old, rows, removed = retention.older(moment, days), retention.model._default_manager, 0
    while not turn.is_over() and (found := list(old.values_list("pk", flat=True)[: retention.at_once])):
        with turn.fenced():
            still = old.filter(pk__in=found).select_for_update().order_by("pk")
            keys = list(still.values_list("pk", flat=True))
            for part, column in retention.parts.items():
                part._default_manager.filter(**{f"{column}__in": keys}).delete()
            rows.filter(pk__in=keys).delete()
        removed += len(keys)
    return removed


TASK = task("clean-up", CORE)
