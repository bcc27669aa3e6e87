"""Batch jobs as a list: how many in which state, by host, site, queue and owner, and the jobs themselves."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.db.models import Q

from bigpandamon_core.plugin import NOT_SPECIFIED, Call, Cell, Column, Problem, Table, cell, state_cell, table
from bigpandamon_htcondor import telling
from bigpandamon_htcondor.asking import OF_PEOPLE, TEXTS, Selection
from bigpandamon_htcondor.models import BatchJob
from bigpandamon_htcondor.states import ORDER, group

PAGE_ROWS, MOST_ROWS, SHOWN_VALUES, AT_ONCE = 100, 10_000, 8, 500
ATTRIBUTES = {
    "host": "Submit hosts", "site": "Sites and gateways", "queue": "PanDA queues",
    "accounting": "Accounting", "owner": "Owners",
}  # fmt: skip
COLUMNS = (
    Column("globaljobid", "Batch job", "mono"), Column("state", "State", "state"),
    Column("entered", "Since", "time"), Column("host", "Submit host"), Column("owner", "Owner"),
    Column("site", "Site"), Column("node", "Node"), Column("queued", "Queued", "time"),
    Column("started", "Started", "time"), Column("ended", "Ended", "time"), Column("cpus", "Cores", "number"),
    Column("wall_s", "Ran", "duration"), Column("used_mb", "Memory, MiB", "number"),
    Column("starts", "Starts", "number"), Column("reason", "Reason", "error"),
)  # fmt: skip
SWITCH = (("6", "6 h"), ("12", "12 h"), ("24", "24 h"), ("168", "7 d"), ("none", "all times"))


class Jobs(Selection):
    """A page of batch jobs, those whose state began last first.

    Raises:
        Problem: from the constructor: a parameter cannot be read.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        self.limit = call.number("limit", PAGE_ROWS, MOST_ROWS)
        self.after = call.parameter("after")
        self.place = self._place()
        self.is_whole = False

    def _place(self) -> Q:
        """Rows after the last one of the page before."""
        if not self.after:
            return Q()
        moment, _, name = self.after.partition("~")
        try:
            since = datetime.fromisoformat(moment)
        except ValueError as error:
            raise Problem("No such place in the list", parameter="after", remedy="Leave it out.") from error
        if since.tzinfo:
            raise Problem("No such place in the list", parameter="after", remedy="Leave it out.")
        return _behind(since, name)

    @cached_property
    def states(self) -> list[tuple[str, int]]:
        """In the order in which a job may pass them."""
        counts = dict(self.counts("state"))
        return [(one, counts[one]) for one in (*ORDER, "") if one in counts]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.states)

    @cached_property
    def found(self) -> list[BatchJob]:
        """The page's jobs, and one more where more follow."""
        ordered = self.jobs.filter(self.place).order_by("-since", "pk")
        return list(ordered[: self.limit + 1])

    def every(self) -> Iterator[list[BatchJob]]:
        """All of its jobs, some at a time, from the place on at which the page begins."""
        ordered, place = self.jobs.defer("attributes").order_by("-since", "pk"), self.place
        while some := list(ordered.filter(place)[:AT_ONCE]):
            yield some
            place = _behind(some[-1].since, some[-1].pk)

    @property
    def shown(self) -> list[BatchJob]:
        return self.found[: self.limit]

    @property
    def truncated(self) -> str:
        """What is left out of an answer without pages, "" if that is nothing."""
        if self.is_whole or not self.next_url:
            return ""
        return f"{len(self.shown)} of {self.total} jobs: raise limit"

    @property
    def next_url(self) -> str:
        if len(self.found) <= self.limit:
            return ""
        last = self.shown[-1]
        return self.link(limit=str(self.limit), after=f"{last.since.isoformat()}~{last.globaljobid}")


def _behind(since: datetime, name: str) -> Q:
    """Jobs after one in the list."""
    return Q(since__lt=since) | Q(since=since, pk__gt=name)


class Unremoved(Jobs):
    """Without those that are marked removed, which programs of 2014 deleted."""

    def _where(self) -> Q:
        return super()._where() & Q(removed=None)


def plain(jobs: Jobs) -> dict[str, Any]:
    """Summary and rows."""
    return {
        "total": jobs.total,
        "states": dict(jobs.states),
        "jobs": telling.rows(jobs.shown, jobs.call),
        "next": jobs.next_url or None,
    }


def v1(jobs: Jobs) -> dict[str, Any]:
    """The same in the envelope of `/api/v1`."""
    meta = {"as_of": jobs.call.now, "total": jobs.total, "states": dict(jobs.states), "hours": jobs.hours}
    links = {"self": jobs.link(), "next": jobs.next_url or None}
    return {"data": telling.rows(jobs.shown, jobs.call), "meta": meta, "links": links}


def every_row(jobs: Jobs) -> Table:
    """All rows, unless `limit` says how many."""
    if jobs.call.parameter("limit"):
        return rows(jobs)
    jobs.is_whole = True
    listed = (row for some in jobs.every() for row in telling.rows(some, jobs.call))
    return Table((*telling.NAMES, "JobStatus", "wmsid"), listed)


def rows(jobs: Jobs) -> Table:
    """As many rows as `limit` says."""
    listed = telling.rows(jobs.shown, jobs.call)
    note = f"{jobs.total:,} jobs, {len(listed):,} shown"
    return Table((*telling.NAMES, "JobStatus", "wmsid"), listed, note)


def of_2014(jobs: Jobs) -> Iterator[dict[str, Any]]:
    """An array, as programs of 2014 read it."""
    yield from telling.pairs_of_2014(jobs.shown, jobs.call)


def of_rest(jobs: Jobs) -> Iterator[dict[str, Any]]:
    """An array, as programs of the REST successor read it."""
    links = telling.pandaids(jobs.shown)
    yield from (telling.of_rest(one, jobs.call, links) for one in jobs.shown)


def job_url(root: str, globaljobid: str) -> str:
    """The address of a batch job's page."""
    return f"{root}job/{quote(globaljobid, safe='')}/"


def page(jobs: Jobs) -> dict[str, Any]:
    """The context of the page."""
    many = f"{jobs.total:,} batch job{'' if jobs.total == 1 else 's'}"
    return {
        "title": "Batch jobs",
        "heading": many,
        "window": _window(jobs),
        "conditions": _conditions(jobs),
        "condition_choice": _choice(jobs),
        "states": states(jobs),
        "counted": "Batch jobs",
        "attributes": list(_attributes(jobs)),
        "tables": [jobs_table(jobs.shown, jobs.call, "list", _rows_title(jobs)) | _more(jobs)],
        "source": "as schedulers told it",
        "links": {
            "json": jobs.link(json=""),
            "csv": jobs.link(format="csv"),
            "ndjson": jobs.link(format="ndjson"),
            "lasting": jobs.link(),
        },
    }


def _window(jobs: Jobs) -> dict[str, Any]:
    hours = jobs.hours
    text = "all times" if hours is None else f"in the queue, or in their state for at most {hours:,} hours"
    return {
        "text": text,
        "switch": [
            {"text": label, "url": jobs.link(hours=value), "current": value == str(hours or "none")}
            for value, label in SWITCH
        ],
    }


def _conditions(jobs: Jobs) -> list[dict[str, str]]:
    return [
        {"field": name, "text": value, "remove_url": jobs.link("", **{name: None})}
        for name, value in jobs.conditions.items()
    ]


def _choice(jobs: Jobs) -> dict[str, Any]:
    """What the form needs that adds a condition."""
    groups = [{"title": "Batch job", "names": ["state", *TEXTS]}, {"title": "PanDA", "names": ["pandaid"]}]
    kept = [*jobs.conditions.items(), *([("hours", jobs.given_hours)] if jobs.given_hours else [])]
    return {"url": jobs.call.url, "kept": kept, "groups": groups, "help_url": jobs.call.reference}


def states(jobs: Jobs) -> list[dict[str, Any]]:
    """Counts by state, each a link to its jobs."""
    return [
        {
            "state": state or "unknown",
            "group": group(state),
            "count": count,
            "url": jobs.link(state=state or NOT_SPECIFIED),
        }
        for state, count in jobs.states
    ]


def _attributes(jobs: Jobs) -> Iterator[dict[str, Any]]:
    for name, title in ATTRIBUTES.items():
        if name in OF_PEOPLE and jobs.call.privacy.hides_names:
            continue
        values = jobs.counts(name, SHOWN_VALUES)
        if any(value for value, _ in values):
            yield {
                "field": name,
                "title": title,
                "distinct": len(values),
                "values": [_value(jobs, name, value, count) for value, count in values],
                "more": 0,
            }


def _value(jobs: Jobs, name: str, value: str, count: int) -> dict[str, Any]:
    told = str(jobs.call.privacy.name(value)) if name == "owner" else value
    can_ask = told == value and not {"*", "|"} & set(value)
    return {
        "value": told or NOT_SPECIFIED,
        "text": told or NOT_SPECIFIED,
        "count": count,
        "url": jobs.link(**{name: value or NOT_SPECIFIED}) if can_ask else "",
        "failed": 0,
        "ended": 0,
        "rate": None,
        "telling": False,
        "share": count / jobs.total if jobs.total else 0,
        "group": "",
    }


def _rows_title(jobs: Jobs) -> str:
    if jobs.after:
        return f"The next {len(jobs.shown):,} of {jobs.total:,}"
    return f"All {jobs.total:,}" if not jobs.next_url else f"The last {len(jobs.shown):,} of {jobs.total:,}"


def _more(jobs: Jobs) -> dict[str, str]:
    return {"more": "Next →", "more_url": jobs.next_url} if jobs.next_url else {}


def jobs_table(
    jobs: Sequence[BatchJob], call: Call, name: str, title: str, left_out: Sequence[str] = (), **more: str
) -> dict[str, Any]:
    """Batch jobs as a table of a page, without some columns and those that nothing is known for."""
    cells = [_cells(job, call) for job in jobs]
    told = [one for one in COLUMNS if one.name not in left_out and any(row[one.name] for row in cells)]
    return table(name, title, tuple(told), cells, **({"empty": "No batch job matched."} | more))


def _cells(job: BatchJob, call: Call) -> dict[str, Any]:
    named: Cell = cell("mono", job.batchid or job.globaljobid, job_url(call.root, job.globaljobid))
    return {one.name: getattr(job, one.name) for one in COLUMNS} | {
        "globaljobid": named,
        "state": state_cell(job.state, group(job.state)),
        "owner": call.privacy.name(job.owner),
        "reason": telling.reason(job, call),
    }
