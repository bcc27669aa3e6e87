"""The dashboards, each a link away from the others."""

from typing import Any

from bigpandamon_core.payloads.call import Call

_PAGES = (
    ("dash/region/", "Regions"),
    ("dash/world/", "World"),
    ("dash/es/", "Event service"),
    ("workQueues/", "Work queues"),
    ("resourcetypes/", "Resource types"),
)


def dashboards(call: Call) -> dict[str, Any]:
    """Links for a page; none below a plugin, which shows some of them only."""
    pages = [(call.root + path, title) for path, title in _PAGES] if call.is_core else []
    return {
        "choices": [{"url": url, "text": title, "current": url == call.url} for url, title in pages],
        "choices_of": "Dashboards",
    }
