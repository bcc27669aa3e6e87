"""What the jobs of a task used: how memory, CPU, time and I/O lie, by queue, as figures and as data."""

from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads.tables import table
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.payloads.task_jobs import by_size, queue_url, rounded, words
from bigpandamon_core.payloads.task_v1 import meta_of_jobs
from bigpandamon_core.summaries.histograms import Histogram, histogram
from bigpandamon_core.summaries.task_jobs import USED, Spread, TaskJobs, spread

QUEUES = 4
"""Those told apart in a figure; the others are one group, which has no name."""
OTHERS = "other queues"
Groups = dict[str, list[float]]


def card(task: OneTask) -> dict[str, Any] | None:
    """A figure and a table of numbers for each resource; None before a job has finished."""
    found = task.jobs.summed
    whole = found.whole()
    if not whole:
        return None
    largest = by_size(found.spreads())[:QUEUES]
    shown = [*largest, ""] if set(found.used) - set(largest) else largest
    drawn = {name: histogram(_grouped(found, name, shown), _reach(found, name)) for name in whole}
    return {
        "id": "resources",
        "title": "How much finished jobs used",
        "sub": "run jobs by how much each used, and where; in brackets between what the middle 80 % lie",
        "more": "as data",
        "more_url": f"{task.call.api}tasks/{task.jeditaskid}/resources?mode={task.mode}",
        "series": [{"label": queue or OTHERS, "url": queue_url(task, queue)} for queue in shown],
        "figures": [_figure(found, name, one, whole[name]) for name, one in drawn.items()],
        "numbers": [_numbers(name, one) for name, one in drawn.items()],
    }


def _grouped(found: TaskJobs, name: str, shown: Sequence[str]) -> Groups:
    groups: Groups = {queue: [] for queue in shown}
    for queue, numbers in found.used.items():
        groups[queue if queue in groups else ""] += numbers.get(name, [])
    return groups


def _reach(found: TaskJobs, name: str) -> float:
    """What shall be seen beside the numbers."""
    return (_asked(found) or 0) if name == "memory" else 0


def _figure(found: TaskJobs, name: str, drawn: Histogram, spread: Spread) -> dict[str, Any]:
    asked = _reach(found, name)
    told = f"median {words(spread)}"
    return {
        "title": USED[name],
        "told": told + (f"; {rounded(asked)} asked for, more used by {found.beyond:,}" if asked else ""),
        "bars": [_bar(drawn, place) for place in range(len(drawn.ends))],
        "axis": [rounded(drawn.edges[0]), _last(drawn)],
        "mark": drawn.place(asked) if asked else None,
    }


def _asked(found: TaskJobs) -> float | None:
    """The memory that most jobs asked for, GB per core."""
    return median(found.asked) if found.asked else None


def _last(drawn: Histogram) -> str:
    return f"{_edge(drawn.edges[-1])}{' and more' if drawn.is_open else ''}"


def _edge(number: float) -> str:
    return f"{number:,g}" if abs(number) < 1e5 else f"{number:,.0f}"


def _between(begin: float, end: float | None) -> str:
    return f"{_edge(begin)} and more" if end is None else f"{_edge(begin)} to {_edge(end)}"


def _bar(drawn: Histogram, place: int) -> dict[str, Any]:
    amounts = [counts[place] for counts in drawn.counts.values()]
    parts = [
        f"{queue or OTHERS}: {counts[place]:,}" for queue, counts in drawn.counts.items() if counts[place]
    ]
    told = f"{_between(*drawn.ends[place])}: {sum(amounts):,} jobs"
    return {"amounts": amounts, "title": f"{told} ({', '.join(parts)})" if len(parts) > 1 else told}


def _numbers(name: str, drawn: Histogram) -> dict[str, Any]:
    """The same for those who read: how many jobs used how much, where."""
    columns = [Column(f"queue {queue}", queue or OTHERS, "number") for queue in drawn.counts]
    rows = [
        {"used": _between(*ends), "jobs": sum(counts[place] for counts in drawn.counts.values())}
        | {f"queue {queue}": counts[place] for queue, counts in drawn.counts.items()}
        for place, ends in enumerate(drawn.ends)
    ]
    first = (Column("used", USED[name], "text"), Column("jobs", "Jobs", "number"))
    return table(f"numbers-{name}", USED[name], (*first, *columns), rows)


def shape(task: OneTask) -> dict[str, Any]:
    """For `/api/v1`: by resource its bins and, for all queues and each, how numbers lie and are counted."""
    found = task.jobs.summed
    data = {
        "jeditaskid": task.jeditaskid,
        "memory_asked_for": _asked(found),
        "used_more_memory": found.beyond,
        "resources": {name: _told(found, name, whole) for name, whole in found.whole().items()},
    }
    return {"data": data, "meta": meta_of_jobs(task), "links": {"self": task.call.url}}


def _told(found: TaskJobs, name: str, whole: Spread) -> dict[str, Any]:
    groups = {queue: numbers[name] for queue, numbers in found.used.items() if name in numbers}
    drawn = histogram(groups, _reach(found, name))
    queues = [
        {"queue": queue or None, **asdict(spread(groups[queue])), "counts": counts}
        for queue, counts in drawn.counts.items()
    ]
    return {
        "title": USED[name],
        **asdict(whole),
        "edges": drawn.edges,
        "open_ended": drawn.is_open,
        "queues": queues,
    }
