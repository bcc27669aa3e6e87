"""What a page tells of a task's jobs: kinds of work, use of resources by queue, scouts, progress in time."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import ENDED_WELL, FINAL, failing_percent
from bigpandamon_core.domain.tasks import FINAL as FINAL_TASKS
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.jobs_trend import bar, ended
from bigpandamon_core.payloads.tables import moment_text, table
from bigpandamon_core.payloads.task import OneTask
from bigpandamon_core.summaries import task_jobs
from bigpandamon_core.summaries.task_jobs import CATEGORIES, USED, Spread, TaskJobs
from bigpandamon_core.summaries.trends import SECOND, pieces, step_minutes, whole_edges

MOST_QUEUES = 30
SCOUTS = 12
LENGTHS = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 40_320, 131_040, 524_160)
"""Minutes that a bar may have."""
_KINDS = (
    Column("category", "Kind", "text"),
    Column("jobs", "Jobs", "number"),
    Column("alive", "Not over", "number"),
    Column("finished", "Finished", "number"),
    Column("failed", "Failed", "number"),
    Column("rate", "Failing", "percent"),
)
_USED = (
    Column("queue", "Queue", "text"),
    Column("jobs", "Jobs", "number"),
    *(Column(name, title, "text") for name, title in USED.items()),
)


def kinds(found: TaskJobs, **more: str) -> dict[str, Any]:
    """By what jobs do: how many, and how they fare."""
    rows = [_kind(category, found.states[category]) for category in CATEGORIES if category in found.states]
    return table("kinds", "Jobs by kind of work", _KINDS, rows, **more)


def _kind(category: str, states: Counter[str]) -> dict[str, Any]:
    finished, failed = states["finished"] + states["subfinished"], states["failed"]
    over = sum(count for state, count in states.items() if state in FINAL or state == "subfinished")
    return {
        "category": category,
        "jobs": states.total(),
        "alive": states.total() - over,
        "finished": finished,
        "failed": failed,
        "rate": failing_percent(failed, finished),
    }


def used(task: OneTask, found: TaskJobs) -> dict[str, Any]:
    """What jobs that finished used, by queue: the median, and between what the middle eighty percent lie."""
    whole, spreads = found.whole(), found.spreads()
    rows = [_use("all queues", "", whole)] if whole else []
    rows += [_use(queue, queue_url(task, queue), spreads[queue]) for queue in by_size(spreads)[:MOST_QUEUES]]
    sub = "of finished run jobs: the median, and where the middle 80 % lie"
    return table("used", "What jobs used", _USED, rows, sub=sub)


def by_size(spreads: Mapping[str, Mapping[str, Spread]]) -> list[str]:
    """The queues that tell something, those of most jobs first."""
    telling = [queue for queue, told in spreads.items() if queue and told]
    return sorted(telling, key=lambda queue: (-_most(spreads[queue]), queue))


def _most(spreads: Mapping[str, Spread]) -> int:
    return max(one.count for one in spreads.values())


def _use(name: str, url: str, spreads: Mapping[str, Spread]) -> dict[str, Any]:
    told = {resource: words(one) for resource, one in spreads.items()}
    return told | {"queue": cell("text", name, url), "jobs": _most(spreads)}


def queue_url(task: OneTask, queue: str) -> str:
    """The task's jobs there, nothing for no queue."""
    return link(task.jobs, **{"computingsite" + SHOWN: queue}) if queue else ""


def words(one: Spread) -> str:
    """The median, and of several numbers between what most lie."""
    median, low, high = (rounded(number) for number in (one.median, one.low, one.high))
    return median if one.count == 1 else f"{median} ({low} to {high})"


def rounded(number: float) -> str:
    """Three digits that tell, no fraction of large numbers."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def scouts(task: OneTask, found: TaskJobs) -> dict[str, Any]:
    """The jobs that measured for the others, and what each set."""
    columns = (Column("pandaid", "Job", "mono"), Column("set", "Set", "text"))
    telling = sorted(found.scouts.items(), key=lambda item: (not item[1], item[0]))[:SCOUTS]
    rows = [
        {"pandaid": cell("mono", pandaid, f"{task.call.root}job/{pandaid}/"), "set": what.replace("|", ", ")}
        for pandaid, what in telling
    ]
    sub = f"{len(found.scouts):,} jobs that measured for the others"
    return table("scouts", "Scouts", columns, rows, sub=sub)


def over_time(task: OneTask, found: TaskJobs) -> dict[str, Any] | None:
    """Bars of how its jobs ended, from the first that did; None before."""
    if not found.ended:
        return None
    minutes, edges = steps(task, found)
    parts = pieces(edges)
    for one in found.ended:
        place = min(int((one.moment - edges[0]) / timedelta(minutes=minutes)), len(parts) - 1)
        parts[place].add(one.state, 1, int(one.seconds > 0), one.seconds)
    jobs = ended(task.jobs)
    untimed = f"{found.untimed:,} more tell no end" if found.untimed else ""
    return {
        "minutes": minutes,
        "bars": [bar(jobs, part, "endtime") for part in parts],
        "begin": edges[0],
        "end": edges[-1],
        "ended": True,
        "note": untimed,
    }


def steps(task: OneTask, found: TaskJobs) -> tuple[int, list[datetime]]:
    """Minutes of a bar, and where bars begin and the last one ends, from the first job that ended on; there
    is one."""
    moments = [one.moment for one in found.ended]
    begin = min(moments)
    end = max(begin, min(max(moments), task.call.now))
    minutes = step_minutes(max((end - begin).total_seconds() / 3600, 1), LENGTHS)
    return minutes, whole_edges(begin, end + SECOND, timedelta(minutes=minutes))


def rest(task: OneTask, found: TaskJobs) -> str:
    """When the rest may be done, in words; "" where nothing is left or too little is known."""
    if task.row["status"] in FINAL_TASKS or task.sums is None:
        return ""
    done, files = task.sums["nfilesfinished"], task.sums["nfiles"]
    good = [one for one in found.ended if one.state in ENDED_WELL]
    left = files - done - task.sums["nfilesfailed"]
    lead = max(((one.moment - one.created).total_seconds() for one in good if one.created), default=0)
    remaining = left * len(good) / done if done else 0
    seen = task_jobs.outlook([one.moment for one in good], remaining, task.call.now, lead)
    if seen is None:
        return ""
    if seen.latest is None:
        return f"not before {moment_text(seen.earliest)}: too few jobs finished lately to say more"
    return f"between {moment_text(seen.earliest)} and {moment_text(seen.latest)}, if it goes on like this"
