"""The periodic tasks of an instance."""

from collections.abc import Iterator
from dataclasses import replace

from bigpandamon_core.config import Configuration, Mistake
from bigpandamon_core.domain.periodic import PeriodicTask
from bigpandamon_core.domain.problems import not_found
from bigpandamon_core.schedule import clean_up, queue_recorder, warm_up

CORE = (warm_up.TASK, clean_up.TASK, queue_recorder.TASK)


def tasks(configuration: Configuration) -> tuple[PeriodicTask, ...]:
    """Those that are not switched off, each as often as the instance wants."""
    off, every = configuration.get("schedule.off"), configuration.get("schedule.every")
    return tuple(
        replace(task, every_seconds=every.get(task.name, task.every_seconds))
        for task in CORE
        if task.name not in off
    )


def task_named(name: str, configuration: Configuration) -> PeriodicTask:
    """One of them.

    Raises:
        Problem: there is none of this name here.
    """
    found = {task.name: task for task in tasks(configuration)}
    if name not in found:
        raise not_found(f"No task {name} is run here.", f"There are {', '.join(found) or 'none'}.")
    return found[name]


def strangers(configuration: Configuration) -> Iterator[Mistake]:
    """Tasks and kinds of rows that the configuration names and nothing declares."""
    names = [task.name for task in CORE]
    yield from configuration.strangers("schedule.off", names, "task")
    yield from configuration.strangers("schedule.every", names, "task")
    yield from configuration.strangers("schedule.keep_days", clean_up.KINDS, "kind of row")
