"""How a task came on: figures of jobs, files and events done over time by attempt, and the same as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.tables import moment_text
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.payloads.task_jobs import steps
from bigpandamon_core.payloads.task_v1 import meta_of_jobs
from bigpandamon_core.summaries import task_profile
from bigpandamon_core.summaries.task_profile import INPUTS, QUANTITIES, STATES, Step
from bigpandamon_core.summaries.trends import SECOND


@dataclass(frozen=True)
class Profile:
    """minutes: between two steps. begin: of the first one."""

    minutes: int
    begin: datetime
    steps: list[Step]

    @property
    def attempts(self) -> list[int | None]:
        """The numbers of those that did something, oldest first."""
        return list(self.steps[-1].done)


def profile(task: OneTask) -> Profile | None:
    """None before the first job has ended."""
    found = task.jobs.summed
    if not found.ended:
        return None
    minutes, edges = steps(task, found)
    starts = [(one["starttime"], one["attemptnr"]) for one in task.attempts if one["starttime"]]
    return Profile(minutes, edges[0], task_profile.steps(found.ended, starts, edges))


def card(task: OneTask) -> dict[str, Any] | None:
    """A figure for each quantity of which something was done; None before."""
    found = profile(task)
    if found is None:
        return None
    told = [name for name in QUANTITIES if found.steps[-1].total(name)]
    return {
        "id": "profile",
        "title": "How it came on",
        "sub": "all that was done up to each moment, by the attempt of the task that made the job",
        "more": "as data",
        "more_url": f"{task.call.api}tasks/{task.jeditaskid}/profile?mode={task.mode}",
        "series": [{"label": _attempt(number)} for number in found.attempts],
        "figures": [_figure(task, found, name) for name in told],
    }


def _figure(task: OneTask, found: Profile, quantity: str) -> dict[str, Any]:
    return {
        "title": {**STATES, **INPUTS}[quantity],
        "told": f"{found.steps[-1].total(quantity):,} until {moment_text(found.steps[-1].end)}",
        "bars": [_bar(task, found, step, quantity) for step in found.steps],
        "axis": [moment_text(found.begin), moment_text(found.steps[-1].end)],
    }


def _attempt(number: int | None) -> str:
    return "all attempts" if number is None else f"attempt {number}"


def _bar(task: OneTask, found: Profile, step: Step, quantity: str) -> dict[str, Any]:
    amounts = [numbers[quantity] for numbers in step.done.values()]
    url = _url(task, found.begin, step.end, quantity) if quantity in STATES and any(amounts) else ""
    parts = _parts(found.attempts, amounts)
    return {
        "amounts": amounts,
        "url": url,
        "title": f"until {moment_text(step.end)}: {sum(amounts):,}{parts}",
    }


def _parts(attempts: Sequence[int | None], amounts: Sequence[int]) -> str:
    """How the amount is made up, where that is not plain."""
    if len(attempts) < 2:
        return ""
    told = (f"{_attempt(number)}: {amount:,}" for number, amount in zip(attempts, amounts, strict=True))
    return f" ({', '.join(told)})"


def _url(task: OneTask, begin: datetime, end: datetime, state: str) -> str:
    until = {"endtimerange": f"{iso(begin)}|{iso(end - SECOND)}"}
    return link(task.jobs, date_from=None, date_to=None, active=None, **{"jobstatus" + SHOWN: state}, **until)


def shape(task: OneTask) -> dict[str, Any]:
    """For `/api/v1`: what was done before the end of each step, in all and by attempt."""
    found = profile(task)
    data = {
        "jeditaskid": task.jeditaskid,
        "attempts": task.attempts,
        "minutes": found.minutes if found else None,
        "begin": iso(found.begin) if found else None,
        "steps": [_told(step) for step in found.steps] if found else [],
        "untimed": task.jobs.summed.untimed,
    }
    return {"data": data, "meta": meta_of_jobs(task), "links": {"self": task.call.url}}


def _told(step: Step) -> dict[str, Any]:
    return {
        "end": iso(step.end),
        **{name: step.total(name) for name in QUANTITIES},
        "by_attempt": [
            {"attemptnr": number} | {name: numbers[name] for name in QUANTITIES}
            for number, numbers in step.done.items()
        ],
    }
