"""Old rows of our own tables go, a few at a time."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connections, models

from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.window import now
from bigpandamon_core.rollups.retention import BINS, BinRetention
from bigpandamon_core.state.pending import OWN
from bigpandamon_core.state.retention import RETENTIONS, Retention

KINDS: Mapping[str, Retention | BinRetention] = {**RETENTIONS, **BINS}
CHUNK = 1000
"""Most rows in one transaction: others want to write, too."""


def run(turn: Turn) -> str:
    days, moment = turn.option("schedule.keep_days"), now()
    there = frozenset(connections[OWN].introspection.table_names())
    removed = {
        name: _remove(turn, retention, days.get(name, retention.days), moment)
        for name, retention in KINDS.items()
        if retention.model._meta.db_table in there  # the tables may be those of the release before
    }
    told = [f"{count} of {name}" for name, count in removed.items() if count]
    return f"{', '.join(told) or 'no rows'} removed"


def _remove(turn: Turn, retention: Retention | BinRetention, days: int, moment: datetime) -> int:
    """How many rows went."""
    removed, last = 0, CHUNK
    while last == CHUNK and not turn.is_over():
        with turn.fenced():
            last = _remove_some(retention.older(moment, days))
        removed += last
    return removed


def _remove_some(old: models.QuerySet[models.Model]) -> int:
    """By key: MySQL cannot remove from what it selects from."""
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    return old.model._default_manager.filter(pk__in=keys).delete()[0] if keys else 0


TASK = PeriodicTask(
    name="clean-up",
    help="Remove rows of our own tables that are older than they are kept for.",
    every_seconds=3600,
    run=run,
    limit_seconds=900,
)
