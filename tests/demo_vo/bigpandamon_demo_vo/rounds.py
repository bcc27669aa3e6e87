"""What is noted down every hour without a crew."""

from bigpandamon_core.plugin import (
    Datasets,
    Files,
    Jobs,
    PeriodicTask,
    Problem,
    Tasks,
    Turn,
    call_of,
    now,
    task_group,
)
from bigpandamon_demo_vo.models import Note


def go_round(turn: Turn) -> str:
    """One note of how much there is to do."""
    hours = str(turn.option("demo_vo.shift_hours"))
    jobs = Jobs(call_of(turn, hours=hours)).tally.total
    tasks = list(Tasks(call_of(turn, hours=hours)).rows(("jeditaskid", "status"), None))
    failed = sum(1 for row in tasks if task_group(row["status"]) == "failed")
    read = _read(turn, [row["jeditaskid"] for row in tasks])
    text = f"{jobs} jobs, {len(tasks)} tasks, {failed} failed, {read}"
    if turn.is_over():
        raise Problem("There was no time to write it down.")
    with turn.fenced():
        Note.objects.create(made=now(), text=text)
    return text


def _read(turn: Turn, numbers: list[int]) -> str:
    if not numbers:
        return "nothing to read"
    listed = "|".join(map(str, numbers))
    datasets = Datasets(call_of(turn, jeditaskid=listed)).count()
    return f"{datasets} data sets, {Files(call_of(turn, jeditaskid=listed)).count()} files"


ROUND = PeriodicTask("demo_vo-round", "Note how much there is to do.", 3600, go_round, limit_seconds=60)
