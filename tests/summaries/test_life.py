"""Stages of a job: what the log says, or what its own times allow to say."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from bigpandamon_core.summaries.life import from_log, from_times

START = datetime(2026, 11, 20, 10)
NOW = START + timedelta(hours=5)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def test_stages_touch_and_end_with_the_final_state() -> None:
    changes = [("pending", at(0)), ("activated", at(5)), ("running", at(9)), ("finished", at(100))]
    stages = from_log(changes, NOW)
    assert [stage.state for stage in stages] == ["pending", "activated", "running", "finished"]
    assert [stage.seconds for stage in stages] == [300, 240, 91 * 60, None]
    assert all(one.end == other.begin for one, other in itertools.pairwise(stages))
    assert stages[-1].final


def test_a_live_job_is_in_its_last_state_until_now() -> None:
    stages = from_log([("activated", at(0)), ("running", at(10))], NOW)
    assert stages[-1].end == NOW
    assert not stages[-1].final


def test_repeats_of_a_state_are_one_stage() -> None:
    stages = from_log([("running", at(0)), ("running", at(10)), ("holding", at(20))], NOW)
    assert [(stage.state, stage.begin) for stage in stages] == [("running", at(0)), ("holding", at(20))]


def test_times_alone_tell_waiting_running_and_the_end() -> None:
    row: dict[str, Any] = {
        "jobstatus": "failed",
        "creationtime": at(0),
        "starttime": at(30),
        "endtime": at(90),
        "statechangetime": at(95),
        "modificationtime": at(95),
    }
    stages = from_times(row, NOW)
    assert [(stage.state, stage.seconds) for stage in stages] == [
        ("waiting to start", 1800), ("running", 3600), ("after the run", 300), ("failed", None),
    ]  # fmt: skip


def test_a_record_without_times_has_no_life() -> None:
    row = dict.fromkeys(
        ("jobstatus", "creationtime", "starttime", "endtime", "statechangetime", "modificationtime")
    )
    assert from_times(row, NOW) == []
