"""Transfers, deletions and stagings of saved intervals: how they are stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from bigpandamon_atlas.models import Flow, Interval
from bigpandamon_atlas.shown import Row
from bigpandamon_core.plugin import (
    Outcome,
    Record,
    RecordKind,
    Refused,
    Unreadable,
    is_storable,
    json_document,
    now,
)

MOST_BYTES, LARGEST, LONGEST = 64_000_000, 2**63 - 1, 80
TRANSFERS, DELETIONS, STAGINGS = "transfers", "deletions", "stagings"
KEYS = {
    TRANSFERS: {
        "source": "src_site", "destination": "dst_site", "size": "bytes_xs", "files": "files_xs",
        "failed": "errors_xs",
    },
    DELETIONS: {
        "destination": "dst_site", "size": "done_bytes_xs", "files": "done_files_xs",
        "failed": "failed_files_xs", "failed_size": "failed_bytes_xs", "planned": "planned_files_xs",
        "planned_size": "planned_bytes_xs",
    },
    STAGINGS: {"destination": "dst_site", "size": "bytes_xs", "files": "files_xs", "failed": "errors_xs"},
}  # fmt: skip
"""By kind, how the file's key calls our columns."""
WINDOW = ("from_date", "to_date", "activity")


def records(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """Each row of the document's three parts with the interval that it is about."""
    try:
        document = json_document(stream, MOST_BYTES)
        window = {name: document["params"].get(name) for name in WINDOW}
        parts = [(kind, document[kind]["key"], [*document[kind]["rows"]]) for kind in KEYS]
    except (Refused, KeyError, TypeError, AttributeError) as error:
        yield Unreadable("the document", f"not a document of transfers between sites: {error!r:.200}")
        return
    for kind, key, rows in parts:
        for number, row in enumerate(rows, 1):
            yield _record(f"{kind}, row {number}", kind, key, row, window)


def _record(place: str, kind: str, key: Any, row: Any, window: Row) -> Record | Unreadable:
    try:
        told = {column: row[key[name]] for column, name in KEYS[kind].items()}
    except (KeyError, IndexError, TypeError):
        return Unreadable(place, f"not a row as the key tells: {', '.join(KEYS[kind].values())}")
    return Record(place, {"kind": kind, "source": ""} | told | window)


class FlowWriter:
    """Stores the rows of an interval; what is known already is kept as it is."""

    def __init__(self) -> None:
        self.intervals: dict[tuple[datetime, datetime], tuple[Interval, set[tuple[str, ...]]]] = {}

    def write(self, found: Sequence[Record]) -> Outcome:
        outcome, new = Outcome(), []
        for record in found:
            try:
                interval, known = self._interval(record.values)
                flow = _flow(interval, record.values)
            except Refused as refusal:
                outcome.refused.append(Unreadable(record.place, str(refusal)))
                continue
            place = (flow.kind, flow.source, flow.destination)
            if place in known:
                outcome.unchanged += 1
            else:
                known.add(place)
                new.append(flow)
        Flow.objects.bulk_create(new)
        outcome.added = len(new)
        return outcome

    def _interval(self, values: Mapping[str, object]) -> tuple[Interval, set[tuple[str, ...]]]:
        """The interval, and which of its flows are stored."""
        window = _moment(values, "from_date"), _moment(values, "to_date")
        if window[0] >= window[1]:
            raise Refused("from_date: not before to_date")
        if window not in self.intervals:
            listed = values["activity"] if isinstance(values["activity"], list) else []
            told = {
                "received": now(),
                "activities": "\n".join(one for one in listed if is_storable(one, LONGEST)),
            }
            found, _ = Interval.objects.get_or_create(begin=window[0], end=window[1], defaults=told)
            flows = Flow.objects.filter(interval=found).values_list("kind", "source", "destination")
            self.intervals[window] = found, set(flows)
        return self.intervals[window]


def _moment(values: Mapping[str, object], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(values[name]))
    except ValueError:
        raise Refused(f"{name}: {str(values[name])[:40]!a} is not a time") from None
    if moment.tzinfo is not None:
        raise Refused(f"{name}: times are UTC and name no zone")
    return moment


def _flow(interval: Interval, values: Mapping[str, object]) -> Flow:
    kind = str(values["kind"])
    sites = {name: values[name] for name in ("source", "destination")}
    numbers = {name: values[name] for name in KEYS[kind] if name not in sites}
    for name, site in sites.items():
        if not is_storable(site, LONGEST):
            raise Refused(f"{name}: not a name of up to {LONGEST} letters")
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            raise Refused(f"{KEYS[kind][name]}: not a whole number from 0")
    return Flow(interval=interval, kind=kind, **sites, **numbers)


KIND = RecordKind(
    name="atlas-transfers",
    help="transfers, deletions and stagings of an interval between sites, one JSON document",
    readers={".json": records},
    writer=lambda _path: FlowWriter(),
    recognises=lambda _path, record: {"kind", "from_date"} <= record.values.keys(),
)
