"""Queues of tasks and classes of resources as lists of records."""

from typing import Any

from bigpandamon_core.domain import work_queues as nouns
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.records import Listing, Records
from bigpandamon_core.queries import work_queues as queries

_QUEUE = """queue_id queue_name queue_type vo status partitionid stretchable queue_share queue_order criteria
    variables""".split()
_NUMBERS = frozenset("queue_id partitionid stretchable queue_share queue_order".split())
_CLASS = ("resource_name", "mincore", "maxcore", "minrampercore", "maxrampercore")
WORK_QUEUES = Listing(
    title="Work queues",
    record="work queue",
    noun=lambda _call: nouns.work_queues(),
    source=queries.WORK_QUEUES,
    columns=Offered(
        tuple(Column(name, name, "number" if name in _NUMBERS else "text", name) for name in _QUEUE),
        (Column("queue_function", "queue_function", "text", "queue_function"),),
    ),
    narrow=tuple(_QUEUE[:9]),
    more_of_page=tabs.dashboards,
)
RESOURCE_TYPES = Listing(
    title="Resource types",
    record="resource type",
    noun=lambda _call: nouns.resource_types(),
    source=queries.RESOURCE_TYPES,
    columns=Offered(
        (
            Column("resource_name", "Name", "text", "resource_name"),
            Column("mincore", "Cores from", "number", "mincore"),
            Column("maxcore", "to", "number", "maxcore"),
            Column("minrampercore", "Memory per core from, MB", "number", "minrampercore"),
            Column("maxrampercore", "to", "number", "maxrampercore"),
        )
    ),
    narrow=_CLASS,
    more_of_page=tabs.dashboards,
)


class WorkQueues(Records):
    def __init__(self, call: Call):
        super().__init__(call, WORK_QUEUES)


class ResourceTypes(Records):
    def __init__(self, call: Call):
        super().__init__(call, RESOURCE_TYPES)


def queues_compatible(queues: Records) -> list[dict[str, Any]]:
    """The array that programs know; absent texts are ""."""
    return [_told(row, tuple(_QUEUE)) for row in queues.rows(tuple(_QUEUE), queues.selection.limit)]


def types_compatible(types: Records) -> dict[str, Any]:
    return {"resource_types": [_told(row, _CLASS) for row in types.rows(_CLASS, types.selection.limit)]}


def _told(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: "" if row[name] is None and name not in (*_NUMBERS, *_CLASS) else row[name] for name in names
    }
