"""What harvester services are, say and count, as programs and pages ask for it."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import Condition, between
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import clean, named, whole_number
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import read_moment
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.tables import plain, table
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import harvester as queries

HOURS, MESSAGES, RELATIONS, LONGEST_HOURS = 12, 100, 1_000, 24 * 366 * 20
Row = dict[str, Any]
_NUMBERS = frozenset({"nworkers", "workerid", "pandaid"})
_STATS_FILTERS = ("harvesterid", "computingsite", "resourcetype", "status", "jobtype")
_COLUMNS = (
    Column("harvesterid", "Harvester", "mono"),
    Column("lastupdate", "Last heard", "time"),
    Column("starttime", "Started", "time"),
    Column("hostname", "Host", "text"),
    Column("swversion", "Version", "text"),
    Column("commitstamp", "Commit", "text"),
    Column("description", "Description", "text"),
    Column("jobs", "Jobs", "text"),
)


class Asked(Unselected):
    """Parameters of a resource that has no selection.

    Raises:
        Problem: a value cannot be read, or as Unselected.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        self.given = clean(call.parameters)

    def texts(self, *names: str) -> list[Condition]:
        """Conditions on columns, with wildcards where they have any."""
        rule = rules.exact_or("*!|")
        return [_named(rule, name, self.given[name]) for name in names if name in self.given]

    def period(self, column: str, hours: int = 0) -> list[Condition]:
        """The last hours or days asked for; without a wish as many hours as are given here."""
        days, asked = whole_number(self.given, "days", 1), whole_number(self.given, "hours", 1)
        length = min(days * 24 if days else asked or hours, LONGEST_HOURS)
        return [between(column, self.call.now - timedelta(hours=length), self.call.now)] if length else []

    def limit(self, usual: int) -> int:
        """How many rows are wanted.

        Raises:
            Problem: more than are handed out.
        """
        asked = whole_number(self.given, "limit")
        if asked is not None and asked > queries.MOST_ROWS:
            raise Problem(
                f"limit is at most {queries.MOST_ROWS:,}", parameter="limit", remedy="Ask for fewer rows."
            )
        return usual if asked is None else asked

    def told(self, rows: list[Row]) -> list[Row]:
        """Rows as the caller may see them: absent texts are "", times have a T."""
        return [
            {name: _plain(name, value) for name, value in self.call.privacy.row(row).items()} for row in rows
        ]


def _whole(rows: list[Row], most: int) -> list[Row]:
    """The rows, if these are all.

    Raises:
        Problem: there are more.
    """
    if len(rows) >= most:
        raise Problem(
            f"An answer has at most {most:,} rows",
            code="too-many-rows",
            remedy="Ask for fewer: name an instance, a queue or a shorter period.",
        )
    return rows


def _named(rule: rules.Rule, name: str, value: str) -> Condition:
    try:
        return rule(name, value)
    except Problem as problem:
        raise named(problem, name) from None


def _plain(name: str, value: Any) -> Any:
    if value is None and name not in _NUMBERS and "time" not in name and name != "lastupdate":
        return ""
    return plain(value)


class Instances(Asked):
    """Services that submit workers, last heard first."""

    def __init__(self, call: Call):
        super().__init__(call)
        conditions = [*self.texts("harvesterid"), *self.period("lastupdate")]
        self.rows = [
            call.privacy.row(row) for row in _whole(queries.instances(*conditions), queries.MOST_INSTANCES)
        ]


def instances(found: Instances) -> dict[str, list[Row]]:
    return {"instances": found.told([dict(row) for row in found.rows])}


def instances_v1(found: Instances) -> Row:
    data = [{name: plain(value) for name, value in row.items()} for row in found.rows]
    meta = {"as_of": iso(found.call.now), "source": "sql", "total": len(data)}
    return {"data": data, "meta": meta, "links": {"self": found.call.url}}


def instances_lines(found: Instances) -> Table:
    return Table(("harvesterid", "lastupdate", "hostname", "swversion"), found.rows)


def instances_page(found: Instances) -> Row:
    """The context of the page."""
    url = found.call.url
    rows = [_instance(found.call, row) for row in found.rows]
    return {
        "title": "Harvester instances",
        "heading": f"{len(rows):,} harvester instance{'' if len(rows) == 1 else 's'}",
        "window": None,
        "tables": [table("instances", "Instances", _COLUMNS, rows, empty="No instance reports.")],
        "ignored": found.ignored,
        "source": "read in the PanDA database",
        "links": {"json": f"{url}?json", "lasting": url, "api": f"{found.call.api}instances"},
    }


def _instance(call: Call, row: Row) -> Row:
    name = quote(str(row["harvesterid"]), safe="")
    workers = f"{call.root}harvester/workers/?harvesterid.is={name}"
    return row | {
        "harvesterid": cell("mono", row["harvesterid"], workers),
        "jobs": cell("text", "jobs", f"{call.root}jobs/?harvesterinstance={name}"),
    }


def worker_stats(asked: Asked) -> list[Row]:
    """`/harvester/getworkerstats/`: how many workers services report, newest first."""
    given = asked.given
    begin, end = (
        read_moment(given[name], name) if name in given else None
        for name in ("lastupdate_from", "lastupdate_to")
    )
    conditions = asked.texts(*_STATS_FILTERS)
    if begin or end:
        conditions.append(between("lastupdate", begin, end))
    return asked.told(_whole(queries.stats(*conditions), queries.MOST_STATS))


def messages(asked: Asked) -> list[Row]:
    """`/harvester/getdiagnostics/`: what services said, newest first."""
    conditions = [*_of_instance(asked), *asked.texts("modulename", "messagelevel")]
    return asked.told(
        queries.dialogs(asked.limit(MESSAGES), *conditions, *asked.period("creationtime", HOURS))
    )


def jobs(asked: Asked) -> list[Row]:
    """`/harvester/getjobs/`: which worker took which job, newest first."""
    conditions = _of_instance(asked)
    for name in ("workerid", "pandaid"):
        if name in asked.given:
            conditions.append(_named(rules.integers, name, asked.given[name]))
    period = [] if {"workerid", "pandaid"} & asked.given.keys() else asked.period("lastupdate", HOURS)
    return asked.told(queries.taken(asked.limit(RELATIONS), *conditions, *period))


def _of_instance(asked: Asked) -> list[Condition]:
    given = asked.given.get("harvesterid") or asked.given.get("instance")
    return [_named(rules.exact_or("*!|"), "harvesterid", given)] if given else []
