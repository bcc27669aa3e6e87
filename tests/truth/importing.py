"""Record files imported into the databases of the tests, with a clock that stands still."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.db import connections, transaction

from bigpandamon_core.demo.importing.tree import import_tree
from bigpandamon_core.domain import window
from tests.instance.factory import Panda

Imported = Callable[[datetime, Iterable[Path]], None]


@contextmanager
def importing() -> Iterator[Imported]:
    """A function that stops the clock and imports files; databases are empty again afterwards."""
    try:
        yield _take
    finally:
        window.set_clock(None)
        Panda().clear()
        _clear_own()


def _take(moment: datetime, paths: Iterable[Path]) -> None:
    window.set_clock(lambda: moment)
    refused = [file for path in paths for file in import_tree(path).imported if file.refused]
    assert not refused


def _clear_own() -> None:
    connection = connections["default"]
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
