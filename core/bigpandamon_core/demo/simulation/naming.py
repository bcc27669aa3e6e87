"""Names of tasks and input files where a profile says how they are made."""

from datetime import datetime

from bigpandamon_core.demo.simulation.profile import Work
from bigpandamon_core.demo.simulation.world import World

STRETCH_HOURS = 6
"""Tasks of one owner and campaign that come within such a stretch have the same {stretch}."""
ROW = 10
"""Files of one {row}, which differ by {column}."""


def task_name(world: World, work: Work, owner: str, campaign: str) -> str:
    """As `taskname` says; {count} tells apart what would be named alike."""
    words = {"owner": owner, "campaign": campaign, "stretch": _stretch(world.moment)}
    alike = work.taskname.format(count=0, **words)
    world.named[alike] += 1
    return work.taskname.format(count=world.named[alike] - 1, **words)


def _stretch(moment: datetime) -> str:
    begin = moment.replace(hour=moment.hour // STRETCH_HOURS * STRETCH_HOURS, minute=0, second=0)
    return f"{begin:%Y%m%dT%H%M%SZ}"


def file_name(work: Work, task: int, number: int) -> str:
    """As `filename` says, or as usual."""
    if not work.filename:
        return f"{work.input_type}.{task}._{number:06d}.pool.root.1"
    return work.filename.format(task=task, number=number, row=number // ROW, column=number % ROW)
