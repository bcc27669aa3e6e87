"""Tasks of the production system: how saved ones are stored, how far they are, when they may end."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from bigpandamon_atlas.models import ProductionTask
from bigpandamon_core.plugin import (
    Outcome,
    Record,
    RecordKind,
    Refused,
    Unreadable,
    is_storable,
    ndjson_records,
)

FINAL = ("done", "finished", "failed", "aborted", "broken", "obsolete", "exhausted")
GROUPS = {
    "done": "good", "finished": "good", "failed": "bad", "broken": "bad", "exhausted": "bad",
    "aborted": "ended", "obsolete": "ended", "running": "running",
}  # fmt: skip
TEXTS = {
    "name": "taskname", "status": "status", "step": "step_name", "tag": "ctag", "campaign": "campaign",
    "subcampaign": "subcampaign", "project": "project", "group": "phys_group", "description": "description",
}  # fmt: skip
NUMBERS = {
    "request": "pr_id", "requested": "requested_events", "done": "processed_events",
    "produced": "total_events", "hs06": "hs06",
}  # fmt: skip
TIMES = {"started": "start_time", "ended": "end_time", "seen": "task_timestamp"}
CLOCK = "%d-%m-%Y %H:%M:%S"
LARGEST = 2**63 - 1
FEW = 3
"""Of fewer tasks that ended nothing is concluded."""
Row = Mapping[str, Any]


def task_of(values: Mapping[str, object]) -> dict[str, Any]:
    """The columns of a record. Refused names the first field that cannot be read."""
    told: dict[str, Any] = {"taskid": _number("taskid", values.get("taskid"))}
    if told["taskid"] is None:
        raise Refused("no taskid")
    told |= {column: _text(column, values.get(name)) for column, name in TEXTS.items()}
    told |= {column: _number(name, values.get(name)) for column, name in NUMBERS.items()}
    told |= {column: _time(name, values.get(name)) for column, name in TIMES.items()}
    if not told["requested"]:
        told["requested"] = _number("total_req_events", values.get("total_req_events")) or None
    return told | {"record": json.dumps(values, sort_keys=True, default=str)}


def _text(column: str, value: object) -> str:
    if not isinstance(value, str | None):
        raise Refused(f"{TEXTS[column]}: not a text")
    text, room = value or "", getattr(ProductionTask._meta.get_field(column), "max_length", 0)
    if not is_storable(text, room):
        raise Refused(f"{TEXTS[column]}: {len(text)} characters, room for {room} that can be stored")
    return text


def _number(name: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise Refused(f"{name}: not a whole number from 0")
    return value


def _time(name: str, value: object) -> datetime | None:
    if value in (None, ""):
        return None
    try:
        return datetime.strptime(str(value), CLOCK)
    except ValueError:
        raise Refused(f"{name}: {str(value)[:40]!a} is not like 31-12-2020 23:59:59") from None


class TaskWriter:
    """Stores tasks; one that is known is replaced by what was told later, and stays otherwise."""

    def write(self, records: Sequence[Record]) -> Outcome:
        outcome = Outcome()
        numbers = [one.values.get("taskid") for one in records]
        wanted = [number for number in numbers if isinstance(number, int) and 0 <= number <= LARGEST]
        known = {row["taskid"]: row for row in ProductionTask.objects.filter(pk__in=wanted).values()}
        for record in records:
            try:
                self._store(task_of(record.values), known, outcome)
            except Refused as refusal:
                outcome.refused.append(Unreadable(record.place, str(refusal)))
        return outcome

    def _store(self, task: dict[str, Any], known: dict[int, Any], outcome: Outcome) -> None:
        before = known.get(task["taskid"])
        if before == task:
            outcome.unchanged += 1
        elif before and (task["seen"] or datetime.min) <= (before["seen"] or datetime.min):
            outcome.unchanged += 1
            outcome.kept += 1
        else:
            ProductionTask(**task).save(force_insert=before is None, force_update=before is not None)
            known[task["taskid"]] = task
            outcome.added += before is None
            outcome.completed += before is not None


def _recognises(_path: Path, record: Record) -> bool:
    return {"taskid", "pr_id", "taskname"} <= record.values.keys()


KIND = RecordKind(
    name="atlas-tasks",
    help="tasks of the production system, one JSON object a line",
    readers={".ndjson": ndjson_records},
    writer=lambda _path: TaskWriter(),
    recognises=_recognises,
)


def estimate(tasks: Iterable[Row]) -> tuple[datetime, datetime] | str:
    """From when to when the last of some tasks may end, or why that cannot be told. A task goes on at its
    mean pace so far, or takes as long as the middle half of those of its step that ended; both are told."""
    told = list(tasks)
    going = [one for one in told if one["status"] not in FINAL]
    if not going:
        return "every task has ended"
    ranges = [_range(one, told) for one in going]
    known = [found for found in ranges if found]
    if len(known) < len(ranges):
        many = len(ranges) - len(known)
        return f"cannot be told: {many} task{'' if many == 1 else 's'} without progress or others like it"
    return max(found[0] for found in known), max(found[-1] for found in known)


def _range(task: Row, others: Iterable[Row]) -> list[datetime]:
    """Moments at which one task may end, in order, none if nothing is known."""
    started, seen = task["started"], task["seen"]
    if not (started and seen):
        return []
    found = []
    if task["done"] and task["requested"] and seen > started:
        left = max(0, task["requested"] - task["done"])
        found.append(seen + (seen - started) * (left / task["done"]))
    lasted = [
        one["ended"] - one["started"]
        for one in others
        if one["step"] == task["step"] and one["status"] in FINAL and _has_run(one)
    ]
    if len(lasted) >= FEW:
        low, _, high = quantiles(lasted, n=4, method="inclusive")
        found += [max(seen, started + low), max(seen, started + high)]
    return sorted(found)


def _has_run(task: Row) -> bool:
    """Whether it ended after it started: a few records say otherwise."""
    started, ended = task["started"], task["ended"]
    return bool(started and ended and ended > started)
