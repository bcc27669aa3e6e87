"""One harvester worker and the jobs it took."""

from collections import Counter
from functools import cached_property
from typing import Any

from bigpandamon_core.domain import workers as worker_rules
from bigpandamon_core.domain.parameters import clean, integer
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.envelope import plain as with_nulls
from bigpandamon_core.payloads.harvester import instance_url
from bigpandamon_core.payloads.tables import Fact, all_fields, fact, plain
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.payloads.workers import jobs_url, worker_url
from bigpandamon_core.payloads.workers_compat import columns
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries import workers as queries

Row = dict[str, Any]
LOGS = {
    "stdout": "Standard output",
    "stderr": "Standard error",
    "batchlog": "Batch log",
    "jdl": "Description",
}
_LABELS = {
    "computingsite": "Queue", "computingelement": "Gateway", "nodeid": "Node", "submissionhost": "Sent from",
    "batchid": "Batch id", "nativestatus": "Batch state", "submittime": "Submitted", "starttime": "Started",
    "endtime": "Ended", "lastupdate": "Updated", "pilotstarttime": "Pilot started",
    "pilotendtime": "Pilot ended", "pilotstatus": "Pilot says", "resourcetype": "Resource",
    "jobtype": "Activity", "ncore": "Cores",
}  # fmt: skip
_WEB = ("http://", "https://")


class OneWorker(Unselected):
    """A worker by its harvester and number.

    Raises:
        Problem: from the constructor: 400 where one is not named, 404 when there is no such worker or it is
            outside the caller's scope.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        harvesterid, number = _required(call, "harvesterid"), _required(call, "workerid")
        self.workerid = integer(number, "workerid")
        row = queries.one(harvesterid, self.workerid)
        if row is None or not scope.is_inside(call, row, "workers"):
            raise not_found(f"There is no worker {self.workerid} of {harvesterid[:60]}.", "Check both.")
        self.row = call.privacy.row(row)

    @property
    def told_beside(self) -> Row:
        """What panels beside the page get."""
        return self.row

    @cached_property
    def jobs(self) -> list[Row]:
        """Its jobs that are still kept, newest first."""
        numbers = self.optional("jobs", lambda: queries.jobs_of(*self._key), list[int]())
        inside = scope.condition(self.call)
        found = self.optional("jobs", lambda: job_queries.some(numbers, inside), list[Row]())
        return sorted(found, key=lambda job: job["pandaid"], reverse=True)

    @property
    def _key(self) -> tuple[str, int]:
        return self.row["harvesterid"], self.workerid


def _required(call: Call, name: str) -> str:
    found = clean(call.parameters).get(name, "")
    if not found:
        raise Problem(
            f"No {name} provided",
            parameter=name,
            code="missing-parameter",
            remedy="Give harvesterid=<harvester> and workerid=<number>.",
        )
    return found


def compatible(worker: OneWorker) -> Row:
    """The worker as the BigPanDA JSON API gives it."""
    return columns(worker.row) | {
        "corrJobs": [job["pandaid"] for job in worker.jobs],
        "jobsStatuses": Counter(job["jobstatus"] or "" for job in worker.jobs),
        "jobsSubStatuses": Counter(job["jobsubstatus"] or "" for job in worker.jobs),
    }


def v1(worker: OneWorker) -> Row:
    """The worker for `/api/v1`."""
    data = with_nulls({name: plain(value) for name, value in worker.row.items()})
    data |= {"pandaids": [job["pandaid"] for job in worker.jobs]}
    meta = {"as_of": iso(worker.call.now), "source": "sql", "missing": worker.missing}
    return {"data": data, "meta": meta, "links": {"self": worker.call.url}}


def page(worker: OneWorker) -> Row:
    """The context of the page."""
    row, call = worker.row, worker.call
    wrong = worker_rules.mismatch(row["status"], row["pilotstatus"])
    said = [("States do not agree", wrong), ("What the worker said last", str(row["diagmessage"] or ""))]
    url = worker_url(call, row)
    return {
        "title": f"Worker {worker.workerid}",
        "heading": f"Worker {worker.workerid}",
        "name": row["harvesterid"],
        "window": None,
        "state": {"state": row["status"], "group": worker_rules.worker_group(row["status"] or "")},
        "said": [{"title": title, "text": text} for title, text in said if text],
        "facts": facts(worker),
        "tables": [],
        "fields": all_fields(row),
        "truncated": "",
        "ignored": worker.ignored,
        "notes": worker.lacking,
        "source": "read in the PanDA database",
        "links": {"json": f"{url}&json", "lasting": url},
    }


def facts(worker: OneWorker) -> list[Row]:
    row = worker.row
    count = len(worker.jobs)
    jobs = fact("Jobs", f"{count:,}" if count else "", jobs_url(worker.call, row))
    service = fact("Harvester", row["harvesterid"], instance_url(worker.call, row["harvesterid"]))
    where = ("computingsite", "computingelement", "nodeid", "submissionhost", "batchid", "nativestatus")
    when = ("submittime", "starttime", "endtime", "lastupdate", "pilotstarttime", "pilotendtime")
    groups = (
        ("Where", [_fact(row, name) for name in where]),
        ("When", [_fact(row, name) for name in when]),
        (
            "What",
            [
                service,
                jobs,
                *(_fact(row, name) for name in ("pilotstatus", "resourcetype", "jobtype", "ncore")),
            ],
        ),
        ("Logs", [_log(row, name) for name in LOGS]),
    )
    return [{"title": title, "rows": rows} for title, rows in groups]


def _fact(row: Row, name: str) -> Fact:
    return fact(_LABELS[name], plain(row[name]))


def _log(row: Row, name: str) -> Fact:
    address = str(row[name] or "")
    return fact(LOGS[name], address, address if address.startswith(_WEB) else "")


def lines(worker: OneWorker) -> Table:
    """What a terminal shows of a worker: the facts, one a line."""
    told = [(one["label"], one["text"]) for group in facts(worker) for one in group["rows"]]
    rows = [("Worker", worker.workerid), ("State", worker.row["status"]), *told]
    return Table(("fact", "value"), ({"fact": name, "value": value} for name, value in rows if value))
