"""Work queues, resource types and status logs as a real server wrote them."""

from datetime import datetime

from tests.truth.asking import Asking

NOW = datetime(2026, 11, 21, 0, 45)
TABLES = ("jedi_work_queue", "resource_types", "tasks_statuslog", "jedi_tasks")
Rows = list[dict[str, str]]


def test_work_queues(ask: Asking, tables: dict[str, Rows]) -> None:
    found = ask.json("/workQueues/")
    wanted = sorted(tables["jedi_work_queue"], key=lambda row: int(row["queue_id"]))
    assert wanted
    told = [{name: "" if value is None else str(value) for name, value in queue.items()} for queue in found]
    assert told == [{name: row[name] for name in told[0]} for row in wanted]


def test_resource_types(ask: Asking, tables: dict[str, Rows]) -> None:
    found = ask.json("/resourcetypes/")["resource_types"]
    told = [{name: "" if value is None else str(value) for name, value in one.items()} for one in found]
    assert told == sorted(tables["resource_types"], key=lambda row: row["resource_name"])


def test_status_logs_of_tasks(ask: Asking, tables: dict[str, Rows]) -> None:
    for task in tables["jedi_tasks"]:
        logged = [row for row in tables["tasks_statuslog"] if row["jeditaskid"] == task["jeditaskid"]]
        logged.sort(key=lambda row: row["modificationtime"])
        found = ask.json(f"/taskstatuslog/{task['jeditaskid']}/")
        assert [one["status"] for one in found] == [row["status"] for row in logged]
        assert [one["modificationtime"] for one in found] == [
            row["modificationtime"][:19].replace(" ", "T") for row in logged
        ]
