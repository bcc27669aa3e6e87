"""What was made of the same jobs is kept for the further tests of a module: following takes a second."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import copytree

from django.apps import apps
from django.db import connections, models, transaction

from bigpandamon_core.state.leases import LeaseRow

Rows = Mapping[type[models.Model], Sequence[models.Model]]


class Album:
    """By their names states of our own tables and of the folder of facets, all but who holds a lease."""

    def __init__(self, place: Path):
        self._place = place
        self._rows: dict[str, Rows] = {}

    def take(self, name: str, folder: Path) -> None:
        copytree(folder, self._place / name)
        own = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
        self._rows[name] = {model: list(model._base_manager.all()) for model in own if model is not LeaseRow}

    def restore(self, name: str, folder: Path) -> bool:
        """Into tables that are empty; False where there is none of that name."""
        if name not in self._rows:
            return False
        copytree(self._place / name, folder, dirs_exist_ok=True)
        with connections["default"].constraint_checks_disabled(), transaction.atomic():
            for model, rows in self._rows[name].items():
                model._base_manager.bulk_create(rows)
        return True
