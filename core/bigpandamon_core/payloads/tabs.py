"""Pages that belong together, each a link away from the others."""

from collections.abc import Iterable
from typing import Any

from bigpandamon_core.payloads.call import Call

_HARVESTER = (
    ("harvester/pilots/", "Pilots"),
    ("harvester/instances/", "Instances"),
    ("harvester/workers/", "Workers"),
    ("harvester/stats/", "Statistics"),
    ("harvester/diagnostics/", "Diagnostics"),
)
_DASHBOARDS = (
    ("dash/region/", "Regions"),
    ("dash/world/", "World"),
    ("dash/es/", "Event service"),
    ("workQueues/", "Work queues"),
    ("resourcetypes/", "Resource types"),
)


def harvester(call: Call) -> dict[str, Any]:
    """For the context of the pages about harvester."""
    return _tabs(call, "Harvester", _HARVESTER)


def dashboards(call: Call) -> dict[str, Any]:
    """For the context of the dashboards; none below a plugin, which shows some of them only."""
    return _tabs(call, "Dashboards", _DASHBOARDS if call.is_core else ())


def _tabs(call: Call, title: str, pages: Iterable[tuple[str, str]]) -> dict[str, Any]:
    told = [(call.root + path, text) for path, text in pages]
    return {
        "choices": [{"url": url, "text": text, "current": url == call.url} for url, text in told],
        "choices_of": title,
    }
