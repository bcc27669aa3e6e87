"""What a plugin does every so often, and how long it keeps what it stores."""

from collections.abc import Iterator

from bigpandamon_core.domain.periodic import PeriodicTask
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint, begins

SHORTEST_SECONDS = 10
"""More often would keep a process busy with beginning."""


def tasks(plugin: Plugin) -> Iterator[Complaint]:
    """Tasks whose name is not the plugin's, or that nobody could run or explain."""
    names = [task.name for task in plugin.tasks]
    for task in plugin.tasks:
        told = (*_named(plugin, task, names), *_timed(task))
        yield from (Complaint(f"tasks.{task.name}", *one) for one in told)


def _named(plugin: Plugin, task: PeriodicTask, names: list[str]) -> Iterator[tuple[str, str]]:
    if not begins(plugin.name, task.name):
        yield f"a name that begins with {plugin.name}", f'"{task.name}"'
    if names.count(task.name) > 1:
        yield "each task once", "it is declared twice"
    if not task.help:
        yield "a help text", '""'
    if task.apps:
        yield "apps said once, by the plugin", repr(task.apps)


def _timed(task: PeriodicTask) -> Iterator[tuple[str, str]]:
    if not callable(task.run):
        yield "a function that runs it", repr(task.run)
    if task.every_seconds < SHORTEST_SECONDS:
        yield f"at least {SHORTEST_SECONDS} seconds from run to run", str(task.every_seconds)
    if task.limit_seconds <= 0:
        yield "a limit of its time", str(task.limit_seconds)


def retentions(plugin: Plugin) -> Iterator[Complaint]:
    """Kinds of rows whose name is not the plugin's, or that are none of its own."""
    for name, kept in plugin.retentions.items():
        if not begins(plugin.name, name):
            yield Complaint(f"retentions.{name}", f"a name that begins with {plugin.name}", f'"{name}"')
        for model in (kept.model, *kept.parts):
            if model._meta.app_label not in plugin.apps:
                yield Complaint(f"retentions.{name}", "a model of the plugin's own tables", model.__name__)
