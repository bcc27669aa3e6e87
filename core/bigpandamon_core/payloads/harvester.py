"""What harvester services are, say and count, as programs and pages ask for it."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import Condition, between
from bigpandamon_core.domain.parameters import clean, named, whole_number
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import read_moment
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.tables import plain
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import harvester as queries

HOURS, MESSAGES, RELATIONS, LONGEST_HOURS = 12, 100, 1_000, 24 * 366 * 20
Row = dict[str, Any]
_NUMBERS = frozenset({"nworkers", "workerid", "pandaid"})
_STATS_FILTERS = ("harvesterid", "computingsite", "resourcetype", "status", "jobtype")


def instance_url(call: Call, name: str) -> str:
    """The address of a service's page, "" where its name cannot be a part of one."""
    return f"{call.root}harvester/instance/{quote(name, safe='')}/" if name and "/" not in name else ""


def harvester_cell(call: Call, row: Row) -> Cell:
    """The name of a service, leading to its page."""
    return cell("text", row["harvesterid"], instance_url(call, row["harvesterid"]))


def told_of_service(call: Call, row: Row) -> Row:
    """What a service says it is, as the caller may see it: its owner may be a person."""
    return call.privacy.row(row | {"owner": call.privacy.name(row["owner"])})


def age_text(seconds: int | None) -> str:
    """How long something is ago, in the largest unit that tells."""
    if seconds is None:
        return ""
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


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


def whole(rows: list[Row], most: int) -> list[Row]:
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
    return asked.told(whole(queries.stats(*conditions), queries.MOST_STATS))


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
