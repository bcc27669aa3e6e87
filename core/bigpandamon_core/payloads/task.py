"""One task and everything that belongs to it."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Any

from bigpandamon_core.domain import events
from bigpandamon_core.domain.metadata import parsed
from bigpandamon_core.domain.parameters import clean, integer, refuse_illegal
from bigpandamon_core.domain.people import asks_for_subject, person_of
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs_of_task import JobsOfTask
from bigpandamon_core.payloads.tasks import Tasks
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import events as event_queries
from bigpandamon_core.queries import task_history
from bigpandamon_core.queries import tasks as queries
from bigpandamon_core.summaries.events import EventRanges, added_up

Row = dict[str, Any]
MODES = ("drop", "nodrop")
MOST_BAD = 200
"""Rows about event ranges that failed, of which more would tell no more."""


class OneTask(Unselected):
    """A task by its number or its exact name.

    Raises:
        Problem: from the constructor: 400 where none is named, 404 when there is no such task or it is
            outside the caller's scope.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        self.jeditaskid = _number(call)
        row = scope.one_task(call, self.jeditaskid)
        if row is None:
            raise not_found(f"There is no task {self.jeditaskid}.", "Check the number.")
        self._owner = person_of(row)
        self.row = call.privacy.row(row)

    def _rows(self, what: str, read: Callable[[], list[Row]]) -> list[Row]:
        """Records that belong to the task, whose texts may name the user, as the caller may see them."""
        return [self.call.privacy.row(row, self._owner) for row in self.optional(what, read, list[Row]())]

    @property
    def mode(self) -> str:
        """Whether superseded attempts of jobs count: nodrop."""
        asked = self.call.parameter("mode", MODES[0])
        return asked if asked in MODES else MODES[0]

    @cached_property
    def jobs(self) -> JobsOfTask:
        """Its jobs."""
        return JobsOfTask(self.call, self.jeditaskid, self.row["creationdate"], self.mode)

    @cached_property
    def datasets(self) -> list[Row]:
        """All of them, by name."""
        found = self._rows("datasets", lambda: queries.datasets_of(self.jeditaskid))
        return sorted(found, key=lambda row: (row["datasetname"] or "", row["datasetid"]))

    @cached_property
    def sums(self) -> dict[str, int] | None:
        """Files and events of its primary inputs, None without any."""
        inputs = [row for row in self.datasets if queries.is_primary(row)]
        if not inputs:
            return None
        return {name: sum(row[name] or 0 for row in inputs) for name in queries.SUMMED}

    @property
    def output_events(self) -> int:
        """Events of its first stream of outputs."""
        return sum(row["nevents"] or 0 for row in self.datasets if row["streamname"] == "OUTPUT0")

    @cached_property
    def storage(self) -> dict[int, list[str]]:
        number, none = self.jeditaskid, dict[int, list[str]]()
        return self.optional("data set locality", lambda: task_history.storage_of(number), none)

    @cached_property
    def parameters(self) -> Any:
        """What it was submitted with, {} where that is not known."""
        text = self.optional("task parameters", lambda: task_history.parameters_of(self.jeditaskid), "")
        found = parsed(text)
        return self.call.privacy.document(found if isinstance(found, dict) else {}, self._owner)

    @cached_property
    def attempts(self) -> list[Row]:
        return self._rows("task attempts", lambda: task_history.attempts_of(self.jeditaskid))

    @cached_property
    def states(self) -> list[Row]:
        return self._rows("status log of tasks", lambda: task_history.states_of(self.jeditaskid))

    @cached_property
    def _ranges(self) -> tuple[list[Row], bool]:
        none: tuple[list[Row], bool] = ([], False)
        if not events.task_has_ranges(self.row["eventservice"]):
            return none
        return self.optional("event ranges", lambda: event_queries.ranges_of(self.jeditaskid), none)

    @cached_property
    def event_ranges(self) -> EventRanges:
        """Of a task whose jobs fetch ranges of events; none of any other."""
        return added_up(self._ranges[0])

    @property
    def ranges_cut(self) -> str:
        """That not all were counted, in words."""
        return f"event ranges are told of {event_queries.RANGES.cap:,} rows" if self._ranges[1] else ""

    @property
    def truncated(self) -> str:
        """What was cut, for answers that have no other place to say so."""
        return self.ranges_cut

    @cached_property
    def bad_ranges(self) -> list[Row]:
        """Those that failed, by job, file, state and error."""
        bad = [row for row in self._ranges[0] if row["status"] in events.BAD]
        bad.sort(key=lambda row: (row["pandaid"], row["fileid"], row["status"], row["error_diag"] or ""))
        return [self.call.privacy.row(row, self._owner) for row in bad[:MOST_BAD]]

    @cached_property
    def relatives(self) -> list[Row]:
        """Its parent, then its children, as far as they are inside the scope."""
        read = task_history.relatives_of(self.jeditaskid, self.row["parent_tid"])
        return [self.call.privacy.row(row) for row in read if scope.is_inside(self.call, row, "tasks")]


def task_or_tasks(call: Call) -> OneTask | Tasks:
    """The task, or those that a pattern of names fits."""
    pattern = call.parameter("taskname")
    if "*" in pattern and not call.path and not call.parameter("jeditaskid"):
        return Tasks(call)
    return OneTask(call)


def _number(call: Call) -> int:
    """The jeditaskid that was asked for; of other text in an address of programs its digits."""
    asked = clean(call.parameters)
    text = call.path.get("jeditaskid", "") or asked.get("jeditaskid", "")
    refuse_illegal("jeditaskid", text)
    if text:
        digits = re.sub(r"\D", "", text, flags=re.ASCII)
        return integer(text if call.strict else digits or text, "jeditaskid")
    if "taskname" in asked:
        return _named(call, asked["taskname"])
    raise Problem(
        "No jeditaskid or taskname provided",
        parameter="jeditaskid",
        code="missing-parameter",
        remedy="Give jeditaskid=<number> or taskname=<exact name>.",
    )


def _named(call: Call, name: str) -> int:
    if asks_for_subject(name):
        raise personal("taskname", call.privacy)
    number = queries.number_of(name, scope.condition(call, "tasks"))
    if number is None:
        raise not_found(f"No task is named {name[:200]}.", "Check how it is written, or use * for a pattern.")
    return number
