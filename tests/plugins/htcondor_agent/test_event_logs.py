"""Event logs against what plain expressions find in real ones, and in forms those do not have."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_htcondor_agent import event_log
from bigpandamon_htcondor_agent.event_log import Clock, Event, Unfinished, blocks, events
from bigpandamon_htcondor_agent.values import Unreadable

WRITTEN = datetime(2021, 3, 31, 12)
CLOCK = Clock(WRITTEN)
HEADER = re.compile(rb"^(\d{3}) \((-?\d+)\.(-?\d+)\.-?\d+\) (\S+ \S+)", re.M)
LOGS = ("event_logs/htcanalyze/*.log", "event_logs/*.log", "dagman/*.log")


def read(text: str | bytes, clock: Clock = CLOCK) -> list[Any]:
    content = text.encode() if isinstance(text, str) else text
    return [found for _, found in events(BytesIO(content), clock)]


def one(line: str, *more: str, clock: Clock = CLOCK) -> Event:
    (found,) = read("\n".join((line, *more, "...", "")), clock)
    assert isinstance(found, Event), found
    return found


def real_logs(real) -> list[Any]:
    return [path for pattern in LOGS for path in real.glob(pattern)]


def test_every_event_of_real_logs(real):
    count = 0
    for path in real_logs(real):
        content = path.read_bytes()
        wanted = [
            (int(number), int(cluster), int(proc)) for number, cluster, proc, _ in HEADER.findall(content)
        ]
        assert [(found.number, found.cluster, found.proc) for found in read(content)] == wanted, path
        assert len(wanted) == len(re.findall(rb"^\.\.\.$", content, re.M))
        count += len(wanted)
    assert count == 1087


def test_times_of_real_logs(real):
    for path in (real / "dagman").glob("*.log"):
        content = path.read_bytes()
        wanted = [datetime.fromisoformat(found[3].decode()) for found in HEADER.findall(content)]
        assert [found.moment for found in read(content)] == wanted
    path = real / "event_logs" / "htcanalyze" / "job_evicted.log"
    first, *_, last = read(path.read_bytes())
    assert (first.moment, last.moment) == (
        datetime(2020, 7, 30, 13, 39, 9),
        datetime(2020, 7, 30, 14, 48, 15),
    )


def test_details_of_real_logs(real):
    """Of all jobs together, the figures that a plain search adds up to."""
    for path in real_logs(real):
        content, found = path.read_text(), read(path.read_bytes())
        for name, form in (
            ("ExitCode", r"return value (-?\d+)\)"),
            ("ExitSignal", r"\(signal (-?\d+)\)"),
            ("ResidentSetSize", r"(\d+)  -  ResidentSetSize of job"),
            ("BytesSent", r"(\d+)  -  Total Bytes Sent By Job"),
            ("DiskProvisioned", r"Disk \(KB\).* (\d+) *$"),
            ("MemoryProvisioned", r"Memory \(MB\).* (\d+) *$"),
            ("RequestMemory", r"Memory \(MB\) +: +\d+ +(\d+) "),
        ):
            wanted = list(map(int, re.findall(form, content, re.M)))
            assert [
                one.details[name] for one in found if one.number != 1 and name in one.details
            ] == wanted, (path, name)
        nodes = re.findall(r"^000.*\n +DAG Node: (.*)$", content, re.M)
        assert [
            one.details["DAGNodeName"] for one in found if one.number == 0 and one.details.get("DAGNodeName")
        ] == nodes


def test_the_same_as_the_bindings_read(real, monkeypatch):
    monkeypatch.setenv("CONDOR_CONFIG", "ONLY_ENV")
    bindings = pytest.importorskip("htcondor2")
    for path in real_logs(real):
        theirs = list(bindings.JobEventLog(str(path)).events(stop_after=0))
        ours = read(path.read_bytes(), Clock(datetime(2100, 1, 1), None))
        wanted = [(int(event.type), event.cluster, event.proc) for event in theirs]
        assert [(event.number, event.cluster, event.proc) for event in ours] == wanted
        if path.parent.name == "dagman":  # the bindings give logs without years the present one
            assert [event.moment.replace(tzinfo=UTC).timestamp() for event in ours] == [
                e.timestamp for e in theirs
            ]


@pytest.mark.parametrize(
    ("date", "written", "wanted"),
    [
        ("03/31 11:00:00", WRITTEN, datetime(2021, 3, 31, 11)),
        ("12/31 23:59:59", datetime(2021, 1, 1, 0, 5), datetime(2020, 12, 31, 23, 59, 59)),
        ("01/01 00:00:01", datetime(2020, 12, 31, 23, 59), datetime(2021, 1, 1, 0, 0, 1)),
        ("02/29 12:00:00", datetime(2023, 6, 1), datetime(2020, 2, 29, 12)),
        ("2019-02-28 01:02:03", WRITTEN, datetime(2019, 2, 28, 1, 2, 3)),
        ("2019-02-28T01:02:03.250", WRITTEN, datetime(2019, 2, 28, 1, 2, 3, 250000)),
        ("2019-02-28 01:02:03Z", WRITTEN, datetime(2019, 2, 28, 1, 2, 3)),
        ("2019-02-28T01:02:03+0200", WRITTEN, datetime(2019, 2, 27, 23, 2, 3)),
    ],
)  # fmt: skip
def test_dates(date, written, wanted):
    assert one(f"005 (1.0.0) {date} Job terminated.", clock=Clock(written)).moment == wanted


def test_local_time_of_the_access_point():
    clock = Clock(WRITTEN, ZoneInfo("America/Chicago"))
    assert one("005 (1.0.0) 2025-07-01 12:00:00 x", clock=clock).moment == datetime(2025, 7, 1, 17)
    assert one("005 (1.0.0) 2025-02-01 12:00:00Z x", clock=clock).moment == datetime(2025, 2, 1, 12)


@pytest.mark.parametrize(
    "date", ["2025-02-30 00:00:00", "13/01 00:00:00", "01/01 25:00:00", "0000-01-01 00:00:00"]
)
def test_no_such_moment(date):
    (found,) = read(f"005 (1.0.0) {date} x\n...\n")
    assert isinstance(found, Unreadable)


def test_long_numbers_and_unknown_kinds():
    found = one("047 (1234567.14180.000) 2025-01-01 00:00:00 Something new", "\tanything: at all")
    assert (found.number, found.cluster, found.proc, found.text) == (47, 1234567, 14180, "Something new")


def test_attributes_of_the_job():
    found = one(
        "028 (1.0.0) 2025-01-01 00:00:00 Job ad information event triggered.",
        'GlobalJobId = "ap#1.0#7"',
        "Requirements = (a > 1)",
        "what is this",
    )
    assert found.details == {"GlobalJobId": "ap#1.0#7", "Requirements": "(a > 1)"}
    changed = one("033 (1.0.0) 2025-01-01 00:00:00 Changing job attribute JobPrio from 0 to 5")
    assert changed.details == {"JobPrio": 5}


GOOD = "005 (1.0.0) 2025-01-01 00:00:00 Job terminated.\n...\n"


def test_a_half_block_is_left_for_later_with_its_place():
    for cut in range(1, len(GOOD) - 4):
        found = list(events(BytesIO((GOOD + GOOD[:cut]).encode()), CLOCK))
        assert [type(event) for _, event in found] == [Event, Unfinished]
        assert found[1][0] == len(GOOD)


def test_the_last_dots_may_lack_their_line_end():
    assert len(read(GOOD + GOOD.rstrip("\n"))) == 2
    assert len(read(GOOD.rstrip("\n") + "\n" + GOOD)) == 2


@pytest.mark.parametrize(
    "bad", ["what is this\n...\n", "\x00\xff\n...\n", GOOD[:30] + "\n", "<c>xml</c>\n...\n"]
)
def test_a_bad_block_stops_nothing(bad):
    found = read((GOOD + bad + GOOD).encode("latin-1"))
    assert [type(event) is Event for event in found] == [True, False, True]


@pytest.mark.parametrize("size", [1, 5, 60])
def test_chunks_change_nothing(real, size, monkeypatch):
    content = (real / "event_logs" / "htcanalyze" / "job_evicted.log").read_bytes()
    wanted = list(blocks(BytesIO(content)))
    monkeypatch.setattr(event_log, "CHUNK", size)
    assert list(blocks(BytesIO(content))) == wanted
    assert b"".join(content[block.begin : block.end] for block in wanted) == content


def test_a_log_without_an_end_is_read_in_flat_memory(monkeypatch):
    monkeypatch.setattr(event_log, "LONGEST", 10_000)
    monkeypatch.setattr(event_log, "CHUNK", 1000)
    found = list(blocks(BytesIO(b"x" * 100_000 + b"\n" + GOOD.encode())))
    assert max(len(block.content) for block in found) < 12_000
    assert isinstance(read(GOOD)[0], Event)


@given(st.lists(st.sampled_from([GOOD, GOOD[:20], "...\n", "\n", "x\n", "..", "001 (1.0.0) "]), max_size=12))
def test_no_text_breaks_the_reader(parts):
    content = "".join(parts).encode()
    found = list(blocks(BytesIO(content)))
    assert all(one.end <= other.begin for one, other in pairwise(found))
    kinds = Counter(type(event) for event in read(content))
    assert kinds[Event] <= content.count(b"...")


def test_an_event_in_the_future_of_its_file_is_of_the_year_before():
    late = WRITTEN + timedelta(days=2)
    found = one(f"005 (1.0.0) {late:%m/%d %H:%M:%S} x")
    assert found.moment == late.replace(year=late.year - 1)
