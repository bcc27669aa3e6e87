"""The list of workflows: a page, and the same rows for programs."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.plugin import (
    Access,
    Call,
    Parameter,
    Resource,
    Table,
    cell,
    state_cell,
    task_group,
)
from bigpandamon_lsst import compatible
from bigpandamon_lsst.compatible import HTCONDOR, PANDA, percent
from bigpandamon_lsst.condor import Run, runs
from bigpandamon_lsst.hidden import address, shown
from bigpandamon_lsst.reading import Found, days_of, judge, recent, with_files, with_requests
from bigpandamon_lsst.tolerance import Verdict
from bigpandamon_lsst.workflows import Files, Workflow

MOST_SHOWN, MOST_TASKS = 25, 500
"""Workflows on a page, and how many tasks they have together at most."""
CHOICES = (1, 7, 30, 90)
GROUPS = {Verdict.ACCEPTED: "good", Verdict.RESCUE: "waiting", Verdict.REVIEW: "bad"}
ENDED = ("done", "error")
"""States of DAGMan."""
KNOWN_AT = "idds/wfprogress/"
"""Where programs look for the list of the workflow service."""
COUNTERS = ("total", "unreleased", "running", "finished", "failed", "missing")
WITHOUT_SERVICE = "Rebuilt from PanDA alone: nothing is known here of requests of the workflow service."
ITEM = {
    "type": "object",
    "properties": {
        "request_id": {"type": ["integer", "null"]},
        "r_name": {"type": "string"},
        "r_status": {"type": ["string", "null"]},
        "tasks_statuses": {"type": "object"},
        "total_files": {"type": "integer"},
    },
}


class Overview:
    """The workflows of some days.

    Raises:
        Problem: the days are no number.
    """

    def __init__(self, call: Call):
        self.call = call
        self.days = days_of(call)
        self.found = recent(call)
        self.total = len(self.found.workflows)

    @property
    def truncated(self) -> str:
        return self.found.truncated

    @cached_property
    def condor(self) -> list[Run]:
        """The runs of the same days on HTCondor."""
        return runs(self.call, self.days, self.call.parameter("name"), self.call.parameter("user"))

    @cached_property
    def everything(self) -> list[Workflow]:
        return with_requests(self.call, with_files(self.call, self.found)).workflows

    @cached_property
    def shown(self) -> list[Workflow]:
        """The newest, as many as a page has."""
        tasks, kept = 0, list[Workflow]()
        for one in self.found.workflows[:MOST_SHOWN]:
            tasks += len(one.tasks)
            if kept and tasks > MOST_TASKS:
                break
            kept.append(one)
        self.found.workflows = kept
        return with_requests(self.call, with_files(self.call, self.found)).workflows


def plain(overview: Overview) -> list[dict[str, Any]]:
    """At the address of the workflow service what programs know, that is runs on PanDA alone."""
    if overview.call.url.endswith(KNOWN_AT):
        return [compatible.of_panda(one) for one in overview.everything]
    return compatible.all_of(overview.call, overview.everything, overview.condor)


def table(overview: Overview) -> Table:
    rows = plain(overview)
    more = () if overview.call.url.endswith(KNOWN_AT) else ("back_end",)
    columns = (*(name for name in compatible.COLUMNS if name != "tasks_statuses"), *more, "states")
    told = ({**row, "states": _in_words(row["tasks_statuses"])} for row in rows)
    return Table(columns, told, overview.truncated)


def _in_words(states: dict[str, int]) -> str:
    return " ".join(f"{state}:{count}" for state, count in sorted(states.items()))


def page(overview: Overview) -> dict[str, Any]:
    call, shown = overview.call, overview.shown
    judgement = judge(call, shown)
    left = overview.total - len(shown)
    rows = [_row(call, one, judgement.verdict(one.run)) for one in shown]
    rows += [_condor_row(call, one) for one in overview.condor]
    rows.sort(key=lambda row: row["created"] or call.now, reverse=True)
    total = overview.total + len(overview.condor)
    notes = [*without_service(overview.found), *overview.found.lacking, *judgement.lacking]
    if left:
        notes.append(f"{left} older workflows are not shown: ask by name, or as JSON or CSV for all.")
    return {
        "title": "Rubin workflows",
        "heading": f"{total:,} workflow{'' if total == 1 else 's'}",
        "notes": notes,
        "truncated": overview.found.truncated or judgement.truncated,
        "choices": list(_choices(call, overview.days)),
        "choices_of": "Days",
        "knows_service": overview.found.knows_service,
        "asked": {name: call.parameter(name) for name in ("name", "user", "days")},
        "url": call.url,
        "others": overview.found.others,
        "rows": rows,
        "source": "rebuilt from tasks and data sets of the PanDA database",
    }


def without_service(found: Found) -> list[str]:
    """What a page says where the service could not be asked."""
    return [] if found.knows_service else [WITHOUT_SERVICE]


def _query(call: Call, **changes: str) -> str:
    kept = {name: call.parameter(name) for name in ("name", "user", "days") if call.parameter(name)}
    return urlencode({"days": str(days_of(call)), **kept, **changes})


def _choices(call: Call, days: int) -> Iterator[dict[str, Any]]:
    for choice in CHOICES:
        url = f"{call.url}?{_query(call, days=str(choice))}"
        yield {"text": f"{choice} d", "url": url, "current": choice == days}


def _row(call: Call, one: Workflow, verdict: str) -> dict[str, Any]:
    return {
        "name": cell("text", one.run, workflow_url(call, one)),
        "verdict": verdict_cell(verdict, one.is_over),
        "request": one.request,
        "states": states(call, one),
        **_columns(call, PANDA, one.first("username"), one.created, one.files),
    }


def _condor_row(call: Call, one: Run) -> dict[str, Any]:
    """The table is about errors of PanDA: nobody knows those of a node. The page of a DAG tells its name:
    no link leads there where that is hidden."""
    dag = f"{call.root.removesuffix('lsst/')}htcondor/dag/{quote(one.dag, safe='')}/"
    url = "" if call.privacy.hides_names else dag
    states = [
        {"state": state, "group": group, "count": count, "url": url} for state, group, count in one.states
    ]
    user = "" if call.privacy.hides_names else one.told.operator
    verdict = Verdict.REVIEW if one.files.failed else Verdict.ACCEPTED
    return {
        "name": cell("text", shown(call, one.name), url),
        "verdict": verdict_cell(verdict, one.state in ENDED),
        "states": states,
        **_columns(call, HTCONDOR, user, one.told.submitted, one.files),
    }


def _columns(call: Call, back_end: str, user: str, created: datetime | None, files: Files) -> dict[str, Any]:
    return {
        "created": created,
        "about": [
            cell("text", back_end),
            cell("text", user),
            cell("time", created),
            cell("duration", (call.now - created).total_seconds() if created else None),
        ],
        "counted": [
            *(cell("number", getattr(files, name)) for name in COUNTERS),
            cell("percent", percent(files.finished, files)),
        ],
    }


def workflow_url(call: Call, one: Workflow, path: str = "workflow") -> str:
    """Of its page, or of another about it."""
    return address(call, path, one.run, min(task.number for task in one.tasks))


def states(call: Call, one: Any) -> list[dict[str, Any]]:
    """Tasks of a workflow or a label by state, each a link to them."""
    return [
        {
            "state": state,
            "group": task_group(state),
            "count": count,
            "url": tasks_url(call, [task.number for task in one.tasks if task.status == state]),
        }
        for state, count in sorted(one.states.items())
    ]


def tasks_url(call: Call, numbers: list[int]) -> str:
    return f"{call.root}tasks/?{urlencode({'jeditaskid': '|'.join(map(str, numbers))})}"


def verdict_cell(verdict: str, is_over: bool) -> dict[str, Any]:
    """In the colours of states. Nothing was found wrong with one that runs so far."""
    if not verdict:
        return state_cell("too many failures", "bad")
    so_far = "" if is_over else " so far"
    return state_cell(f"{verdict}{so_far}", GROUPS[Verdict(verdict)])


WORKFLOWS = Resource(
    name="lsst-workflows",
    path="lsst/workflows/",
    also_at=(KNOWN_AT,),
    help="Workflows of the batch production service with their tasks and files.",
    access=Access.READ,
    build=Overview,
    formats={"html": page, "json": plain, "csv": table, "ndjson": table, "text": table},
    template="lsst/workflows.html",
    point="lsst-workflows",
    parameters=(
        Parameter("days", "How far back, 7 unless said otherwise.", "count"),
        Parameter("name", "A part of the run's name, or a pattern with *."),
        Parameter("user", "Who submitted."),
    ),
    answer={"type": "array", "items": ITEM},
    needs=("jedi", "jobs"),
)
