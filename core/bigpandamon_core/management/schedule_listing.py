"""Periodic tasks as a table for a terminal."""

from collections.abc import Iterable, Iterator

from bigpandamon_core.domain.periodic import PeriodicTask
from bigpandamon_core.domain.window import iso
from bigpandamon_core.queries.own.periodic import scheduler, states
from bigpandamon_core.state.pending import waiting
from bigpandamon_core.state.periodic import PeriodicState

HEADINGS = ("task", "every", "last start", "last success", "last failure", "failures", "next run")
NEVER = "-"


def listed(tasks: Iterable[PeriodicTask]) -> Iterator[str]:
    """Who schedules, then a line for each task, with the words of a last run that failed."""
    lease = scheduler()
    yield f"{lease.holder} schedules since {iso(lease.since)}." if lease else "Nobody schedules."
    found = states()
    ordered = sorted(tasks, key=lambda task: task.name)
    rows = [HEADINGS, *(_cells(task, found.get(task.name) or PeriodicState()) for task in ordered)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
    yield from (f"{name}: {state.failure_words}" for name, state in found.items() if state.failures)


def _cells(task: PeriodicTask, state: PeriodicState) -> tuple[str, ...]:
    times = (state.last_start, state.last_success, state.last_failure)
    told = [iso(moment) or NEVER for moment in times]
    next_run = iso(state.next_run) or "when somebody schedules"
    if waiting(task.apps):
        next_run = "off until `bigpandamon migrate` has made its tables"
    return (task.name, f"{task.every_seconds} s", *told, str(state.failures), next_run)
