"""Which migrations `bigpandamon migrate` would still apply to our own database."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

OWN = "default"
LABEL = "state"
RUNS_ON = "0008_rollup_times"
"""The last migration of core that this release cannot do without: that of the release before, so that hosts
are upgraded, and go back, one by one."""


def pending() -> list[str]:
    """Of core and the active plugins, as `label.name`."""
    executor = MigrationExecutor(connections[OWN])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def runs() -> bool:
    """Whether the tables are those of the release before, at least."""
    return (LABEL, RUNS_ON) in _applied()


def pending_of(app: str) -> list[str]:
    """Of one application, a package with models and migrations."""
    label, applied = label_of(app), _applied()
    names = (module.name for module in iter_modules(import_module(f"{app}.migrations").__path__))
    return [name for name in sorted(names) if name[0] != "_" and (label, name) not in applied]


def waiting(apps: Iterable[str]) -> list[str]:
    """Of applications those whose tables are not there yet, by label."""
    return sorted(label_of(app) for app in apps if pending_of(app))


def label_of(app: str) -> str:
    """What its migrations and tables are named by."""
    return app.rpartition(".")[2]


def _applied() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connections[OWN]).applied_migrations())
