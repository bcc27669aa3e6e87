"""Reads job event logs: text, one block per event, closed by a line of three dots.

Event numbers and forms: https://htcondor.readthedocs.io/en/latest/codes-other-values/job-event-log-codes.html
XML and JSON event logs are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import BinaryIO

from bigpandamon_htcondor_agent.event_details import details
from bigpandamon_htcondor_agent.values import Ad, Unreadable

CHUNK = 1 << 20
LONGEST = 1 << 20
"""Bytes of a block; real ones have a few thousand."""
CLOCKS_DIFFER = timedelta(days=1)
"""How much later than its file's last change a year-less event may seem, for zones and clocks."""
_END = re.compile(rb"^\.\.\.[ \t]*\r?(?:\n|\Z)", re.M)
_BEGIN = re.compile(rb"^\d{3} \(-?\d+\.-?\d+\.-?\d+\) ", re.M)
_HEADER = re.compile(
    r"(?P<number>\d{3}) \((?P<job>-?\d{1,18}\.-?\d{1,9}\.-?\d{1,9})\) "
    r"(?:(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)|(?P<old_month>\d\d)/(?P<old_day>\d\d))"
    r"[ T](?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,6})\d*)?(?P<zone>Z|[+-]\d\d:?\d\d)? ?(?P<text>.*)"
)


class Unfinished(Unreadable):
    """The last block has no end: the log still grows, or was cut."""


@dataclass(frozen=True, slots=True)
class Block:
    """The bytes of one event, from begin to end in its file; whole: its closing dots are there."""

    begin: int
    end: int
    content: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are written. written: when the file was changed last, naive UTC: tells the year of dates
    that have none. zone: that of the access point; None is this host's."""

    written: datetime
    zone: tzinfo | None = UTC


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a job. moment: naive UTC. text: the first line after the date. details: the rest of
    it, by ClassAd name where there is one; a reason in words is `Reason`."""

    number: int
    cluster: int
    proc: int
    subproc: int
    moment: datetime
    text: str
    details: Ad


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """Blocks from where the stream stands, which is the beginning of one.

    One that another begins in is handed out as not whole, as is the last one without an end.
    """
    offset, kept = stream.tell(), b""
    while chunk := stream.read(CHUNK):
        kept += chunk
        begin = 0
        for end in _END.finditer(kept):
            if end.end() == len(kept) and not kept.endswith(b"\n"):
                break  # the rest of the line comes with the next chunk, or never
            yield from _parts(kept[begin : end.start()], offset + begin, offset + end.end())
            begin = end.end()
        if len(kept) - begin > LONGEST:
            yield Block(offset + begin, offset + len(kept), kept[begin:], whole=False)
            begin = len(kept)
        offset, kept = offset + begin, kept[begin:]
    if kept.strip():
        yield from _last(kept, offset)


def events(stream: BinaryIO, clock: Clock) -> Iterator[tuple[int, Event | Unreadable]]:
    """Every event with the place where its block begins; at an Unfinished last one reading goes on later."""
    for block in blocks(stream):
        yield block.begin, event(block, clock)


def event(block: Block, clock: Clock) -> Event | Unreadable:
    """The event of a block; kinds that nothing is known of too."""
    if not block.whole:
        return Unfinished("the event has no end")
    first, *lines = block.content.decode("utf-8", "replace").strip().splitlines() or [""]
    header = _HEADER.fullmatch(first)
    if not header:
        return Unreadable(f"no event begins so: {first[:60]}")
    try:
        moment = _moment(header, clock)
    except (ValueError, OverflowError):
        return Unreadable(f"no such moment: {first[:60]}")
    number, job = int(header["number"]), [int(part) for part in header["job"].split(".")]
    text = header["text"].strip()
    return Event(number, job[0], job[1], job[2], moment, text, details(number, text, lines))


def _parts(content: bytes, begin: int, end: int) -> Iterator[Block]:
    """The block, and before it what lost its end."""
    starts = [found.start() for found in _BEGIN.finditer(content) if content[: found.start()].strip()]
    for start, after in zip([0, *starts], starts, strict=False):
        yield Block(begin + start, begin + after, content[start:after], whole=False)
    last = starts[-1] if starts else 0
    yield Block(begin + last, end, content[last:])


def _last(content: bytes, offset: int) -> Iterator[Block]:
    end = offset + len(content)
    closed = _END.search(content)
    if closed:  # three dots without an end of line
        yield from _parts(content[: closed.start()], offset, end)
    else:
        yield from (replace(part, whole=False) for part in _parts(content, offset, end))


def _moment(header: re.Match[str], clock: Clock) -> datetime:
    moment_of_day = time.fromisoformat(f"{header['time']}.{header['fraction'] or '':0<6}")
    if header["year"]:
        year, month, day = (int(header[name]) for name in ("year", "month", "day"))
        return _utc(datetime.combine(datetime(year, month, day), moment_of_day), header["zone"], clock)
    month, day = int(header["old_month"]), int(header["old_day"])
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    for year in range(clock.written.year + 1, clock.written.year - 9, -1):
        if month == 2 and day == 29 and not _leaps(year):
            continue
        moment = _utc(datetime.combine(datetime(year, month, day), moment_of_day), header["zone"], clock)
        if moment <= clock.written + CLOCKS_DIFFER:
            return moment
    raise ValueError("no year fits")


def _leaps(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _utc(moment: datetime, zone: str | None, clock: Clock) -> datetime:
    if zone:
        moment = datetime.fromisoformat(f"{moment.isoformat()}{zone}")
    elif clock.zone is not None:
        moment = moment.replace(tzinfo=clock.zone)
    return moment.astimezone(UTC).replace(tzinfo=None)
