"""Reading queue definitions."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.conditions import equal
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

ALL = declare("queues.all", "The definitions of all queues.", cap=10_000)
ONE = declare("queues.one", "The definition of one queue.", binds=("queue",))


def records() -> Iterator[tuple[str, dict[str, Any], datetime | None]]:
    """Name and properties of every queue, and when its record was written last."""
    rows = SchedconfigJson.objects.using(ALIAS).values_list("panda_queue", "data", "last_update")
    for name, data, written in tuples(ALL, rows[: ALL.cap]):
        yield name, data if isinstance(data, dict) else {}, written


def definitions() -> Mapping[str, dict[str, Any]]:
    """Every queue's properties by its name."""
    return {name: data for name, data, _ in records()}


def definition(queue: str) -> dict[str, Any]:
    """One queue's properties, empty if it is not known."""
    wanted = where(equal("panda_queue", queue), text_columns(SchedconfigJson))
    rows = SchedconfigJson.objects.using(ALIAS).filter(wanted).values_list("data")
    return next((row[0] for row in tuples(ONE, rows) if isinstance(row[0], dict)), {})
