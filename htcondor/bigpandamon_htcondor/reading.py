"""Readers of saved files: ClassAds of any tool, job event logs, and what DAGMan writes."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from bigpandamon_core.plugin import Record, Unreadable
from bigpandamon_htcondor_agent import classads
from bigpandamon_htcondor_agent.dagman import Workflow, metrics, nodes
from bigpandamon_htcondor_agent.event_log import Clock, Event, events
from bigpandamon_htcondor_agent.values import Ad
from bigpandamon_htcondor_agent.values import Unreadable as Reason

Found = Iterator[Record | Unreadable]
NODE_KINDS = {"JOB": "JOB", "NODE": "JOB", "SUBDAG": "SUBDAG", "FINAL": "FINAL", "SERVICE": "SERVICE",
         "PROVISIONER": "PROVISIONER"}  # fmt: skip
HINT_BYTES = 1_000_000
QUARTER_SECONDS = 900
FARTHEST = timedelta(hours=14)
"""No zone is farther from UTC."""
_HINT = re.compile(
    rb"^005 \([\d.]+\) (\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)"
    rb"(?:(?!^(?:\.\.\.|\d{3} \())[^\0])*?own accord at (\S{1,40}?)Z",
    re.MULTILINE,
)
"""When a job ended, in local time and in UTC; both within one event."""


class Text(TextIOWrapper):
    """A file as text; it belongs to who opened it."""

    def __init__(self, stream: BinaryIO):
        super().__init__(stream, encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Left to who opened it."""


def _told(found: Iterator[tuple[str, Ad | Reason]]) -> Found:
    for place, ad in found:
        if isinstance(ad, Reason):
            yield Unreadable(place, str(ad))
        else:
            yield from _records(place, ad)


def _records(place: str, ad: Ad) -> Iterator[Record]:
    """An ad, or the ads that an object holds by scheduler and number."""
    inside = [one for group in ad.values() if isinstance(group, dict) for one in group.values()]
    if (
        "GlobalJobId" not in ad
        and inside
        and all(isinstance(one, Ad) and "GlobalJobId" in one for one in inside)
    ):
        yield from (Record(place, one) for one in inside)
    else:
        yield Record(place, ad)


def json_records(stream: BinaryIO) -> Found:
    """`condor_q -json`, `condor_history -json` and their lines."""
    return _told(classads.json_ads(Text(stream)))


def history_records(stream: BinaryIO) -> Found:
    """A scheduler's history, each record closed by a banner; without any it is the history of one job."""
    has_banner = any(line.startswith(b"***") for line in stream)
    stream.seek(0)
    read = classads.history if has_banner else classads.per_job_history
    return _told(read(Text(stream)))


def submit_records(stream: BinaryIO) -> Found:
    """What `condor_submit -verbose` prints."""
    return _told(classads.submit_ad(Text(stream)))


def event_records(stream: BinaryIO) -> Found:
    """Events of a log. Their zone is told by what a job says of its end; else they are taken for UTC."""
    path = Path(stream.name)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    for place, event in events(stream, Clock(written, _zone(stream, path))):
        if isinstance(event, Event):
            yield Record(f"byte {place}", {"event": event})
        else:
            yield Unreadable(f"byte {place}", str(event))


def _zone(stream: BinaryIO, path: Path) -> timezone:
    """Of an access point, from its log or that of the nodes beside it."""
    heads = [stream.read(HINT_BYTES)]
    stream.seek(0)
    beside = path.with_name(path.name.replace(".dagman.log", ".nodes.log"))
    if beside != path and beside.is_file():
        with beside.open("rb") as nodes:
            heads.append(nodes.read(HINT_BYTES))
    hints = (_offset(found) for head in heads for found in _HINT.finditer(head))
    return next(filter(None, hints), UTC)


def _offset(hint: re.Match[bytes]) -> timezone | None:
    """None when it is that of no zone."""
    day, clock, utc = (part.decode("utf-8", "replace") for part in hint.groups())
    try:
        offset = datetime.fromisoformat(f"{day}T{clock}Z") - datetime.fromisoformat(f"{utc}Z")
    except ValueError:
        return None
    rounded = timedelta(seconds=round(offset.total_seconds() / QUARTER_SECONDS) * QUARTER_SECONDS)
    return timezone(rounded) if abs(rounded) <= FARTHEST else None


def dag_records(stream: BinaryIO) -> Found:
    """The nodes and edges of a `.dag`; its other lines tell how nodes are run."""
    for number, line in enumerate(Text(stream), 1):
        words = line.split()
        first = words[0].upper() if words else ""
        if first in NODE_KINDS:
            names = words[2:] if first == "SUBDAG" else words[1:]
            if names:
                yield Record(f"line {number}", {"node": names[0], "kind": NODE_KINDS[first]})
            else:
                yield Unreadable(f"line {number}", "a node without a name")
        elif first == "PARENT":
            yield _edges(number, words)


def _edges(number: int, words: Sequence[str]) -> Record | Unreadable:
    """`PARENT a b CHILD c d`: each of the first comes before each of the others."""
    upper = [word.upper() for word in words]
    if "CHILD" not in upper[2:-1]:
        return Unreadable(f"line {number}", "not of the form PARENT … CHILD …")
    middle = upper.index("CHILD", 2)
    return Record(f"line {number}", {"parents": words[1:middle], "children": words[middle + 1 :], "node": ""})


def status_records(stream: BinaryIO) -> Found:
    """A workflow and its nodes."""
    for place, found in nodes(Text(stream)):
        if isinstance(found, Reason):
            yield Unreadable(place, str(found))
        else:
            yield Record(place, {"workflow" if isinstance(found, Workflow) else "node": found})


def metrics_records(stream: BinaryIO) -> Found:
    """The one object of a metrics file."""
    try:
        yield Record("line 1", {"metrics": metrics(Text(stream))})
    except Reason as reason:
        yield Unreadable("line 1", str(reason))
