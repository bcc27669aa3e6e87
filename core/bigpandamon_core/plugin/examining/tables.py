"""The tables of a plugin: its own, in the own database, named after it, and bound to nobody else's."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.db import models

from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint

WORD = "apps"


def complaints(plugin: Plugin, folder: Path) -> Iterator[Complaint]:
    """folder: of the plugin's package."""
    own = type(plugin).__module__.partition(".")[0]
    if plugin.apps not in ((), (own,)):
        yield Complaint(WORD, f'nothing or ("{own}",), the package of the plugin', repr(plugin.apps))
        return
    if bool(plugin.apps) != (folder / "migrations" / "__init__.py").is_file():
        found = "migrations without the word" if not plugin.apps else "no migrations"
        yield Complaint(WORD, f"the package's name where it has models.py and migrations/: {own}", found)
        return
    for app in plugin.apps:
        yield from _of_app(app)


def _of_app(app: str) -> Iterator[Complaint]:
    try:
        import_module(f"{app}.models")
        migrations = [import_module(f"{app}.migrations.{name}").Migration for name in _migrations(app)]
    except Exception as error:  # pylint: disable=broad-exception-caught  # whatever importing foreign code raises
        yield Complaint(
            WORD, "models and migrations that can be imported", f"{type(error).__name__}: {error}"
        )
        return
    for model in apps.all_models[app].values():
        yield from _of_model(model, app)
    for migration in migrations:
        for label, name in (*migration.dependencies, *migration.run_before):
            if label != app:
                yield Complaint(WORD, "migrations that depend on its own only", f"{label}.{name}")


def _migrations(app: str) -> list[str]:
    package = import_module(f"{app}.migrations")
    return [module.name for module in iter_modules(package.__path__) if module.name[0] != "_"]


def _of_model(model: Any, app: str) -> Iterator[Complaint]:
    table = model._meta.db_table
    if not table.startswith(f"{app}_"):
        yield Complaint(WORD, f"tables whose names begin with {app}_", table)
    if not model._meta.managed:
        yield Complaint(WORD, "tables that migrations make", f"{table}, which is not managed")
    for field in model._meta.get_fields():
        related = field.related_model
        if isinstance(related, type) and issubclass(related, models.Model) and related._meta.app_label != app:
            yield Complaint(WORD, "relations among its own tables", f"{table} and {related._meta.db_table}")
