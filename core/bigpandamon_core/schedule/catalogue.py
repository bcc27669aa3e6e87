"""The periodic tasks of an instance: those of core, then those of the active plugins."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from bigpandamon_core.config import Configuration, Mistake
from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.problems import not_found
from bigpandamon_core.plugin.contract import Plugin, all_fields
from bigpandamon_core.plugin.discovery import Installed
from bigpandamon_core.plugin.loading import Active, examine, is_read, load
from bigpandamon_core.schedule import clean_up, queue_recorder, warm_up

CORE = (warm_up.TASK, clean_up.TASK, queue_recorder.TASK)


def tasks(configuration: Configuration, found: Iterable[Installed] | None = None) -> tuple[PeriodicTask, ...]:
    """Those that are not switched off, each as often as the instance wants.

    Raises:
        ConfigurationErrors: something is wrong with a plugin.
    """
    off, every = configuration.get("schedule.off"), configuration.get("schedule.every")
    declared = (*CORE, *(task for one in load(configuration, found) for task in _of_plugin(one)))
    return tuple(
        replace(task, every_seconds=every.get(task.name, task.every_seconds))
        for task in declared
        if task.name not in off
    )


def _of_plugin(active: Active) -> Iterator[PeriodicTask]:
    for task in _declared(active.plugin):
        yield replace(task, run=partial(_run, task, active), apps=active.plugin.apps)


def _declared(plugin: Plugin) -> Iterator[PeriodicTask]:
    yield from plugin.tasks
    if plugin.retentions:
        yield clean_up.task(f"{plugin.name}-clean-up", plugin.retentions)


def _run(task: PeriodicTask, active: Active, turn: Turn) -> str:
    """From the plugin's point of view, its own options at hand."""

    def option(key: str) -> Any:
        return active.settings[key] if key in active.settings else turn.option(key)

    return task.run(replace(turn, option=option, scope=active.scope, more_fields=all_fields(active.plugin)))


def task_named(name: str, configuration: Configuration) -> PeriodicTask:
    """One of them.

    Raises:
        Problem: there is none of this name here.
    """
    found = {task.name: task for task in tasks(configuration)}
    if name not in found:
        raise not_found(f"No task {name} is run here.", f"There are {', '.join(found) or 'none'}.")
    return found[name]


def strangers(configuration: Configuration, found: Iterable[Installed] | None = None) -> Iterator[Mistake]:
    """Tasks and kinds of rows that the configuration names and nothing declares. While a plugin cannot be
    read, nobody knows which tasks it declares."""
    enabled = [one for one in examine(configuration, found) if one.enabled and one.installed]
    if not all(map(is_read, enabled)):
        return
    plugins = [one.plugin for one in enabled if one.plugin]
    names = [task.name for task in (*CORE, *(task for plugin in plugins for task in _declared(plugin)))]
    kinds = (*clean_up.CORE, *(name for plugin in plugins for name in plugin.retentions))
    yield from configuration.strangers("schedule.off", names, "task")
    yield from configuration.strangers("schedule.every", names, "task")
    yield from configuration.strangers("schedule.keep_days", kinds, "kind of row")
