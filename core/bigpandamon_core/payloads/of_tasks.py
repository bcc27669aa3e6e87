"""Records that belong to tasks, which tell whose they are: their texts may hold the names of users."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from bigpandamon_core.domain.conditions import Condition, one_of
from bigpandamon_core.domain.narrowing import is_narrowed
from bigpandamon_core.domain.people import NOBODY, Person, person_of
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.records import Listing, Records, Row
from bigpandamon_core.queries import tasks

BATCH = 500


class RecordsOfTasks(Records):
    """Records with the number of a task. From the point of view of a plugin, those of its tasks.

    Raises:
        Problem: from the constructor: there no task is named, or as Records.
    """

    def __init__(self, call: Call, declared: Listing):
        super().__init__(call, declared)
        if "tasks" in call.scope:
            inside = one_of("jeditaskid", scope.tasks_inside(call, _named(self.selection)))
            self.selection = replace(self.selection, extra=(*self.selection.extra, inside))

    def as_told(self, rows: Iterable[Row]) -> Iterator[Row]:
        return as_told(self.call, rows)


def _named(selection: Selection) -> list[int]:
    """The tasks that a request names by number."""
    found = re.findall(r"[0-9]+", selection.get("jeditaskid"))
    if not found:
        raise lacking(("jeditaskid",))
    return [int(number) for number in found]


def as_told(call: Call, rows: Iterable[Row]) -> Iterator[Row]:
    """Records with the number of their task in `jeditaskid`, as the caller may see them."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        owners = _owners(call, {row["jeditaskid"] for row in batch if row["jeditaskid"]})
        for row in batch:
            yield call.privacy.row(row, owners.get(row["jeditaskid"] or 0, NOBODY))


def _owners(call: Call, jeditaskids: Collection[int]) -> Mapping[int, Person]:
    """Whose the tasks are, where that matters."""
    if not call.privacy.hides_names:
        return {}
    return {number: person_of(row) for number, row in tasks.some(jeditaskids, ("username",)).items()}


def refuse_unnarrowed(
    condition: Condition, columns: Collection[str], names: tuple[str, ...], body: Any = None
) -> None:
    """Let pass what an index can find.

    columns: those that indexes begin with. names: the parameters that say one of them. body: as of a Problem.

    Raises:
        Problem: only reading the whole table could tell.
    """
    if not is_narrowed(condition, columns):
        raise lacking(names, body)


def lacking(names: tuple[str, ...], body: Any = None) -> Problem:
    """None of these parameters is given. body: as of a Problem."""
    listed = " or ".join(names)
    return Problem(
        f"No {listed} provided",
        parameter=names[0],
        code="missing-parameter",
        remedy=f"Give {listed}, whole and not negated: everything else can only be asked beside it.",
        body=body,
    )
