"""Tasks as a real PanDA server wrote them, listed and one by one: what is told is what the files say."""

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

import pytest

from tests.truth.asking import Asking
from tests.truth.task_columns import INTEGERS, TEXTS, TIMES

NOW = datetime(2026, 11, 21, 0, 45)
TABLES = (
    "jedi_tasks", "jedi_datasets", "jedi_dataset_contents", "tasks_statuslog", "task_attempts",
    "jobsactive4", "jobsarchived4", "jobsdefined4",
)  # fmt: skip
RENAMED = {"resourcetype": "resource_type", "resquetime": "rescuetime", "memoryleakcore": "memory_leak_core",
           "memoryleakx2": "memory_leak_x2"}  # fmt: skip
SUMS = ("nfiles", "nfilesfinished", "nfilesfailed", "nfilesmissing")
FINAL = ("finished", "failed", "cancelled", "closed")
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def told(tables: dict[str, Rows]) -> dict[int, dict[str, Any]]:
    return {task["jeditaskid"]: task for task in Asking().json("/tasks/")}


@pytest.fixture
def of_task(tables: dict[str, Rows]) -> Callable[[str, int], Rows]:
    return lambda table, task: [row for row in tables[table] if row["jeditaskid"] == str(task)]


def test_every_task_is_listed_by_number(tables: dict[str, Rows], told: dict[int, dict[str, Any]]) -> None:
    numbers = sorted((int(row["jeditaskid"]) for row in tables["jedi_tasks"]), reverse=True)
    assert len(numbers) == 20
    assert list(told) == numbers


def test_every_column_of_every_task(tables: dict[str, Rows], told: dict[int, dict[str, Any]]) -> None:
    for row in tables["jedi_tasks"]:
        task = told[int(row["jeditaskid"])]
        for name in (*TEXTS, *INTEGERS, *TIMES):
            if name in ("corecount", "statechangetime", "transpath"):
                continue
            stored = row[RENAMED.get(name, name)]
            if name in TEXTS:
                expected: Any = stored
            elif name in INTEGERS:
                expected = int(float(stored)) if stored else None
            else:
                expected = stored[:19].replace(" ", "T") or None
            assert task[name] == expected, (task["jeditaskid"], name)


def primary(rows: Rows) -> Rows:
    return [
        row
        for row in rows
        if row["type"] in ("input", "pseudo_input") and not row["masterid"] and row["status"] != "removed"
    ]


def test_progress_of_every_task(told: dict[int, dict[str, Any]], of_task: Callable[[str, int], Rows]) -> None:
    for number, task in told.items():
        rows = primary(of_task("jedi_datasets", number))
        sums = {name: sum(int(row[name] or 0) for row in rows) for name in SUMS}
        assert {name: task["dsinfo"][name] for name in SUMS} == sums
        files, done = sums["nfiles"], sums["nfilesfinished"]
        assert task["pctfinished"] == (max(0, min(100, 100 * done // files)) if files > 0 else 0)
        shown = [row for row in of_task("jedi_datasets", number) if row["type"] != "log"]
        assert {row["datasetid"] for row in task["datasets"]} == {int(row["datasetid"]) for row in shown}


def test_every_state_and_user_selects_its_tasks(ask: Asking, tables: dict[str, Rows]) -> None:
    for column in ("status", "username", "tasktype", "gshare", "resource_type"):
        parameter = "resourcetype" if column == "resource_type" else column
        for value in {row[column] for row in tables["jedi_tasks"] if row[column]}:
            expected = {int(row["jeditaskid"]) for row in tables["jedi_tasks"] if row[column] == value}
            found = ask.json("/tasks/", **{f"{parameter}.is": value})
            assert {task["jeditaskid"] for task in found} == expected, (column, value)


def test_every_task_alone(
    ask: Asking, told: dict[int, dict[str, Any]], of_task: Callable[[str, int], Rows]
) -> None:
    for number in told:
        found, v1 = ask.json(f"/task/{number}/"), ask.v1(f"tasks/{number}")["data"]
        assert {row["datasetid"] for row in found["datasets"]} == {
            int(row["datasetid"]) for row in of_task("jedi_datasets", number)
        }
        logged = sorted(of_task("tasks_statuslog", number), key=lambda row: row["modificationtime"])
        assert [state["status"] for state in v1["states"]] == [row["status"] for row in logged]
        attempts = of_task("task_attempts", number)
        assert [one["attemptnr"] for one in v1["attempts"]] == sorted(
            int(row["attemptnr"]) for row in attempts
        )


def test_the_page_of_every_task_counts_its_jobs(
    ask: Asking, told: dict[int, dict[str, Any]], of_task: Callable[[str, int], Rows]
) -> None:
    for number in told:
        jobs = [
            job["jobstatus"]
            for table in ("jobsdefined4", "jobsactive4", "jobsarchived4")
            for job in of_task(table, number)
        ]
        page = ask.bytes(f"/task/{number}/", mode="nodrop").decode()
        for state in set(jobs):
            assert f"<span>{state}</span> <b>{jobs.count(state)}</b>" in page, (number, state)


def test_the_profile_of_every_task_adds_up(
    ask: Asking, told: dict[int, dict[str, Any]], of_task: Callable[[str, int], Rows]
) -> None:
    for number in told:
        jobs = {
            job["pandaid"]: job
            for table in ("jobsdefined4", "jobsactive4", "jobsarchived4")
            for job in of_task(table, number)
        }
        over = [job for job in jobs.values() if job["jobstatus"] in ("finished", "failed") and job["endtime"]]
        steps = ask.v1(f"tasks/{number}/profile", mode="nodrop")["data"]["steps"]
        for step in steps:
            ended = [job for job in over if job["endtime"][:19] < step["end"].replace("T", " ")]
            for state in ("finished", "failed"):
                assert step[state] == sum(job["jobstatus"] == state for job in ended), (number, step["end"])
        assert bool(steps) == any(job["jobstatus"] in FINAL and job["endtime"] for job in jobs.values())


def test_what_jobs_of_every_task_used(
    ask: Asking, told: dict[int, dict[str, Any]], of_task: Callable[[str, int], Rows]
) -> None:
    for number in told:
        minutes = [
            int((moment(job["endtime"]) - moment(job["starttime"])).total_seconds()) / 60
            for job in of_task("jobsarchived4", number)
            if job["jobstatus"] == "finished" and job["starttime"] and job["endtime"] and is_run(job)
        ]
        found = ask.v1(f"tasks/{number}/resources", mode="nodrop")["data"]["resources"].get("minutes")
        known = [value for value in minutes if value > 0]
        assert bool(found) == bool(known)
        if found:
            assert found["count"] == len(known)
            assert found["median"] == pytest.approx(median(known), abs=0.02)
            counts = [sum(column) for column in zip(*(one["counts"] for one in found["queues"]), strict=True)]
            edges = [*found["edges"], float("inf")][: len(counts) + 1]
            assert counts == [sum(low <= value < high for value in known) for low, high in pairwise(edges)]


def is_run(job: dict[str, str]) -> bool:
    merges = job["processingtype"] in ("pmerge", "merge") or "merge" in job["transformation"].lower()
    return not merges and "build" not in job["transformation"].lower()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_no_markup_of_a_dialogue_is_markup_of_a_page(ask: Asking, tables: dict[str, Rows]) -> None:
    marked = [row for row in tables["jedi_tasks"] if "<" in row["errordialog"]]
    assert marked
    for row in marked:
        page = ask.bytes(f"/task/{row['jeditaskid']}/").decode()
        assert row["errordialog"] not in page
