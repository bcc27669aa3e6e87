"""Event ranges of a task: by state, the chunks that jobs hold, what failed and why."""

from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import events as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.tables import state_cell, table
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.summaries.events import EventRanges, Ranges

MOST_CHUNKS = MOST_SHOWN = 30
STATES = (
    Column("state", "State", "state"),
    Column("ranges", "Ranges", "number"),
    Column("events", "Events", "number"),
)
_CHUNKS = (
    Column("pandaid", "Held by", "mono"),
    Column("fileid", "Input file", "mono"),
    Column("first", "From event", "number"),
    Column("ranges", "Ranges", "number"),
    Column("events", "Events", "number"),
    Column("processed", "Events done", "number"),
    Column("bad", "Ranges failed", "number"),
    Column("left", "Ranges left", "number"),
)
_BAD = (
    Column("pandaid", "Held by", "mono"),
    Column("fileid", "Input file", "mono"),
    Column("ranges", "Ranges", "number"),
    Column("between", "Among events", "text"),
    Column("state", "State", "state"),
    Column("tries", "Tries left", "number"),
    Column("error_code", "Error", "mono"),
    Column("error_diag", "Message", "error"),
)
_ERRORS = (
    Column("code", "Error", "mono"),
    Column("ranges", "Ranges", "number"),
    Column("jobs", "Held by", "number"),
    Column("diag", "Message of one", "error"),
)


def tables(task: OneTask) -> list[dict[str, Any]]:
    """Nothing for a task that has no ranges."""
    found = task.event_ranges
    if not found.whole.count:
        return []
    return [states(found.whole), _chunks(task, found), _errors(task, found), _bad(task, found)]


def states(ranges: Ranges, name: str = "ranges", title: str = "Event ranges") -> dict[str, Any]:
    """Ranges by state, in the order in which one may pass them."""
    rows = [
        {
            "state": state_cell(rules.state(number), rules.group(rules.state(number))),
            "ranges": count,
            "events": ranges.events[number],
        }
        for number, count in sorted(ranges.count.items())
    ]
    return table(name, title, STATES, rows, sub=f"{ranges.count.total():,} in all")


def _chunks(task: OneTask, found: EventRanges) -> dict[str, Any]:
    rows = [_chunk(task, *holder, ranges) for holder, ranges in found.worst()[:MOST_CHUNKS]]
    shown = f", the first {MOST_CHUNKS} shown" if len(found.chunks) > MOST_CHUNKS else ""
    sub = (
        f"{len(found.chunks):,} chunks of files that jobs hold, or their job set until a job gets them{shown}"
    )
    return table("chunks", "Chunks", _CHUNKS, rows, sub=sub)


def _chunk(task: OneTask, pandaid: int, fileid: int, ranges: Ranges) -> dict[str, Any]:
    return {
        "pandaid": _holder(task, pandaid),
        "fileid": _file(task, fileid),
        "first": ranges.first,
        "ranges": ranges.count.total(),
        "events": ranges.events.total(),
        "processed": ranges.processed,
        "bad": ranges.bad,
        "left": ranges.left,
    }


def _holder(task: OneTask, pandaid: int) -> dict[str, Any]:
    """A job leads to its page, a job set has none."""
    is_job = pandaid in task.jobs.pandaids
    return cell("mono", pandaid, f"{task.call.root}job/{pandaid}/" if is_job else "")


def _file(task: OneTask, fileid: int) -> dict[str, Any]:
    url = f"{task.call.root}file/?{urlencode({'jeditaskid': task.jeditaskid, 'fileid': fileid})}"
    return cell("mono", fileid, url if task.call.shows("files") else "")


def _errors(task: OneTask, found: EventRanges) -> dict[str, Any]:
    said = {row["error_code"]: row["error_diag"] for row in reversed(task.bad_ranges)}
    rows = [
        {"code": code, "ranges": one.ranges, "jobs": len(one.jobs), "diag": said.get(code)}
        for code, one in sorted(found.errors.items(), key=lambda item: (-item[1].ranges, item[0]))
    ]
    return table("range-errors", "Errors of event ranges", _ERRORS, rows)


def _bad(task: OneTask, found: EventRanges) -> dict[str, Any]:
    rows = [_bad_range(task, row) for row in task.bad_ranges[:MOST_SHOWN]]
    shown = f", the first {MOST_SHOWN} rows of them" if len(task.bad_ranges) > MOST_SHOWN else ""
    return table("bad-events", "Bad events", _BAD, rows, sub=f"{found.whole.bad:,} ranges{shown}")


def _bad_range(task: OneTask, row: dict[str, Any]) -> dict[str, Any]:
    word = rules.state(row["status"])
    return row | {
        "pandaid": _holder(task, row["pandaid"]),
        "fileid": _file(task, row["fileid"]),
        "between": "" if row["first"] is None else f"{row['first']} to {row['last']}",
        "state": state_cell(word, rules.group(word)),
    }


def told(task: OneTask) -> dict[str, Any] | None:
    """For `/api/v1`: None for a task that has no ranges."""
    found = task.event_ranges
    if not found.whole.count:
        return None
    return {
        "states": {
            rules.state(number): {"ranges": count, "events": found.whole.events[number]}
            for number, count in sorted(found.whole.count.items())
        },
        "processed_events": found.whole.processed,
        "chunks": len(found.chunks),
        "errors": {code: one.ranges for code, one in sorted(found.errors.items())},
        "bad": task.bad_ranges,
        "truncated": task.ranges_cut or None,
    }
