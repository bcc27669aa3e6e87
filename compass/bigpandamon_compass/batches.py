"""Jobs of batch systems that run several PanDA jobs each, as the pilot for supercomputers does."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from bigpandamon_compass import pages
from bigpandamon_compass.places import FINISHED, OVER, Placed, Places, count
from bigpandamon_core.plugin import (
    Column,
    Table,
    cell,
    job_group,
    list_link,
    state_cell,
    table,
)

MOST_SHOWN = 100
COLUMNS = (
    Column("batch", "Batch job", "mono"),
    Column("queue", "Queue"),
    Column("state", "Worst", "state"),
    Column("jobs", "PanDA jobs", "number"),
    Column("running", "Not over", "number"),
    Column("finished", "Finished", "number"),
    Column("failed", "Failed", "number"),
    Column("full", "Full", "percent"),
    Column("productions", "Productions"),
    Column("changed", "Last change", "time"),
)
QUEUES = (
    Column("queue", "Queue"),
    Column("batches", "Batch jobs", "number"),
    Column("live", "Not over", "number"),
    Column("jobs", "PanDA jobs", "number"),
    Column("most", "Room for", "number"),
    Column("full", "Full on average", "percent"),
)


@dataclass(frozen=True)
class Batch:
    """A job of the batch system of a queue. most: how many PanDA jobs it has room for."""

    queue: str
    name: str
    jobs: list[Placed]
    most: int

    @property
    def states(self) -> Counter[str]:
        return Counter(job.state for job in self.jobs)

    @property
    def live(self) -> int:
        return sum(job_group(job.state) not in OVER for job in self.jobs)

    @property
    def told(self) -> dict[str, Any]:
        return {
            "batch": self.name,
            "queue": self.queue,
            "state": count(self.jobs).worst,
            "jobs": len(self.jobs),
            "running": self.live,
            "finished": self.states[FINISHED],
            "failed": self.states["failed"],
            "full": round(len(self.jobs) / self.most, 4),
            "productions": ", ".join(sorted({job.production for job in self.jobs})),
            "changed": pages.last_change(self.jobs),
        }


class Batches(Places):
    """The batch jobs of queues where any has several PanDA jobs, those changed last first. How many one has
    room for is what the option compass.batch_jobs says, else what the largest of its queue has.

    Raises as Places.
    """

    @cached_property
    def by_queue(self) -> dict[str, list[Batch]]:
        found: dict[str, dict[str, list[Placed]]] = {}
        for job in self.placed:
            if job.row["batchid"] and job.row["computingsite"]:
                named = found.setdefault(job.row["computingsite"], {})
                named.setdefault(job.row["batchid"], []).append(job)
        room = self.call.option("compass.batch_jobs")
        return {
            queue: _batches(queue, named, room.get(queue, 0))
            for queue, named in sorted(found.items())
            if any(len(jobs) > 1 for jobs in named.values())
        }

    @property
    def all(self) -> list[Batch]:
        batches = [batch for some in self.by_queue.values() for batch in some]
        return sorted(
            batches, key=lambda batch: (str(pages.last_change(batch.jobs)), batch.name), reverse=True
        )


def _batches(queue: str, named: dict[str, list[Placed]], room: int) -> list[Batch]:
    most = max(room, *(len(jobs) for jobs in named.values()))
    return [Batch(queue, name, jobs, most) for name, jobs in named.items()]


def page(batches: Batches) -> dict[str, Any]:
    places, found = batches, batches.all
    beyond = f"the {MOST_SHOWN} changed last of {len(found):,}" if len(found) > MOST_SHOWN else ""
    shown = [_told(places, batch) for batch in found[:MOST_SHOWN]]
    heading = f"{len(found):,} batch jobs with {sum(len(one.jobs) for one in found):,} PanDA jobs"
    return {
        **pages.head(places, "Batch jobs", heading, "batches"),
        "states": [],
        "tables": [
            table("queues", "By queue", QUEUES, [_queue(places, *one) for one in batches.by_queue.items()]),
            table("batches", "Batch jobs", COLUMNS, shown, sub=beyond, empty=EMPTY),
        ],
    }


EMPTY = "No batch job ran several PanDA jobs in this window."


def _told(places: Places, batch: Batch) -> dict[str, Any]:
    told = batch.told
    url = list_link(places.jobs, **{"compass_batch.is": batch.name, "computingsite.is": batch.queue})
    return told | {
        "batch": cell("mono", batch.name, url),
        "full": 100 * told["full"],
        "state": state_cell(told["state"], job_group(told["state"])),
        "jobs": cell("number", told["jobs"], url),
        "finished": cell(
            "number", told["finished"], f"{url}&jobstatus.is=finished" if told["finished"] else ""
        ),
        "failed": cell("number", told["failed"], f"{url}&jobstatus.is=failed" if told["failed"] else ""),
    }


def _queue(places: Places, queue: str, batches: list[Batch]) -> dict[str, Any]:
    jobs = sum(len(batch.jobs) for batch in batches)
    most = batches[0].most
    return {
        "queue": cell("text", queue, f"{pages.core_root(places)}site/{quote(queue, safe='')}/"),
        "batches": len(batches),
        "live": sum(batch.live > 0 for batch in batches),
        "jobs": jobs,
        "most": most,
        "full": 100 * jobs / most / len(batches),
    }


def plain(batches: Batches) -> dict[str, Any]:
    told = [batch.told | {"states": dict(batch.states)} for batch in batches.all]
    return {"batches": told, **batches.cut}


def rows(batches: Batches) -> Table:
    return Table(tuple(column.name for column in COLUMNS), (batch.told for batch in batches.all))


BATCHES = pages.resource(
    "batches",
    "batches",
    "Batch jobs that run several PanDA jobs each, and how full they are.",
    Batches,
    {"html": page, "json": plain, "csv": rows, "ndjson": rows},
)
