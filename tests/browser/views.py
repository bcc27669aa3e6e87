"""Every kind of page of an instance, by name: what is photographed and what each test of all pages asks."""

import json
import sqlite3
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from tests.browser.instance import INCOMPLETE_NUMBER, Instance

NAMES = (
    "start", "jobs", "narrowed", "errors", "columns", "empty", "failed", "running", "series", "incomplete",
    "tasks", "task", "datasets", "dataset", "files", "file", "regions", "world", "errors-page", "nodes",
    "node", "users", "user", "queues", "queue", "states",
    "event-service", "events-task", "events-job", "work-queues", "resource-types",
    "pilots", "instances", "instance", "workers", "worker", "worker-stats", "diagnostics",
    "statistics", "find", "nothing-found", "log", "api", "problem-400", "problem-404",
)  # fmt: skip


def views(instance: Instance) -> dict[str, str]:
    """Path of each page by its name."""
    failed = _jobs(instance, jobstatus="failed", limit=500)
    again = max(failed, key=lambda job: (job["attemptnr"], job["pandaid"]))
    running = _jobs(instance, jobstatus="running", limit=1)[0]
    dataset = _datasets(instance, again["jeditaskid"])[0]["datasetid"]
    return {
        "start": "/",
        "jobs": "/jobs/",
        "narrowed": f"/jobs/?{urlencode({'hours': 24, 'computingsite.is': again['computingsite']})}",
        "errors": "/jobs/?hours=6&jobstatus=failed,finished&computingsite=Cedar*|Elder*&order=failing",
        "columns": "/jobs/?hours=1&limit=20&fields=jobstatus,wn,cpuefficiency,creationtime,transformation",
        "empty": "/jobs/?computingsite=NOWHERE&no_such_name=1",
        "failed": f"/job/{again['pandaid']}/",
        "running": f"/job/{running['pandaid']}/",
        "series": f"/job/{_with_series(instance)}/",
        "incomplete": f"/job/{INCOMPLETE_NUMBER}/",
        "tasks": "/tasks/",
        "task": f"/task/{again['jeditaskid']}/",
        "errors-page": "/errors/?hours=12",
        "nodes": f"/wns/{again['computingsite']}/",
        "node": f"/wn/{again['computingsite']}/{again['wn']}/",
        "users": "/users/",
        "user": f"/user/{quote(again['produsername'])}/",
        "datasets": f"/datasets/?jeditaskid={again['jeditaskid']}",
        "dataset": f"/dataset/?jeditaskid={again['jeditaskid']}&datasetid={dataset}",
        "files": f"/files/?jeditaskid={again['jeditaskid']}",
        "file": f"/file/?jeditaskid={again['jeditaskid']}&fileid={_file(instance, dataset)}",
        "statistics": "/statistics/?days=1&by=processingtype",
        "world": "/dash/world/",
        "regions": "/dash/region/?splitby=jobtype",
        **_of_events(instance),
        "work-queues": "/workQueues/",
        "resource-types": "/resourcetypes/",
        "queues": "/sites/",
        "queue": f"/site/{again['computingsite']}/",
        "states": "/status_summary/",
        **_of_harvester(instance),
        "find": "/find/?q=ast",
        "nothing-found": "/find/?q=no-such-thing:0",
        "log": f"/filebrowser/?pandaid={_with_log(instance, again['pandaid'])}",
        "api": "/api/v1/",
        "problem-400": "/jobs/?hours=twelve",
        "problem-404": "/job/1/",
    }


def _of_events(instance: Instance) -> dict[str, str]:
    """Pages about the event service."""
    job = _jobs(instance, eventservice="eventservice", jobstatus="finished,failed,running")[-1]
    return {
        "event-service": "/dash/es/",
        "events-task": f"/task/{job['jeditaskid']}/",
        "events-job": f"/job/{job['pandaid']}/",
    }


def _of_harvester(instance: Instance) -> dict[str, str]:
    """Pages about its services and workers."""
    return {
        "pilots": "/harvester/pilots/",
        "instances": "/harvester/instances/",
        "instance": f"/harvester/instance/{_busiest(instance)}/",
        "workers": "/harvester/workers/?hours=3",
        "worker": f"/harvester/worker/?{_worker(instance)}",
        "worker-stats": "/harvester/stats/",
        "diagnostics": "/harvester/diagnostics/",
    }


def _jobs(instance: Instance, **conditions: Any) -> list[dict[str, Any]]:
    with urlopen(f"{instance.url}/jobs/?json&{urlencode(conditions)}") as answer:
        found: list[dict[str, Any]] = json.load(answer)["jobs"]
    return found


def _datasets(instance: Instance, jeditaskid: int) -> list[dict[str, Any]]:
    with urlopen(f"{instance.url}/datasets/?json&jeditaskid={jeditaskid}") as answer:
        found: list[dict[str, Any]] = json.load(answer)
    return found


def _file(instance: Instance, datasetid: int) -> int:
    with urlopen(f"{instance.url}/loadFileList/?datasetid={datasetid}&limit=1") as answer:
        return int(json.load(answer)[0]["fileid"])


def _busiest(instance: Instance) -> str:
    """The harvester service with most workers."""
    with urlopen(f"{instance.url}/harvester/workers/?json&hours=3&limit=0") as answer:
        counts: dict[str, int] = json.load(answer)["summary"]["harvesterid"]
    return max(counts, key=lambda name: counts[name])


def _worker(instance: Instance) -> str:
    """The parameters of one that took a job."""
    with urlopen(f"{instance.url}/harvester/getworkers/?dt&hours=3&status=running") as answer:
        worker: dict[str, Any] = json.load(answer)[0]
    return urlencode({name: worker[name] for name in ("harvesterid", "workerid")})


def _with_log(instance: Instance, pandaid: int) -> int:
    """The same job, its log where the instance looks for it."""
    file = instance.folder / "logs" / f"{pandaid}.log"
    file.parent.mkdir(exist_ok=True)
    file.write_text("The payload ended with exit code 65.\n", encoding="utf-8")
    return pandaid


def _with_series(instance: Instance) -> int:
    """The job with the longest series of the process monitor in its metadata."""
    with sqlite3.connect(instance.folder / "panda.sqlite3") as panda:
        statement = "SELECT pandaid FROM metatable WHERE metadata LIKE ? ORDER BY length(metadata) DESC"
        return int(panda.execute(statement, ("%prmon_series%",)).fetchone()[0])
