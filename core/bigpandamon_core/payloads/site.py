"""One queue: its configuration, what was recorded of it, the jobs of its last hours."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.documents import NEW, OLD
from bigpandamon_core.domain.parameters import SHOWN, clean, refuse_illegal
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.sites import Queue, flat
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.sites import no_such_queue, shown
from bigpandamon_core.payloads.statistics import Statistics
from bigpandamon_core.payloads.statistics_sum import Sum
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import queues, worker_counts
from bigpandamon_core.queries.own.queues import changes_of
from bigpandamon_core.state.queues import VANISHED, QueueChange

HOURS = timedelta(hours=12)
WEEK = timedelta(days=7)
Row = dict[str, Any]


class OneSite(Unselected):
    """A queue by its name.

    Raises:
        Problem: from the constructor: none is named.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        self.name = _name(call)
        self._known = {name: (document, written) for name, document, written in queues.records()}
        document, written = self._known.get(self.name, ({}, None))
        self.queue = Queue(self.name, shown(document, call.privacy), written)

    @property
    def is_defined(self) -> bool:
        return self.name in self._known

    def must_be_known(self) -> None:
        """Raises Problem: the queue is not defined, and never was as far as is recorded."""
        if self.is_defined or self.changes:
            return
        raise no_such_queue(self.name, self._known)

    @cached_property
    def changes(self) -> list[QueueChange]:
        """What was recorded of it, newest first."""
        return changes_of(self.name)[::-1]

    @property
    def gone_since(self) -> datetime | None:
        """When it was seen to be gone, None while it is there."""
        newest = self.changes[0] if self.changes else None
        return newest.seen_at if newest and newest.kind == VANISHED and not self.is_defined else None

    def history(self) -> list[Row]:
        """The same as rows: differences by property, each as the caller may see it."""
        return [
            {
                "seen_at": change.seen_at,
                "kind": change.kind,
                "status": change.status,
                "changes": [
                    _difference(name, shown(told, self.call.privacy)) for name, told in _named(change)
                ],
            }
            for change in self.changes
        ]

    @property
    def since(self) -> datetime:
        """The begin of the last hours."""
        return self.call.until.replace(microsecond=0) - HOURS

    @cached_property
    def jobs(self) -> Jobs:
        """Its jobs of the last hours, and all live ones."""
        return Jobs(self._asked("jobs/", date_from=iso(self.since)))

    @cached_property
    def week(self) -> Statistics:
        """Those that ended in the week before."""
        begin = iso(self.since - WEEK)
        return Statistics(self._asked("statistics/", date_from=begin, date_to=iso(self.since)))

    @property
    def sum_of_week(self) -> Sum | None:
        """None where nothing is known of that week."""
        return next(iter(self.week.sums), None)

    def _asked(self, path: str, **window: str | None) -> Call:
        asked = {"computingsite" + SHOWN: self.name} | {name: str(value) for name, value in window.items()}
        url = self.call.root + path
        return replace(self.call, parameters=tuple(asked.items()), url=url, strict=False)

    @cached_property
    def workers(self) -> int | None:
        """Running ones, as their services told lately; None where none of them told anything."""
        nothing: dict[str, int] = {}
        found = self.optional("worker statistics", lambda: worker_counts.running(self.call.now), nothing)
        return found.get(self.name, 0) if found else None


def _name(call: Call) -> str:
    name = call.path.get("queue") or clean(call.parameters).get("site", "")
    refuse_illegal("queue", name)
    if name:
        return name
    raise Problem(
        "No queue is named", parameter="site", code="missing-parameter", remedy="Give site=<name of a queue>."
    )


def _named(change: QueueChange) -> list[tuple[str, Row]]:
    """By property, as parts of documents: what is hidden is told by the name of its property."""
    return [
        (name, {f"{side}": {name: told[side]} for side in (OLD, NEW) if side in told})
        for name, told in sorted(change.changes.items())
    ]


def _difference(name: str, told: Row) -> Row:
    return {"property": name} | {side: part.get(name) for side, part in told.items()}


def compatible(site: OneSite) -> list[Row]:
    """Its properties as an array in the order of names; of a queue that is not defined an empty one."""
    return [{"param": name, "value": _told(value)} for name, value in sorted(site.queue.document.items())]


def _told(value: Any) -> Any:
    """Nested objects are one line of text."""
    if isinstance(value, list):
        return [_told(part) for part in value]
    return flat(value) if isinstance(value, dict) else value


def v1(site: OneSite) -> Row:
    """The document as it is stored, and its recorded history."""
    site.must_be_known()
    data = {
        "panda_queue": site.name,
        "last_update": site.queue.written,
        "document": dict(site.queue.document) if site.is_defined else None,
        "gone_since": iso(site.gone_since),
        "history": site.history(),
    }
    meta = {"as_of": iso(site.call.now), "source": "sql", "missing": site.missing}
    return {"data": data, "meta": meta, "links": {"self": site.call.url}}


def lines(site: OneSite) -> Table:
    """What a terminal shows: the properties, one a line."""
    site.must_be_known()
    return Table(("param", "value"), ({**row, "value": flat(row["value"])} for row in compatible(site)))
