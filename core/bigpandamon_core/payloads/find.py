"""One box for everything: what a text may mean, as addresses."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.domain.conditions import equal
from bigpandamon_core.domain.datasets import spelled
from bigpandamon_core.domain.job_errors import BY_CODE_COLUMN, BY_NAME, COMPONENTS, Component, is_error
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.parameters import refuse_illegal, refuse_script, written
from bigpandamon_core.domain.people import asks_for_subject
from bigpandamon_core.domain.privacy import is_told_otherwise
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import cut, fold
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import find_places, job_facets, scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import meanings
from bigpandamon_core.payloads.optional import WithOptionalParts
from bigpandamon_core.payloads.sites import queue_url
from bigpandamon_core.payloads.tasks import has_tasks
from bigpandamon_core.queries import datasets, files, harvester, history, job_pages, queues
from bigpandamon_core.queries import errors as error_queries
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries import tasks as task_queries

MOST = 50
MOST_USERS = 5
LONGEST = 1000
MOST_DIGITS = 9
"""Longer numbers are no error codes."""
FIRST_DAY = "1970-01-01"
DROPPED = " '#"
"""What requests drop from the texts they ask for."""
ALL_USERS = "all users so named"
CERTAIN = frozenset(
    {"job", "task", "task by name", "error", "job by name", "job by batch id", "job by output file"}
)
_ERROR = re.compile(r"([a-z]+)(?:\s+error)?\s*[: ]\s*(-?[0-9]{1,18})", re.IGNORECASE)
Meaning = dict[str, str]


class Finding(WithOptionalParts):
    """What a text may mean, most likely first: jobs, tasks, queues, files, users, places, errors."""

    def __init__(self, call: Call):
        super().__init__()
        self.call = call
        self.ignored = scope.ignored(call)
        self.text = call.parameter("q").strip()
        if not self.text:
            raise Problem("Nothing to find", parameter="q", code="missing-parameter", remedy="Give q=<text>.")
        refuse_illegal("q", self.text)
        refuse_script("q", self.text)
        if len(self.text) > LONGEST:
            what = f"The text {cut(self.text, 60)} has {len(self.text):,} characters"
            remedy = f"Give at most {LONGEST:,}: no name is longer."
            raise Problem(what, parameter="q", code="too-long", remedy=remedy)
        self.meanings = [] if asks_for_subject(self.text) else self._found()

    def _found(self) -> list[Meaning]:
        found = [
            *(self._numbers() or self._codes()),
            *self._errors(),
            *self._queues(),
            *self._tasks(),
            *(() if self._is_phrase else (*self._jobs_by_name(), *self._data())),
            *self._users(),
            *self._places(),
        ]
        return (found or self._errors_meaning())[:MOST]

    @property
    def _is_phrase(self) -> bool:
        """Several words: no name of a job, a file or a data set has blanks."""
        return " " in self.text

    def _at(self, what: str, text: str, path: str) -> Meaning:
        return {"what": what, "text": text, "url": self.call.root + path}

    def _numbers(self) -> list[Meaning]:
        """A number is a job, or else a task."""
        if not (self.text.isascii() and self.text.isdigit()) or len(self.text) > 18:
            return []
        number, found = int(self.text), []
        if scope.one_job(self.call, number):
            found.append(self._at("job", self.text, f"job/{number}/"))
        in_tasks = self.optional("tasks", lambda: self._is_task(number), False)
        if in_tasks and self.call.shows("tasks"):
            found.append(self._at("task", self.text, f"task/{number}/"))
        elif (newest := self._newest_job(number)) or in_tasks:
            query = urlencode({"jeditaskid": number} | self._reaching(newest))
            found.append(self._at("task", self.text, f"jobs/?{query}"))
        return found

    def _is_task(self, number: int) -> bool:
        """Whether it is one inside the scope; without pages of tasks that is a matter of its jobs."""
        if self.call.shows("tasks"):
            return scope.one_task(self.call, number) is not None
        return "jobs" not in self.call.scope and history.task(number) is not None

    def _newest_job(self, jeditaskid: int) -> dict[str, Any] | None:
        """Of a task, inside the scope, of all times."""
        asked = {"jeditaskid": str(jeditaskid), "mode": "nodrop", "sort": "-modificationtime"}
        selection = scope.selection(self.call, (asked | {"date_from": FIRST_DAY}).items())
        rows = job_pages.page(selection, ("modificationtime",), 1, self.call.now)
        return rows[0] if rows else None

    def _reaching(self, newest: dict[str, Any] | None) -> dict[str, str | None]:
        """The newest job's window, as long as the usual one of a task, where that misses it."""
        reach = timedelta(days=self.call.option("jobs.lookback_days"))
        last = newest["modificationtime"] if newest else None
        if last is None or last >= self.call.now - reach:
            return {}
        return {"date_from": iso(last - reach), "date_to": iso(last + timedelta(seconds=1))}

    def _errors(self) -> list[Meaning]:
        match = _ERROR.fullmatch(self.text)
        word = match.group(1).lower() if match else ""
        component = BY_NAME.get(word) or next(
            (one for one in BY_CODE_COLUMN.values() if word and one.table_name == word), None
        )
        if match is None or component is None:
            return []
        return [self._error(component, match.group(2))]

    def _error(self, component: Component, code: str) -> Meaning:
        query = urlencode({f"{component.code}.is": code, "witherrors": "1"})
        return self._at("error", f"{component.name} {code}", f"jobs/?{query}")

    def _codes(self) -> list[Meaning]:
        """A number that is no job and no task may be the code of every component that is known to have it."""
        digits = self.text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > MOST_DIGITS:
            return []
        code = int(self.text)
        if not is_error(code):
            return []
        return [self._error(one, str(code)) for one in COMPONENTS if (one.name, code) in self._meanings]

    @cached_property
    def _meanings(self) -> Mapping[tuple[str, int | str], Mapping[str, Any]]:
        return meanings(self.call, self.optional("error descriptions", error_queries.descriptions, []))

    @cached_property
    def _defined(self) -> Mapping[str, dict[str, Any]]:
        return self.optional("queues", queues.definitions, dict[str, dict[str, Any]]())

    def _queues(self) -> list[Meaning]:
        """Those that are defined and, where none is so named, those that the newest jobs name."""
        wanted = fold(self.text)
        known = sorted(self._defined)
        names = [name for name in known if wanted in fold(name)] or self._queues_of_jobs()
        exact = [name for name in names if fold(name) == wanted]
        return [
            {"what": "queue", "text": name, "url": queue_url(self.call, name, name in known)}
            for name in exact + [name for name in names if name not in exact]
        ]

    def _queues_of_jobs(self) -> list[str]:
        if self.text.isdigit() or not (part := self.text.strip(DROPPED + "*|,!")):
            return []
        return self._recent("computingsite", {"computingsite": f"*{written('computingsite', part)}*"})

    def _recent(self, column: str, asked: Mapping[str, str]) -> list[str]:
        """What recent jobs name that are asked for: all where they are in memory, or else the newest."""
        selection = scope.selection(self.call, asked.items())
        counted, _ = job_facets.counted(self.call, selection, named(column))
        if counted:
            return sorted(str(value) for (value,) in counted.groups(named(column)))
        rows = job_pages.page(selection, (column,), MOST, self.call.now)
        return sorted({row[column] for row in rows})

    def _tasks(self) -> list[Meaning]:
        """A task by its whole name, those that a pattern fits, those of a request."""
        if not self.call.shows("tasks"):
            return []
        if self.text.isdigit():
            return self._request(int(self.text)) if len(self.text) <= MOST_DIGITS else []
        if "*" in self.text and self.text.strip(DROPPED + "*|,!"):
            return self._tasks_like()
        inside = scope.condition(self.call, "tasks")
        number = self.optional("tasks", lambda: task_queries.number_of(self.text, inside), None)
        return [self._at("task by name", self.text, f"task/{number}/")] if number else []

    def _tasks_like(self) -> list[Meaning]:
        """Tasks of the usual window that a pattern fits, if there are any."""
        asked = {"taskname": written("taskname", self.text)}
        if "%" in self.text or not self.optional("tasks", lambda: has_tasks(self.call, asked), False):
            return []
        return [self._at("tasks so named", f"{self.text}, of the last days", f"tasks/?{urlencode(asked)}")]

    def _request(self, number: int) -> list[Meaning]:
        inside = scope.condition(self.call, "tasks")
        if not self.optional("tasks", lambda: task_queries.has_request(number, inside), False):
            return []
        query = urlencode({"reqid": number, "date_from": FIRST_DAY})
        return [self._at("tasks of a request", self.text, f"tasks/?{query}")]

    def _jobs_by_name(self) -> list[Meaning]:
        finders = (("jobname", "job by name"), ("batchid", "job by batch id"))
        inside = scope.condition(self.call)
        found = [(what, job_queries.number_of(column, self.text, inside)) for column, what in finders]
        is_name = not self.text.isdigit()
        producer = self.optional("files", lambda: files.producer_of(self.text), None) if is_name else None
        if producer and ("jobs" not in self.call.scope or scope.one_job(self.call, producer)):
            found.append(("job by output file", producer))
        return [self._at(what, str(number), f"job/{number}/") for what, number in found if number]

    def _data(self) -> list[Meaning]:
        """A data set and a file of tasks by their whole names."""
        if not self.call.is_core or self.text.isdigit() or "*" in self.text:
            return []
        kinds = (
            (
                "data set",
                "dataset/",
                "datasetname",
                lambda: datasets.newest(spelled("datasetname", self.text)),
            ),
            ("file", "file/", "lfn", lambda: datasets.found_files(equal("lfn", self.text))),
        )
        return [
            self._at(f"{what} by name", self.text, f"{path}?{urlencode({name: written(name, self.text)})}")
            for what, path, name, read in kinds
            if self.optional(f"{what}s", read, None)
        ]

    def _places(self) -> list[Meaning]:
        """Sites, regions, nodes and harvester services."""
        if not self.call.is_core or self.text.isdigit():
            return []
        services = self.optional("harvester services", harvester.instances, list[dict[str, Any]]())
        found = (
            *find_places.sites(self.text, self._defined),
            *find_places.nodes(self.call, self.text),
            *find_places.services(self.text, (row["harvesterid"] for row in services)),
        )
        return [self._at(*one) for one in found]

    def _errors_meaning(self) -> list[Meaning]:
        """Errors by words of what they mean, and by several of what jobs said."""
        if not self.call.is_core:
            return []
        said = find_places.messages(self.call, self.text) if self._is_phrase else ()
        return [self._at(*one) for one in (*find_places.errors(self.text, self._meanings), *said)]

    def _users(self) -> list[Meaning]:
        """Users so named among those of the newest jobs, in the usual window."""
        if self.call.privacy.hides_names or self.text.isdigit() or not self.text.strip(DROPPED):
            return []
        name = "produsername" if "*" in self.text else "user"
        asked = {name: written(name, self.text)}
        recent = self._recent("produsername", asked)
        names = [one for one in recent if not is_told_otherwise(str(self.call.privacy.name(one)))]
        exact = [name for name in names if fold(name) == fold(self.text)]
        found = [self._at("user", name, self._of_user(name)) for name in (exact or names)[:MOST_USERS]]
        if len(names) < 2:
            return found
        return [*found, self._at(ALL_USERS, self.text, f"jobs/?{urlencode(asked)}")]

    def _of_user(self, name: str) -> str:
        """The page of a user; from a plugin's point of view the jobs there."""
        of_jobs = f"jobs/?{urlencode({'produsername.is': name})}"
        return f"user/{quote(name, safe='')}/" if self.call.is_core else of_jobs

    @property
    def only(self) -> str:
        """The address to go to at once: the one meaning that is certain."""
        wanted = fold(self.text)
        single = [m for m in self.meanings if m["what"] != ALL_USERS]
        sure = [m for m in single if m["what"] in CERTAIN or fold(m["text"]) == wanted]
        return sure[0]["url"] if len(sure) == 1 else ""


def shape(finding: Finding) -> dict[str, Any]:
    shown = f"“{cut(finding.text, 100)}”"
    return {
        "title": f"Find {cut(finding.text, 60)}",
        "heading": f"{shown} may be" if finding.meanings else f"Nothing is known as {shown}",
        "query": finding.text,
        "meanings": finding.meanings,
        "notes": [f"This installation has no {what}: not looked for." for what in finding.missing],
        "location": finding.only,
        "links": {"json": f"{finding.call.url}?q={quote(finding.text)}&json"},
    }


def compatible(finding: Finding) -> list[Meaning]:
    return finding.meanings
