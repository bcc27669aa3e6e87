"""Errors, users and nodes of the jobs a real PanDA server wrote, counted from the files alone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.truth import attributes, errors, records
from tests.truth.asking import Asking
from tests.truth.columns import ALL
from tests.truth.conftest import Imported
from tests.truth.test_server import BESIDE, JOB_TABLES, NOW

Job = records.Job
ABSENT = "Not specified"
HOURS = 48


@pytest.fixture(scope="module")
def jobs(data: Path, imported: Imported) -> list[Job]:
    """All of them; the window that is asked for holds them."""
    paths = {name: data / "server" / f"{name}.csv" for name in (*JOB_TABLES, *BESIDE)}
    imported(NOW, paths.values())
    return [dict.fromkeys(ALL) | job for name in JOB_TABLES for job in records.jobs_of(paths[name])]


def within(jobs: list[Job], hours: int = HOURS) -> list[Job]:
    return [job for job in jobs if job["modificationtime"] >= NOW - timedelta(hours=hours)]


def by(jobs: list[Job], place: Callable[[Job], Any]) -> dict[Any, Counter[str]]:
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for job in jobs:
        if errors.has_errors(job):
            found[place(job)].update(list(errors.errors_of(job)))
    return {name: counts for name, counts in found.items() if counts}


def told(places: list[Mapping[str, Any]]) -> dict[Any, dict[str, int]]:
    return {place["name"]: {key: one["count"] for key, one in place["errors"].items()} for place in places}


def node(job: Job) -> str:
    return (job["modificationhost"] or "").rpartition("@")[2] or "Unknown"


def test_errors_by_code_queue_user_and_task(ask: Asking, jobs: list[Job]) -> None:
    answer, mine = ask.json("/errors/", hours=HOURS), within(jobs)
    counts = errors.by_count(mine)
    assert counts
    assert {one["error"]: one["count"] for one in answer["errsByCount"]} == counts
    assert told(answer["errsBySite"]) == by(mine, lambda job: job["computingsite"])
    assert told(answer["errsByTask"]) == by(mine, lambda job: job["jeditaskid"])
    assert told(answer["errsByUser"]) == by(mine, lambda job: job["produsername"] or ABSENT)


def test_errors_of_each_queue_by_node(ask: Asking, jobs: list[Job]) -> None:
    for queue in sorted({job["computingsite"] for job in jobs}):
        mine = [job for job in within(jobs) if job["computingsite"] == queue]
        answer = ask.json("/errors/", hours=HOURS, computingsite=queue)
        assert told(answer["errsBySite"]) == by(mine, node), queue


def test_nodes_of_each_queue(ask: Asking, jobs: list[Job]) -> None:
    for queue in sorted({job["computingsite"] for job in jobs}):
        mine = [job for job in within(jobs) if job["computingsite"] == queue]
        every, _, *nodes = ask.json(f"/wns/{queue}/", hours=HOURS)["summary"]
        assert every["count"] == len(mine)
        assert {one["name"]: one["count"] for one in nodes} == Counter(map(node, mine))
        for one in nodes:
            states = Counter(attributes.state(job) for job in mine if node(job) == one["name"])
            listed = {state["name"]: state["count"] for state in one["statelist"] if state["count"]}
            assert listed == states, (queue, one["name"])


def test_users(ask: Asking, jobs: list[Job]) -> None:
    mine = [job for job in within(jobs) if job["prodsourcelabel"] in ("user", "panda")]
    found = ask.json("/users/", hours=HOURS, view="dynamic")
    assert {one["name"]: one["dict"]["njobs"] for one in found} == Counter(
        job["produsername"] or ABSENT for job in mine
    )
    for one in found:
        his = [job for job in mine if (job["produsername"] or ABSENT) == one["name"]]
        assert one["dict"]["sites"] == Counter(job["computingsite"] for job in his)
        assert one["latest"] == max(job["pandaid"] for job in his)
