"""Every job of a simulated world moves as the server's own jobs may."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.demo.worlds import Simulated

pytestmark = pytest.mark.once

NEW = "(new)"
FINAL = {"finished", "failed", "cancelled", "closed"}
LEGAL = {
    NEW: {"pending", "defined", "waiting"},
    "pending": {"defined"},
    "waiting": {"defined"},
    "defined": {"assigned", "waiting", "activated"},
    "assigned": {"waiting", "activated"},
    "activated": {"defined", "throttled", "sent"},
    "throttled": {"activated"},
    "sent": {"starting", "running"},
    "starting": {"running"},
    "running": {"holding", "transferring", "finished"},
    "holding": {"transferring", "merging", "finished"},
    "transferring": {"merging", "finished"},
    "merging": {"finished"},
}
"""By state the next ones beside the three ends that any state but a final one may come to."""


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return Simulated(killed=0.3).run(hours=30)


def test_the_table_here_is_the_published_one(shared):
    text = (shared / "facts" / "states.md").read_text()
    moves = text.partition("### Legal moves")[2].partition("A heartbeat never")[0]
    published: dict[str, set[str]] = {state: set() for state in LEGAL}
    for line in moves.splitlines():
        cells = [re.sub(r"\*\*.*?\*\*", "", cell).strip() for cell in line.strip("|").split("|")]
        if len(cells) < 3 or not line.startswith("|") or cells[0] in ("from", "---", "failed"):
            continue
        ends = re.findall(r"[a-z]+", cells[1].partition("and back")[0])
        for begin in [NEW] if cells[0] == NEW else re.findall(r"[a-z]+", cells[0]):
            if begin in LEGAL:
                published[begin] |= set(ends) - (FINAL - {"finished"})
        if "and back" in cells[1]:
            published["throttled"].add("activated")
    assert published == LEGAL


def test_only_legal_moves(simulated):
    moves = Counter(move for path in simulated.paths().values() for move in pairwise([NEW, *path]))
    illegal = {
        move
        for move in moves
        if move[1] not in LEGAL.get(move[0], set())
        and not (move[1] in FINAL - {"finished"} and move[0] in LEGAL)
    }
    assert illegal == set()


def test_final_states_are_left_by_none(simulated):
    assert [path for path in simulated.paths().values() if FINAL & set(path[:-1])] == []


def test_all_sixteen_states_are_met(simulated):
    met = {state for path in simulated.paths().values() for state in path}
    assert met == (set(LEGAL) | FINAL) - {NEW}


def test_the_log_ends_with_the_state_of_the_job(simulated):
    paths = simulated.paths()
    assert {row["pandaid"]: row["jobstatus"] for row in simulated.jobs()} == {
        pandaid: path[-1] for pandaid, path in paths.items()
    }


def test_each_state_lives_in_its_table(simulated):
    before = {"pending", "defined", "waiting", "assigned"}
    places = {
        "jobsdefined4": before,
        "jobsactive4": set(LEGAL) - before - {NEW},
        "jobsarchived4": FINAL,
    }
    for table, states in places.items():
        found = {row["jobstatus"] for row in simulated.rows(table)}
        assert found
        assert found <= states


def test_a_job_has_a_start_only_when_its_payload_ran(simulated):
    paths = simulated.paths()
    for row in simulated.jobs():
        assert ("starttime" in row) == ("running" in paths[row["pandaid"]])


def test_times_follow_each_other(simulated):
    for row in simulated.jobs():
        moments = [row["creationtime"], row.get("starttime"), row.get("endtime"), row["modificationtime"]]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)


def test_a_final_job_has_an_end_and_one_moment_of_archiving(simulated):
    archived = simulated.rows("jobsarchived4")
    assert archived
    for row in archived:
        assert row["endtime"] is not None
        assert row["modificationtime"] == row["statechangetime"]
