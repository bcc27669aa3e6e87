"""`/status_summary/`: the jobs of a window by queue and state, for programs that watch queues."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import status_summary as request
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.nouns import REPRESENTATION
from bigpandamon_core.domain.parameters import SHOWN, clean
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.sites import Queue, fits, group
from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut
from bigpandamon_core.domain.vocabulary import Doubt
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.asked import told_doubt
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.grouped_jobs import GroupedJobs
from bigpandamon_core.payloads.jobs_page import state_strip
from bigpandamon_core.payloads.regions_page import Where, state_cells, state_columns
from bigpandamon_core.payloads.sites import shown, site_url
from bigpandamon_core.payloads.tables import state_cell, table
from bigpandamon_core.queries import queues
from bigpandamon_core.summaries.regions import States

ASKED_BY: Mapping[str, str] = {
    "computingsite": "Queue",
    "jobstatus": "State of the jobs",
    "mcp_cloud": "Cloud the jobs are booked under",
    "corecount": "Cores of the queue",
    "cloud": "Region of the queue",
    "atlas_site": "Site of the queue",
    "status": "Status of the queue",
}
_TOLD = ("cloud", "atlas_site", "corecount", "status", "comment")
_NUMBERS = frozenset({"corecount"})
_GROUPED = named("computingsite", "jobstatus")
Row = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """states: as shown, of those asked for."""

    queue: Queue
    states: States

    def told(self, name: str) -> Any:
        """A property of the queue; absent texts are ""."""
        value = self.queue.short(name)
        return "" if value is None and name not in _NUMBERS else value


class StatusSummary(GroupedJobs):
    """asked: the call as it came.

    Raises:
        Problem: from the constructor, when the request cannot be read.
    """

    def __init__(self, call: Call):
        self.asked = call
        try:
            self.given = clean(call.parameters)
            self.wanted = request.read(self.given)
            pairs = tuple(self.wanted.window.items())
            super().__init__(replace(call, parameters=pairs, url=f"{call.root}jobs/", strict=False))
        except Problem as problem:
            problem.beside = answer(call, {problem.parameter or "request": problem.what})
            raise
        self.selection = replace(self.selection, extra=(*self.selection.extra, self.wanted.of_jobs))

    @property
    def ignored(self) -> tuple[str, ...]:
        return (*scope.ignored(self.asked), *(f"{one.parameter}={one.value}" for one in self.doubts))

    @cached_property
    def doubts(self) -> list[Doubt]:
        """What is asked for by name and is known by none."""
        defined = queues.definitions()
        names = {*defined, *self._states} if defined else set[str]()
        return list(request.doubts(self.given, names))

    @property
    def in_doubt(self) -> list[str]:
        """The same in words."""
        return [*map(_in_words, self.doubts)]

    @cached_property
    def records(self) -> list[Record]:
        """Queues that have such jobs, by region and name."""
        defined = queues.definitions()
        found = [
            Record(Queue(name, shown(defined.get(name, {}), self.call.privacy)), states)
            for name, states in self._states.items()
        ]
        kept = (one for one in found if fits(self.wanted.of_queues, one.queue.texts))
        return sorted(kept, key=lambda one: (str(one.told("cloud")), one.queue.name))

    @cached_property
    def _states(self) -> Mapping[str, States]:
        found: dict[str, States] = defaultdict(Counter)
        for (queue, state), jobs in self.grouped(_GROUPED).items():
            if state in (*JOB_STATES, request.PART):
                found["" if queue == NOT_SPECIFIED else queue][state] += jobs
        return found


def _in_words(doubt: Doubt) -> str:
    if doubt.parameter != "computingsite":
        return told_doubt(doubt, "jobs")
    meant = f"Did you mean {doubt.instead}?" if doubt.instead else "Check how it is written: case counts."
    return f"No queue {cut(doubt.value, 60)} is defined or has jobs in this window. {meant}"


def answer(call: Call, errors: Row, warnings: Row | None = None, **more: Any) -> Row:
    """What every answer tells. more: what it tells of jobs."""
    return {
        "timestamp": iso(call.now),
        "errors": errors,
        "warnings": warnings or {},
        "query": {},
        "GET_parameters": {
            name: value for name, value in call.parameters if name.lower() not in REPRESENTATION
        },
        "nrecords": 0,
        "data": [],
    } | more


def compatible(summary: StatusSummary) -> Row:
    """As programs know it.

    Raises:
        Problem: there are no such jobs (404).
    """
    warnings = dict.fromkeys(scope.ignored(summary.asked), "is no parameter of this address")
    warnings |= {one.parameter: _in_words(one) for one in summary.doubts}
    data = [_record(summary, one) for one in summary.records]
    told = {"query": _query(summary), "nrecords": len(data), "data": data}
    if not data:
        what = "No queue has such jobs in this window."
        problem = not_found(what, " ".join(summary.in_doubt) or "Ask for a longer window or for less.")
        problem.beside = answer(summary.asked, {"lookup": what}, warnings, **told)
        raise problem
    return answer(summary.asked, {}, warnings, **told)


def _query(summary: StatusSummary) -> Row:
    """What was asked for, with the window as it was understood."""
    window = summary.selection.window
    period = [iso(window.begin), iso(window.end)] if window else []
    asked = {name: text for name, text in summary.given.items() if name in (*ASKED_BY, "jobtype")}
    return {"modificationtime__range": period, **asked}


def _record(summary: StatusSummary, record: Record) -> Row:
    counts = record.states + States({"finished": record.states[request.PART]})
    told = {name: record.told(name) for name in _TOLD}
    states = {state: counts[state] if state in summary.wanted.states else None for state in JOB_STATES}
    return {"computingsite": record.queue.name, **told, "mcp_cloud": None, **states}


def page(summary: StatusSummary) -> Row:
    """The context of the page."""
    states, many = sum((one.states for one in summary.records), States()), len(summary.records)
    conditions = _conditions(summary)
    rows = [_row(summary, one) for one in summary.records]
    empty = "Nothing matched" + ("." if summary.doubts else ": ask for a longer window or for less.")
    return {
        "title": "States by queue",
        "heading": f"{states.total():,} jobs on {many:,} queue{'' if many == 1 else 's'}",
        "window": _window(summary),
        "conditions": conditions,
        "counted": "Jobs",
        "states": [] if conditions else state_strip(summary, states),
        "tables": [table("queues", "Queues", _columns(states), rows, empty=empty)],
        "truncated": summary.truncated,
        "ignored": list(scope.ignored(summary.asked)),
        "notes": [*summary.in_doubt, *summary.lacking],
        "source": summary.source.told,
        "links": {"json": _url(summary, json=""), "lasting": _url(summary)},
    }


def _window(summary: StatusSummary) -> dict[str, str]:
    window = summary.selection.window
    told = f"modified {window.begin:%d %b %H:%M} to {window.end:%d %b %H:%M} UTC" if window else ""
    return {"text": told}


def _conditions(summary: StatusSummary) -> list[Row]:
    return [
        {"field": name, "text": text, "remove_url": _url(summary, name)}
        for name, text in summary.given.items()
        if name in (*ASKED_BY, "jobtype")
    ]


def _columns(states: States) -> tuple[Column, ...]:
    return (
        Column("queue", "Queue"),
        Column("cloud", "Region"),
        Column("status", "Status", "state"),
        Column("corecount", "Cores", "number"),
        *state_columns(states),
    )


def _row(summary: StatusSummary, record: Record) -> Row:
    name, where = record.queue.name, summary.wanted.where
    of_queue: Where = {"computingsite" + SHOWN: name or NOT_SPECIFIED}
    url, status = site_url(summary.asked, name) if record.queue.document else "", record.told("status")
    return state_cells(summary, record.states, None if where is None else of_queue | dict(where)) | {
        "queue": cell("text", name or NOT_SPECIFIED, url),
        "cloud": record.told("cloud"),
        "status": state_cell(status, group(str(status))) if status else "",
        "corecount": record.told("corecount"),
    }


def _url(summary: StatusSummary, drop: str = "", **more: str) -> str:
    kept = {name: text for name, text in summary.given.items() if name != drop and text}
    return f"{summary.asked.url}?{urlencode(kept | more)}"
