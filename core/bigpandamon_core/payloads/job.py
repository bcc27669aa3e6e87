"""One job and everything that belongs to it."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

from bigpandamon_core.domain import metadata
from bigpandamon_core.domain.job_errors import Error, errors_of
from bigpandamon_core.domain.parameters import clean, integer, refuse_illegal
from bigpandamon_core.domain.people import asks_for_subject, person_of
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.domain.window import RECENT_DAYS
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import meanings
from bigpandamon_core.payloads.sites import shown
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import datasets, files, history, queues
from bigpandamon_core.queries import errors as error_queries
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.summaries.resources import Series, read_series

Row = dict[str, Any]


class OneJob(Unselected):
    """A job by its number, name, batch id or an output file (`creator`).

    Raises:
        Problem: from the constructor: 400 for a number that is none, 404 when no table has the job or it is
            outside the caller's scope.
    """

    def __init__(self, call: Call):
        super().__init__(call, _further_names(call))
        self.pandaid = _number(call)
        row = scope.one_job(call, self.pandaid)
        if row is None:
            raise not_found(
                f"There is no job {self.pandaid}.", "Check the number; very old jobs may have been removed."
            )
        self._owner = person_of(row)
        self.row = call.privacy.row(row)

    def _told(self, text: str) -> str:
        """A long text that may name the user, as the caller may see it."""
        return self.call.privacy.text(text, self._owner)

    def _rows(self, what: str, read: Callable[[], list[Row]]) -> list[Row]:
        """Records that belong to the job, whose texts may name the user, as the caller may see them."""
        return [self.call.privacy.row(row, self._owner) for row in self.optional(what, read, list[Row]())]

    @property
    def state(self) -> str:
        return str(self.row["jobstatus"] or "")

    @property
    def is_recent(self) -> bool:
        """Whether it changed so lately that nothing of it is in an archive alone."""
        changed = self.row["modificationtime"]
        return changed is not None and changed > self.call.now - timedelta(days=RECENT_DAYS)

    @cached_property
    def errors(self) -> list[Error]:
        return errors_of(self.row)

    @cached_property
    def meanings(self) -> Mapping[tuple[str, int | str], Mapping[str, Any]]:
        return meanings(self.call, self.optional("error descriptions", error_queries.descriptions, []))

    @cached_property
    def files(self) -> list[dict[str, Any]]:
        return self._rows("files", lambda: files.of_job(self.pandaid, self.is_recent))

    @cached_property
    def task_files(self) -> list[dict[str, Any]]:
        """The files that the task gave to the job."""
        keys = [(self.row["jeditaskid"], self.pandaid)] if self.row["jeditaskid"] else []
        return self._rows("dataset contents", lambda: datasets.contents_of_jobs(keys).get(self.pandaid, []))

    @cached_property
    def datasets(self) -> dict[int, dict[str, Any]]:
        task = self.row["jeditaskid"]
        rows = self._rows("datasets", lambda: list(files.datasets_of(task).values())) if task else []
        return {row["datasetid"]: row for row in rows}

    @cached_property
    def file_attempts(self) -> dict[tuple[int, int], tuple[int | None, Any]]:
        task = self.row["jeditaskid"]
        fileids = sorted({file["fileid"] for file in self.files if file["fileid"]})
        return self.optional("dataset contents", lambda: files.attempts_of(task, fileids), {}) if task else {}

    @cached_property
    def parameters(self) -> str:
        return self._told(self._text("jobparameters", "parameters"))

    @cached_property
    def _texts(self) -> Mapping[str, str]:
        return files.texts_of(self.pandaid, self.is_recent)

    def _text(self, column: str, what: str) -> str:
        if column not in self._texts:
            self.lack(what)
        return self._texts.get(column, "")

    @cached_property
    def metadata_text(self) -> str:
        """As it was written, unless it says what the caller may not see in another spelling."""
        told = self.metadata
        same = told == metadata.parsed(self._metadata_stored)
        return self._told(self._metadata_stored) if same else json.dumps(told)

    @cached_property
    def metadata(self) -> Any:
        """The metadata parsed, None if there is none or it is not JSON."""
        return self.call.privacy.document(metadata.parsed(self._metadata_stored), self._owner)

    @cached_property
    def _metadata_stored(self) -> str:
        text = self._text("metadata", "metadata")
        return "" if text.strip() in ("NULL", "None") else text

    @cached_property
    def series(self) -> Series | None:
        """The series of the process monitor, where the metadata holds one."""
        stored = self.metadata.get("prmon_series") if isinstance(self.metadata, dict) else self.metadata_text
        return read_series(stored) if isinstance(stored, str) else None

    @cached_property
    def states(self) -> list[dict[str, Any]]:
        return self._rows("status log", lambda: history.states_of(self.pandaid))

    @cached_property
    def attempts(self) -> list[tuple[int, int, str]]:
        task, found = self.row["jeditaskid"], list[tuple[int, int, str]]()
        if task:
            found = self.optional("retry history", lambda: history.attempts_of(task, self.pandaid), found)
        parent = self.row["parentid"]
        if parent and parent != self.pandaid and not any(new == self.pandaid for _, new, _ in found):
            return [(parent, self.pandaid, "retry"), *found]
        return found

    @cached_property
    def workers(self) -> list[dict[str, Any]]:
        return self._rows("harvester workers", lambda: history.workers_of(self.pandaid))

    @cached_property
    def queue(self) -> dict[str, Any]:
        name = self.row["computingsite"]
        read = self.optional("queues", lambda: queues.definition(name), Row()) if name else Row()
        return shown(read, self.call.privacy)

    @cached_property
    def task(self) -> dict[str, Any] | None:
        number = self.row["jeditaskid"]
        found = self.optional("tasks", lambda: history.task(number), None) if number else None
        return self.call.privacy.row(found, self._owner) if found else None

    @property
    def told_beside(self) -> Row:
        """What panels beside the page get: the row, and what the page has read, `taskname` and `files`."""
        return {**self.row, "taskname": (self.task or {}).get("taskname"), "files": self.files}


def _further_names(call: Call) -> list[str]:
    """Of several parameters that each name a job the first counts."""
    given = clean(call.parameters)
    return [name for name in ("pandaid", *_FINDERS) if name in given][1:]


def _number(call: Call) -> int:
    """The pandaid that was asked for, or found by what identifies a job. A word in the address is a name."""
    in_path, asked = call.path.get("pandaid", ""), clean(call.parameters)
    refuse_illegal("jobname", in_path)
    if in_path and not call.strict and not in_path.strip().isdigit():
        return _found(call, "jobname", in_path)
    if in_path or "pandaid" in asked:
        return integer(in_path or asked["pandaid"], "pandaid")
    for parameter in (name for name in _FINDERS if name in asked):
        return _found(call, parameter, asked[parameter])
    raise Problem(
        "No job is named", parameter="pandaid", code="missing-parameter", remedy="Give pandaid=<number>."
    )


def _found(call: Call, parameter: str, value: str) -> int:
    if asks_for_subject(value):
        raise personal(parameter, call.privacy)
    number = _FINDERS[parameter](call, value)
    if number is None:
        raise not_found(
            f"No job has the {parameter} {value[:200]}.", "Check how it is written, or give the job's number."
        )
    return number


_FINDERS: Mapping[str, Callable[[Call, str], int | None]] = {
    "jobname": lambda call, value: job_queries.number_of("jobname", value, scope.condition(call)),
    "batchid": lambda call, value: job_queries.number_of("batchid", value, scope.condition(call)),
    "creator": lambda _call, value: files.producer_of(value),
}
