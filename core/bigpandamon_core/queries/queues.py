"""Reading queue definitions."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.conditions import equal
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

ALL = declare("queues.all", "The definitions of all queues.", cap=10_000)
ONE = declare("queues.one", "The definition of one queue.", binds=("queue",))


def definitions() -> Mapping[str, dict[str, Any]]:
    """Every queue's properties by its name."""
    rows = tuples(ALL, SchedconfigJson.objects.using(ALIAS).values_list("panda_queue", "data")[: ALL.cap])
    return {name: data if isinstance(data, dict) else {} for name, data in rows}


def definition(queue: str) -> dict[str, Any]:
    """One queue's properties, empty if it is not known."""
    wanted = where(equal("panda_queue", queue), text_columns(SchedconfigJson))
    rows = SchedconfigJson.objects.using(ALIAS).filter(wanted).values_list("data")
    return next((row[0] for row in tuples(ONE, rows) if isinstance(row[0], dict)), {})
