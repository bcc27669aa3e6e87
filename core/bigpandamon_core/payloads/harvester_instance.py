"""One harvester service: what it is, whether it is heard, how its workers fare, what it said."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.conditions import between, equal
from bigpandamon_core.domain.harvester import MESSAGE_HOURS, heartbeat
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.problems import not_found
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.text import nearest
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope, scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.harvester import told_of_service
from bigpandamon_core.payloads.tables import plain
from bigpandamon_core.payloads.workers import Workers, noun
from bigpandamon_core.queries import harvester as queries
from bigpandamon_core.queries import listing, worker_counts
from bigpandamon_core.queries import workers as worker_queries
from bigpandamon_core.queries.listing import MOST_COUNTED
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.workers import Submitted, Worker, submitted

Row = dict[str, Any]
FEW_MESSAGES = 10


class OneInstance(Workers):
    """A service and the workers that it submitted in the window; links lead to their list.

    asked: the call as it came. row: what the service says it is,
    empty where it said nothing yet.

    Raises:
        Problem: the request cannot be read, or nobody knows the service (404).
    """

    def __init__(self, call: Call):
        self.asked = call
        self.name = call.path["harvesterid"]
        self._shown = scope.selection(call, call.parameters, call.strict, noun(call))
        named = (*call.parameters, ("harvesterid" + SHOWN, self.name))
        super().__init__(replace(call, parameters=named, url=f"{call.root}harvester/workers/"))
        found = self.optional(
            "services", lambda: queries.instances(equal("harvesterid", self.name)), list[Row]()
        )
        self.row = told_of_service(call, found[0]) if found else Row()
        if not (self.row or self.now or self.workers.states):
            self._refuse()

    @property
    def shown(self) -> Selection:
        return self._shown

    @cached_property
    def workers(self) -> Submitted:
        with snapshot():
            read = listing.values(worker_queries.WORKERS, self.selection, Worker._fields)
            rows = [Worker(*row) for row in read]
        if len(rows) == MOST_COUNTED:
            self.truncated = f"counting stopped at {MOST_COUNTED:,} workers: ask for a shorter window"
        return submitted(rows, self.selection.window)

    @cached_property
    def now(self) -> Mapping[str, int]:
        """Its workers by state, as it told lately."""
        nothing: dict[tuple[str, ...], int] = {}
        found = self.optional("worker statistics", self._told_lately, nothing)
        return {state: count for (state,), count in found.items()}

    def _told_lately(self) -> dict[tuple[str, ...], int]:
        return worker_counts.told(self.call.until, ("status",), equal("harvesterid", self.name))

    @cached_property
    def messages(self) -> list[Row]:
        """What it said last."""
        since = self.call.now - timedelta(hours=MESSAGE_HOURS)
        wanted = (equal("harvesterid", self.name), between("creationtime", since, self.call.now))
        found = self.optional("services", lambda: queries.dialogs(FEW_MESSAGES, *wanted), list[Row]())
        return [self.call.privacy.row(row) for row in found]

    @property
    def heartbeat(self) -> str:
        return heartbeat(self.row.get("lastupdate"), self.call.now)

    @property
    def silent_seconds(self) -> int | None:
        """Since when it is not heard."""
        heard = self.row.get("lastupdate")
        return int((self.call.now - heard).total_seconds()) if heard else None

    def _refuse(self) -> None:
        known = [str(row["harvesterid"]) for row in self.optional("services", queries.instances, list[Row]())]
        near = nearest(self.name, known)
        meant = f"Did you mean {near}?" if near else f"All are at {self.call.root}harvester/instances/."
        raise not_found(f"There is no harvester {self.name[:60]}.", meant)


def data(one: OneInstance) -> Row:
    """The envelope of `/api/v1`."""
    workers = one.workers
    told = {name: plain(value) for name, value in one.row.items()}
    data = envelope.plain({"harvesterid": one.name} | told) | {
        "heartbeat": one.heartbeat,
        "silent_seconds": one.silent_seconds,
        "workers_now": dict(one.now),
        "workers": dict(workers.states),
        "queues": {queue: dict(states) for queue, states in workers.by_queue.items()},
        "gateways": {gateway: dict(states) for gateway, states in workers.by_gateway.items()},
        "submitted": [
            {"from": iso(piece.begin), "to": iso(piece.end), "workers": piece.jobs}
            for piece in workers.pieces
        ],
        "messages": [{name: plain(value) for name, value in row.items()} for row in one.messages],
    }
    return {
        "data": data,
        "meta": envelope.meta(one, total=workers.states.total()),
        "links": {"self": f"{one.asked.url}?{one.shown.query()}"},
    }
