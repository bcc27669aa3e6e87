"""Data carousel: what is to be staged from tape, how far it is, what does not move."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from bigpandamon_atlas.shown import (
    Answer,
    Row,
    address,
    by_name,
    many,
    narrowing,
    of_core,
    resources,
    share,
)
from bigpandamon_atlas.tables import DataCarouselRelations, DataCarouselRequests
from bigpandamon_core.plugin import Call, Column, Parameter, cell, declare, dicts, state_cell, table

MOVING = ("queued", "staging")
GROUPS = {"queued": "waiting", "staging": "running", "done": "good", "cancelled": "ended", "retired": "ended"}
READ = (
    "request_id", "dataset", "source_rse", "source_tape", "destination_rse", "status", "total_files",
    "staged_files", "dataset_size", "staged_size", "creation_time", "start_time", "last_staged_time",
    "end_time",
)  # fmt: skip
SUMS = ("source_tape", "status", "requests", "files", "staged", "size", "staged_bytes")
LISTED = (*READ, "stuck", "tasks")
FLAGS = ("0", "false", "1", "true")
MOST = 500
COLUMNS = (
    Column("request_id", "Request", "mono"),
    Column("dataset", "Data set", "mono"),
    Column("status", "State", "state"),
    Column("staged_files", "Staged", "number"),
    Column("total_files", "of files", "number"),
    Column("percent", "Staged", "percent"),
    Column("dataset_size", "Size", "size"),
    Column("source", "From", "text"),
    Column("destination_rse", "To", "text"),
    Column("creation_time", "Asked", "time"),
    Column("moved", "Moved last", "time"),
    Column("tasks", "Task", "text"),
)
SUM_COLUMNS = (
    Column("source_tape", "Tape", "text"),
    Column("status", "State", "state"),
    Column("requests", "Requests", "number"),
    Column("staged", "Staged", "number"),
    Column("files", "of files", "number"),
    Column("percent", "Staged", "percent"),
    Column("size", "Size", "size"),
)


def _sums(wanted: Q) -> list[Row]:
    grouped = (
        DataCarouselRequests.objects.filter(wanted)
        .values("source_tape", "status")
        .annotate(
            requests=Count("request_id"),
            files=Sum("total_files"),
            staged=Sum("staged_files"),
            size=Sum("dataset_size"),
            staged_bytes=Sum("staged_size"),
        )
    )
    return dicts(BY_SOURCE, grouped.order_by()[: BY_SOURCE.cap], SUMS)


def _requests(wanted: Q, limit: int) -> list[Row]:
    """The newest first."""
    return dicts(REQUESTS, DataCarouselRequests.objects.filter(wanted).order_by("-request_id")[:limit], READ)


def _tasks(requests: Sequence[int]) -> dict[int, list[int]]:
    """By request the tasks that wait for it."""
    found: dict[int, list[int]] = defaultdict(list)
    if requests:
        rows = DataCarouselRelations.objects.filter(request_id__in=requests)[: RELATIONS.cap]
        for row in dicts(RELATIONS, rows, ("request_id", "task_id")):
            found[row["request_id"]].append(row["task_id"])
    return found


BY_SOURCE = declare(
    "atlas.carousel_sums",
    "Staging requests by tape and state.",
    binds=("state", "tape", "moment"),
    cap=2000,
    example=lambda: _sums(_still(datetime(2026, 1, 1)) & Q(source_tape="TAPE")),
)
REQUESTS = declare(
    "atlas.carousel",
    "Staging requests, newest first.",
    binds=("state", "tape", "moment"),
    cap=MOST,
    example=lambda: _requests(_still(datetime(2026, 1, 1)) & Q(source_tape="TAPE"), 10),
)
RELATIONS = declare(
    "atlas.carousel_tasks",
    "The tasks that wait for staging requests.",
    binds=("requests",),
    cap=20_000,
    example=lambda: _tasks([1, 2]),
)


def _still(since: datetime) -> Q:
    """Requests that should move and did not since a moment: nothing was staged, or nothing yet since the
    request was taken up or made."""
    early = Q(last_staged_time__lt=since)
    for first, then in (("last_staged_time", "start_time"), ("start_time", "creation_time")):
        nothing = Q(last_staged_time=None) & Q(**{first: None})
        early |= nothing & Q(**{f"{then}__lt": since})
    return Q(status__in=MOVING) & early


def moved(row: Row) -> datetime | None:
    """When a request moved last, as far as the table tells."""
    times = (row[name] for name in ("last_staged_time", "start_time", "creation_time"))
    return next(filter(None, times), None)


def carousel(call: Call) -> Answer:
    """Raises Problem for a number of hours or a limit that is none, and for words that are none."""
    hours = call.number("hours", call.option("atlas.carousel_stuck_hours"), 8760)
    limit = call.number("limit", 100, MOST)
    since = call.now - timedelta(hours=hours)
    columns = {"status": "status", "tape": "source_tape"}
    call.chosen("status", ("", *GROUPS), "")
    wanted = Q(**{columns[name]: value for name, value in narrowing(call, *columns).items()})
    if call.chosen("stuck", ("", *FLAGS), "") in FLAGS[2:]:
        wanted &= _still(since)
    sums, rows = by_name(_sums(wanted), "source_tape", "status"), _requests(wanted, limit)
    waiting = _tasks([row["request_id"] for row in rows])
    for row in rows:
        row["stuck"] = row["status"] in MOVING and (moved(row) or call.now) < since
        row["tasks"] = sorted(waiting[row["request_id"]])
    return _told(call, sums, rows, hours)


def _told(call: Call, sums: list[Row], rows: list[Row], hours: int) -> Answer:
    total = sum(row["requests"] for row in sums)
    is_moving = sum(row["requests"] for row in sums if row["status"] in MOVING)
    status, tape = (call.parameter(name) for name in ("status", "tape"))
    is_stuck = call.parameter("stuck") in FLAGS[2:]
    shown = f"{len(rows)} newest" if len(rows) < total else ""
    return Answer(
        call,
        "Data carousel",
        f"{many(total, 'staging request')}, {is_moving:,} under way",
        {"sums": sums, "requests": rows, "stuck_after_hours": hours},
        [
            table("sums", "By tape and state", SUM_COLUMNS, [_sum(call, row) for row in sums]),
            table(
                "requests",
                "Requests",
                COLUMNS,
                [_row(call, row) for row in rows],
                sub=shown,
                empty="No request is like this.",
            ),
        ],
        choices=[
            ("All", {}, not (status or tape or is_stuck)),
            *((state, {"status": state}, state == status) for state in GROUPS),
            (f"No file for {hours} h", {"stuck": 1, "hours": call.parameter("hours")}, is_stuck),
        ],
        choices_of="Requests",
        listed=("requests", LISTED),
    )


def _sum(call: Call, row: Row) -> Row:
    url = address(call.url, status=row["status"], tape=row["source_tape"])
    return row | {
        "status": state_cell(row["status"], GROUPS.get(row["status"], "waiting")),
        "requests": cell("number", row["requests"], url),
        "percent": share(row["staged"], row["files"]),
    }


def _row(call: Call, row: Row) -> dict[str, Any]:
    status, tasks = row["status"], row["tasks"]
    more = f" +{len(tasks) - 1}" if len(tasks) > 1 else ""
    group = GROUPS.get(status, "waiting")
    return row | {
        "status": state_cell(f"{status}, stuck", "bad") if row["stuck"] else state_cell(status, group),
        "percent": share(row["staged_files"], row["total_files"]),
        "source": row["source_tape"] or row["source_rse"],
        "moved": row["last_staged_time"],
        "tasks": cell("text", f"{tasks[0]}{more}", of_core(call, f"task/{tasks[0]}/")) if tasks else None,
    }


CAROUSEL = resources(
    "carousel",
    "carousel/",
    "What is staged from tape: by tape and state, and the newest requests.",
    carousel,
    has_list=True,
    needs=("datacarousel",),
    parameters=(
        Parameter("status", "State of requests.", words=tuple(GROUPS)),
        Parameter("tape", "Physical tape system."),
        Parameter("stuck", "Only requests that should move and do not.", "flag"),
        Parameter("hours", "How long nothing was staged of those.", "count"),
        Parameter("limit", f"Most requests, up to {MOST}.", "count"),
    ),
)
