"""What the pilot reports when the payload is over: the job's metadata and its metrics."""

import json

from bigpandamon_core.demo.simulation import resources
from bigpandamon_core.demo.simulation.jobs import Job
from bigpandamon_core.demo.simulation.records import EPOCH, Row
from bigpandamon_core.demo.simulation.resources import Load
from bigpandamon_core.demo.simulation.world import World

POINTS = 90
"""Points of a memory series at most; a point a minute where that is fewer."""
SHORTEST_SERIES_SECONDS = 600


def metrics(world: World, job: Job, load: Load, elapsed: float) -> Row:
    """pilottiming: seconds of getjob, stage-in, payload, stage-out, initial set-up and set-up."""
    stage_in = min(int(world.spread(40)), int(elapsed) // 4)
    stage_out = min(int(world.spread(25)), int(elapsed) // 4)
    events, data = job.row["nevents"], world.random.randrange(10**7)
    return {
        "pilottiming": f"1|{stage_in}|{int(elapsed) - stage_in - stage_out}|{stage_out}|9|31",
        "jobmetrics": (
            f"leak={load.growth:.2f} chi2=0.{world.random.randrange(10, 99)} nEvents={events} "
            f"actualCoreCount={load.cores} dbTime={world.spread(8):.2f} dbData={data} "
            f"workDirSize={world.random.randrange(10**9)} readbyterate={load.reads:.1f}"
        ),
        "ninputfiles": job.row["ninputdatafiles"],
    }


def write(world: World, job: Job, load: Load, elapsed: float) -> None:
    """The job's row of metatable: the payload's report and the process monitor's summary, of some jobs with
    the series as the process monitor writes it (`prmon_series`)."""
    document: Row = {
        "exitCode": int(job.row.get("transexitcode") or 0),
        "exitMsg": job.row.get("exeerrordiag") or "OK",
        "nEvents": job.row["nevents"],
        "files": {
            "output": [each.record.values["lfn"] for each in job.files if _is_output(each.record.values)]
        },
        "resource": {"wallTime": int(elapsed), "cpuTime": load.cpu(elapsed)},
        "prmon": resources.summary(load, elapsed),
    }
    if elapsed > SHORTEST_SERIES_SECONDS and world.happens(world.profile.habits.series):
        document["prmon_series"] = resources.series(load, int(job.started), elapsed, POINTS, world.random)
    text = json.dumps(document, separators=(",", ":"))
    row = {"pandaid": job.pandaid, "modificationtime": EPOCH, "metadata": text}
    job.metadata = world.changes.add("metatable", row)


def _is_output(row: Row) -> bool:
    return bool(row["type"] == "output")
