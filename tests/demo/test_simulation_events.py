"""Jobs of an event service in the simulated PanDA: their ranges of events go with them."""

from collections import Counter, defaultdict

import pytest

from bigpandamon_core.demo.simulation import plans
from bigpandamon_core.demo.simulation.faults import FAULTS
from tests.demo.worlds import Simulated

pytestmark = pytest.mark.once

RANGES_OF_A_FILE = 20


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return Simulated(seed=3, jobs_per_day=6000, series=0.0).run(hours=30)


@pytest.fixture(scope="module")
def jobs(simulated):
    return {row["pandaid"]: row for row in simulated.jobs() if row["eventservice"] == 1}


@pytest.fixture(scope="module")
def ranges(simulated):
    found = defaultdict(list)
    for row in simulated.rows("jedi_events"):
        found[row["pandaid"]].append(row)
    return found


def test_jobs_that_started_have_ranges_and_no_others(jobs, ranges):
    assert ranges.keys() == {pandaid for pandaid, job in jobs.items() if job.get("starttime")}
    assert len(ranges) > 20


def test_how_jobs_ended_is_how_their_ranges_are(jobs, ranges):
    possible = {
        "finished": {9},
        "merging": {3},
        "failed": {3, 4, 7},
        "cancelled": {3, 4},
        "running": {1, 2, 3},
    }
    seen = Counter[str]()
    for pandaid, rows in ranges.items():
        state = jobs[pandaid]["jobstatus"]
        seen[state] += 1
        if state in possible:
            assert {row["status"] for row in rows} <= possible[state], state
    assert {"finished", "failed", "running"} <= seen.keys()


def test_an_attempt_gets_what_those_before_it_did_not_finish(jobs, ranges):
    """What is finished is finished once; of a file whose last job went well that is all of it."""
    everything = [row for rows in ranges.values() for row in rows]
    done = Counter((row["fileid"], row["job_processid"]) for row in everything if row["status"] in (3, 9))
    assert set(done.values()) == {1}
    whole = {row["fileid"] for row in everything if jobs[row["pandaid"]]["jobstatus"] == "finished"}
    assert whole
    assert done.keys() >= {(fileid, number) for fileid in whole for number in range(RANGES_OF_A_FILE)}
    taken_over = Counter(row["fileid"] for row in everything)
    assert any(many > RANGES_OF_A_FILE for many in taken_over.values())


def test_only_ranges_in_trouble_tell_an_error(simulated):
    rows = simulated.rows("jedi_events")
    assert any(row["status"] == 7 for row in rows)
    for row in rows:
        assert (row["status"] == 7) == bool(row.get("error_code")) == bool(row.get("error_diag"))


def test_their_outputs_are_merged_by_jobs_that_say_so(simulated, jobs):
    merging = {row["pandaid"] for row in simulated.jobs() if row["eventservice"] == 2}
    merges = [row for row in simulated.rows("jedi_job_retry_history") if row["relationtype"] == "merge"]
    of_events = {row["newpandaid"] for row in merges if row["oldpandaid"] in jobs}
    assert of_events
    assert of_events <= merging


def test_what_could_not_be_merged_is_done_again(monkeypatch):
    usual = plans._fault
    monkeypatch.setattr(
        plans, "_fault", lambda world, job: FAULTS[-1] if job.part.step == "merge" else usual(world, job)
    )
    found = Simulated(seed=3, jobs_per_day=6000, series=0.0).run(hours=20)
    rows = found.rows("jedi_events")
    started = {row["pandaid"] for row in found.jobs() if row["eventservice"] == 1 and row.get("starttime")}
    assert started == {row["pandaid"] for row in rows}
    states = Counter(row["status"] for row in rows)
    assert states[5] > 0
    assert states[9] == 0
