"""What is kept between looks, and what waits to be sent."""

import json
import sqlite3
from calendar import timegm
from datetime import UTC, datetime

import pytest

from bigpandamon_core.domain.window import now
from bigpandamon_htcondor_agent.event_log import Block, Clock, Event, event
from bigpandamon_htcondor_agent.folding import changes
from bigpandamon_htcondor_agent.following import Position
from bigpandamon_htcondor_agent.spool import DAY, Spool
from bigpandamon_htcondor_agent.values import Ad, Expression

BEGIN = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
PLACE = Position(1, 2, 3, "digest", 4)


def happened(number: int, minute: int, *lines: str, job: str = "5.0", day: int = 1) -> Event:
    header = f"{number:03d} ({job}.0) 2025-01-{day:02d} 00:{minute:02d}:00 Something."
    found = event(Block(0, 0, "\n".join((header, *lines)).encode()), Clock(datetime(2025, 1, 1)))
    assert isinstance(found, Event)
    return found


def answered(server_time: int, **more: object) -> Ad:
    known = {
        "ClusterId": 5,
        "ProcId": 0,
        "QDate": BEGIN,
        "GlobalJobId": f"ap#5.0#{BEGIN}",
        "ServerTime": server_time,
    }
    return Ad((known | more).items())


def absorb(spool: Spool, ads: list[Ad]) -> None:
    spool.absorb(ads, lambda: (BEGIN, ""))


@pytest.fixture
def spool(tmp_path, log):
    made = Spool(tmp_path / "spool.sqlite", "ap", 3)
    yield made
    made.close()


def waiting(spool) -> list[dict[str, object]]:
    return [json.loads(item.text) for item in spool.batch(100, 10**6)]


def test_events_and_their_place_are_kept(spool, log, tmp_path):
    spool.follow(log, PLACE, [happened(0, 0), happened(1, 1), happened(5, 2, job="-1.-1")])
    spool.close()
    again = Spool(tmp_path / "spool.sqlite", "ap", 3)
    assert again.position(log) == PLACE
    (job,) = waiting(again)
    assert (job["GlobalJobId"], job["JobStatus"], job["LoggedEvents"]) == (f"ap#5.0#{BEGIN}", 2, 2)
    again.close()


def test_neither_is_kept_when_it_breaks_between(spool, log):
    def broken():
        yield happened(0, 0)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        spool.follow(log, PLACE, broken())
    assert (spool.position(log), waiting(spool)) == (None, [])


def test_an_event_that_cannot_be_kept_is_told_and_passed(spool, log, monkeypatch, caplog):
    """Here the submission of job 6 and of another job 5; what surrounds them is kept once, and the place."""

    def breaking(event, ad):
        if event.number == 0 and (event.cluster == 6 or event.moment.day == 2):
            raise OverflowError("as told")
        return changes(event, ad)

    monkeypatch.setattr("bigpandamon_htcondor_agent.spool.changes", breaking)
    spool.follow(log, PLACE, [happened(0, 0), happened(0, 1, job="6.0"), happened(5, 2)])
    spool.follow(log, PLACE, [happened(0, 3, day=2), happened(0, 4, job="7.0")])
    assert spool.position(log) == PLACE
    assert [(job["ClusterId"], job["JobStatus"]) for job in waiting(spool)] == [(5, 4), (7, 1)]
    assert [record.getMessage() for record in caplog.records] == [
        f"{log}: event 0 of job 6.0 at 2025-01-01 00:01:00: as told",
        f"{log}: event 0 of job 5.0 at 2025-01-02 00:03:00: as told",
    ]


@pytest.mark.parametrize("told", ['"x"', "true", '{1, "x"}', "[a = 1]", "1e308", "Memory * 2", "7"])
def test_attributes_of_users_end_nothing(spool, log, told):
    """Nor do they change which job it is, or when others are forgotten."""
    names = ("NumHolds", "LoggedEvents", "ServerTime", "EventTime", "JobStatus", "RemoteWallClockTime")
    lines = [f"\t{name} = {told}" for name in names]
    key = [] if told == '"x"' else [f"\tGlobalJobId = {told}"]
    for minute, number in enumerate((0, 1, 12)):
        spool.follow(log, PLACE, [happened(number, minute), happened(28, minute, *lines, *key)])
    (job,) = waiting(spool)
    assert (job["GlobalJobId"], job["LoggedEvents"]) == (f"ap#5.0#{BEGIN}", 6)
    assert (job["EventTime"], "ServerTime" in job) == (BEGIN + 120, False)
    absorb(spool, [answered(BEGIN + 240, JobStatus=3)])
    assert waiting(spool)[0]["JobStatus"] == 3


def test_a_job_waits_once_and_until_it_is_acknowledged(spool, log):
    spool.follow(log, PLACE, [happened(0, 0)])
    before = spool.batch(100, 10**6)
    spool.follow(log, PLACE, [happened(1, 1)])
    assert spool.waiting == 1
    spool.done(before)
    assert [job["JobStatus"] for job in waiting(spool)] == [2]
    spool.done(spool.batch(100, 10**6))
    assert waiting(spool) == []


def test_bounds(spool, log):
    spool.follow(log, PLACE, [happened(0, 0, job=f"{cluster}.0") for cluster in (1, 2)])
    assert not spool.full
    spool.follow(log, PLACE, [happened(0, 0, job="3.0")])
    assert spool.full
    size = len(spool.batch(1, 1)[0].text)
    assert [
        len(spool.batch(most, of)) for most, of in ((2, 10**6), (9, 1), (9, size * 2 + 9), (9, 10**6))
    ] == [2, 1, 2, 3]


def test_without_its_submission_a_job_is_not_sent(spool, log):
    spool.follow(log, PLACE, [happened(1, 1), happened(5, 2)])
    assert waiting(spool) == []
    absorb(spool, [answered(BEGIN)])
    (job,) = waiting(spool)
    assert (job["GlobalJobId"], job["JobStatus"]) == (f"ap#5.0#{BEGIN}", 4)


def test_a_number_that_is_used_again_is_another_job(spool, log):
    spool.follow(log, PLACE, [happened(0, 0), happened(9, 1)])
    spool.follow(log, PLACE, [happened(0, 0, day=2), happened(1, 1, day=2)])
    assert [(job["JobStatus"], job["LoggedEvents"]) for job in waiting(spool)] == [(3, 2), (2, 2)]
    spool.follow(log, PLACE, [happened(5, 2, day=2)])
    assert [job["JobStatus"] for job in waiting(spool)] == [3, 4]


def test_the_key_of_the_schedd_replaces_one_made_here_until_it_was_sent(spool, log):
    told = '\tGlobalJobId = "ap#5.0#77"'
    spool.follow(log, PLACE, [happened(0, 0), happened(28, 0, told)])
    assert [job["GlobalJobId"] for job in waiting(spool)] == ["ap#5.0#77"]
    spool.done(spool.batch(9, 10**6))
    spool.follow(log, PLACE, [happened(28, 1, '\tGlobalJobId = "ap#5.0#78"')])
    assert [job["GlobalJobId"] for job in waiting(spool)] == ["ap#5.0#77"]


def test_what_is_newer_stays(spool, log):
    absorb(spool, [answered(BEGIN + 60, JobStatus=1, Owner="somebody")])
    spool.follow(log, PLACE, [happened(0, 0), happened(1, 1), happened(5, 5)])
    absorb(spool, [answered(BEGIN + 240, JobStatus=2, Cmd="/bin/true")])
    (job,) = waiting(spool)
    assert (job["JobStatus"], job["Owner"], job["Cmd"]) == (4, "somebody", "/bin/true")
    absorb(spool, [answered(BEGIN + 360, JobStatus=3)])
    assert waiting(spool)[0]["JobStatus"] == 3


def test_when_the_schedd_answered_is_kept_with_its_answer(spool, tmp_path):
    """Or not at all, when the answer breaks off."""

    def broken():
        yield answered(BEGIN + 60, JobStatus=2)
        raise OSError("the schedd is gone")

    assert spool.asked == 0
    spool.absorb([answered(BEGIN, JobStatus=1)], lambda: (BEGIN, "5.0"))
    with pytest.raises(OSError, match="gone"):
        spool.absorb(broken(), lambda: (BEGIN + 60, "6.0"))
    spool.close()
    again = Spool(tmp_path / "spool.sqlite", "ap", 3)
    assert (again.asked, again.newest) == (BEGIN, "5.0")
    assert [job["JobStatus"] for job in waiting(again)] == [1]
    again.absorb([], lambda: (BEGIN + 90, "9.0"))
    assert (again.asked, again.newest) == (BEGIN + 90, "9.0")
    again.close()


def test_an_answer_that_brings_nothing_new_is_not_sent(spool):
    absorb(spool, [answered(BEGIN, JobStatus=1)])
    spool.done(spool.batch(9, 10**6))
    absorb(spool, [answered(BEGIN + 60, JobStatus=1)])
    assert spool.waiting == 0
    absorb(spool, [answered(BEGIN + 120, JobStatus=2)])
    assert spool.waiting == 1


def test_expressions_are_marked(spool):
    absorb(
        spool,
        [answered(BEGIN, Requirements=Expression("a > 1"), Counts=Ad([("User", 1)]), List=[Expression("b")])],
    )
    (job,) = waiting(spool)
    assert (job["Requirements"], job["Counts"], job["List"]) == ("/Expr(a > 1)/", {"User": 1}, ["/Expr(b)/"])


def test_a_clock_far_ahead_makes_nothing_old(spool, log):
    """A job that runs is still known when its end is told."""
    recent = timegm(now().timetuple()) - DAY
    absorb(spool, [answered(BEGIN + 10_000 * DAY, ClusterId=6, GlobalJobId="ap#6.0#1")])
    absorb(spool, [answered(recent)])
    spool.done(spool.batch(9, 10**6))
    spool.forget()
    absorb(spool, [answered(recent + 60, JobStatus=4, GlobalJobId="ap#5.0#other")])
    assert [job["GlobalJobId"] for job in waiting(spool)] == [f"ap#5.0#{BEGIN}"]


@pytest.mark.parametrize("told", ["x", True, Expression("Memory * 2")])
def test_processor_time_that_is_none_does_not_lose_the_end(spool, log, told):
    absorb(spool, [answered(BEGIN, JobStatus=2, CumulativeRemoteUserCpu=told, RemoteWallClockTime=5)])
    used = "\t\tUsr 0 00:00:03, Sys 0 00:00:01  -  Run Remote Usage"
    spool.follow(log, PLACE, [happened(5, 2, "\t(1) Normal termination (return value 0)", used)])
    assert waiting(spool)[0]["JobStatus"] == 4


def test_old_jobs_are_forgotten_but_for_those_that_wait(spool, log, tmp_path):
    spool.follow(
        log, PLACE, [happened(number, 0, job=f"{cluster}.0") for cluster in (1, 2) for number in (0, 5)]
    )
    spool.follow(log, PLACE, [happened(0, 0, job="3.0")])
    first, _, third = spool.batch(9, 10**6)
    spool.done([first, third])
    spool.forget()
    absorb(spool, [answered(BEGIN + DAY + 1)])
    spool.forget()
    with sqlite3.connect(tmp_path / "spool.sqlite") as database:
        assert [row[0] for row in database.execute("SELECT job FROM jobs ORDER BY job")] == [
            "2.0",
            "3.0",
            "5.0",
        ]
