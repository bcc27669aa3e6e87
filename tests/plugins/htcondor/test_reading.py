"""The zone of a log, from what jobs say of their ends."""

from datetime import datetime
from time import process_time

import pytest

from bigpandamon_core.plugin import Record
from bigpandamon_htcondor.reading import HINT_BYTES, event_records
from bigpandamon_htcondor_agent.event_log import Event

FIRST = datetime(2025, 3, 10, 12)
BEGIN = "001 (1.0.0) 2025-03-10 12:00:00 Job executing on host: <h:1>\n...\n"
END = "005 (1.0.0) {} Job terminated.\n\t(1) Normal termination (return value 0)\n"
WAY = "\n\tJob terminated of its own accord at {}.\n"
DOTS = "...\n"
SILENT = END.format("2025-03-10 12:00:00") + DOTS


@pytest.fixture
def moment(tmp_path):
    """moment(log): of its first event, in UTC, as read."""

    def read(log: str) -> datetime:
        path = tmp_path / "job.log"
        path.write_text(log)
        with path.open("rb") as stream:
            first = next(iter(event_records(stream)))
        assert isinstance(first, Record)
        found = first.values["event"]
        assert isinstance(found, Event)
        return found.moment

    return read


def told(local: str, utc: str) -> str:
    return END.format(local) + WAY.format(utc) + DOTS


def test_of_one_event_alone(moment):
    """What a later event says of its end is not the end of an earlier one that says nothing."""
    log = SILENT + told("2025-03-10 20:00:00", "2025-03-10T18:00:00Z")
    assert moment(log) == datetime(2025, 3, 10, 10)


def test_an_event_that_lost_its_end(moment):
    log = SILENT.removesuffix(DOTS) + told("2025-03-10 20:00:00", "2025-03-10T18:00:00Z")
    assert moment(BEGIN + log) == datetime(2025, 3, 10, 10)


@pytest.mark.parametrize(
    ("local", "utc", "hours"),
    [
        ("2025-03-10 14:00:20", "2025-03-10T12:00:05Z", 2),
        ("2025-03-10 12:00:00", "2025-03-10T22:00:00Z", -10),
        ("2025-03-11 02:00:09", "2025-03-10T12:00:00Z", 14),
        ("2025-03-11 03:00:00", "2025-03-10T12:00:00Z", 0),
        ("2025-03-12 12:00:00", "2025-03-10T12:00:00Z", 0),
        ("2025-03-10 12:00:00", "2025-03-10T12:00:00+02:00Z", 0),
        ("2025-03-10 12:00:00", "somedayZ", 0),
        ("2025-13-99 12:00:00", "2025-03-10T12:00:00Z", 0),
    ],
)
def test_zones_and_what_is_none(moment, local, utc, hours):
    log = BEGIN + told(local, utc)
    assert (FIRST - moment(log)).total_seconds() == hours * 3600


def test_the_first_that_can_be(moment):
    log = SILENT + told("2025-03-12 12:00:00", "2025-03-10T12:00:00Z")
    assert moment(log + told("2025-03-10 14:00:20", "2025-03-10T12:00:05Z")) == datetime(2025, 3, 10, 10)


@pytest.mark.parametrize("event", [SILENT, SILENT.removesuffix(DOTS), "005 (1.0.0) 2025-03-10 12:00:00\n"])
def test_long_logs_that_tell_nothing_are_read_at_once(moment, event):
    begin = process_time()
    assert moment(BEGIN + event * (HINT_BYTES // len(event)) + DOTS) == FIRST
    assert process_time() - begin < 3
