"""Real and invented records, imported once a module, and a client that asks for them.

The program is imported inside: this file is read before Django is set up.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite("tests.truth.comparing", "tests.truth.asking", "tests.truth.pages")
Imported = Callable[[datetime, Iterable[Path]], None]


@pytest.fixture
def ask() -> Any:
    from tests.truth.asking import Asking

    return Asking()


@pytest.fixture(scope="module")
def imported(panda_tables: None, own_tables: None) -> Iterator[Imported]:
    """A function that stops the clock and imports files; databases are empty again after the module."""
    from bigpandamon_core.demo.importing.tree import import_tree
    from bigpandamon_core.domain import window
    from tests.instance.factory import Panda

    def take(moment: datetime, paths: Iterable[Path]) -> None:
        window.set_clock(lambda: moment)
        refused = [file for path in paths for file in import_tree(path).imported if file.refused]
        assert not refused

    yield take
    window.set_clock(None)
    Panda().clear()
    _clear_own()


def _clear_own() -> None:
    from django.apps import apps
    from django.db import connections, transaction

    connection = connections["default"]
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


@pytest.fixture(scope="module")
def data(shared: Path) -> Path:
    """The folder of real PanDA records."""
    return shared / "data" / "panda"


@pytest.fixture(scope="session")
def schema_columns() -> Path:
    """The published columns of the PanDA tables."""
    return Path(__file__).resolve().parent.parent / "panda" / "columns.csv"
