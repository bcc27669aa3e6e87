"""Harvester services, nodes and attempts of tasks as a real server wrote them."""

import re
from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.truth.asking import Asking

NOW = datetime(2026, 11, 21, 0, 45)
TABLES = (
    "harvester_instances", "harvester_worker_stats", "harvester_dialogs", "harvester_rel_jobs_workers",
    "worker_node", "schedconfig_json", "jedi_tasks", "task_attempts",
)  # fmt: skip
STORED_AS = {
    "harvesterid": "harvester_id", "swversion": "sw_version", "commitstamp": "commit_stamp",
    "nworkers": "n_workers",
}  # fmt: skip
Rows = list[dict[str, str]]


def written(value: Any) -> str:
    """As the files have it, times to the second."""
    return "" if value is None else re.sub(r"^(\S{10})T(\S{8})$", r"\1 \2", str(value))


def as_told(rows: Rows, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    found = []
    for row in rows:
        values = (row[name] if name in row else row[STORED_AS[name]] for name in names)
        found.append(tuple(re.sub(r"^(\S{10} \S{8})\.\d+$", r"\1", value) for value in values))
    return sorted(found)


@pytest.mark.parametrize(
    ("path", "table"),
    [
        ("/harvester/getworkerstats/", "harvester_worker_stats"),
        ("/harvester/getdiagnostics/?hours=24", "harvester_dialogs"),
        ("/harvester/getjobs/", "harvester_rel_jobs_workers"),
    ],
)
def test_every_record_of_services(ask: Asking, tables: dict[str, Rows], path: str, table: str) -> None:
    found = ask.json(path.partition("?")[0], **dict(parse_qsl(path.partition("?")[2])))
    names = tuple(found[0])
    assert sorted(tuple(map(written, one.values())) for one in found) == as_told(tables[table], names)


def test_every_service(ask: Asking, tables: dict[str, Rows]) -> None:
    found = ask.json("/harvester/instances/")["instances"]
    names = tuple(found[0])
    assert [tuple(map(written, one.values())) for one in found] == as_told(
        tables["harvester_instances"], names
    )
    for one in found:
        page = ask.bytes(f"/harvester/instance/{one['harvesterid']}/").decode()
        assert one["hostname"] in page


def test_workers_by_every_attribute(ask: Asking, tables: dict[str, Rows]) -> None:
    stats = tables["harvester_worker_stats"]
    for name in ("computingsite", "resourcetype", "status", "jobtype"):
        wanted: Counter[str] = Counter()
        for row in stats:
            wanted[row[name]] += int(row["n_workers"])
        for value, count in wanted.items():
            told = ask.json("/harvester/getworkerstats/", **{name: value})
            assert sum(one["nworkers"] for one in told) == count, (name, value)


def test_what_every_node_is_made_of(ask: Asking, tables: dict[str, Rows]) -> None:
    queues = {row["panda_queue"] for row in tables["schedconfig_json"]}
    assert "ALPHA_GRID" in queues
    nodes = [row for row in tables["worker_node"] if row["site"] == "ALPHA"]
    assert nodes
    for row in nodes:
        page = ask.bytes(f"/wn/ALPHA_GRID/{row['host_name']}/").decode()
        assert row["cpu_model"] in page, row["host_name"]
        assert row["n_logical_cpus"] in page


def test_attempts_of_every_task(ask: Asking, tables: dict[str, Rows]) -> None:
    for task in tables["jedi_tasks"]:
        rows = [row for row in tables["task_attempts"] if row["jeditaskid"] == task["jeditaskid"]]
        told = ask.v1(f"tasks/{task['jeditaskid']}")["data"]["attempts"]
        names = ("attemptnr", "startstatus", "endstatus", "starttime", "endtime")
        assert [tuple(written(one[name]) for name in names) for one in told] == as_told(rows, names)
