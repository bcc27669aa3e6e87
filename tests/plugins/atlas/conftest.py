"""A monitor with ATLAS, and its PanDA tables in the demonstration's database."""

# What needs Django is imported by the fixtures: pytest may load this file before Django is set up.

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def tables(panda: Any, own: None) -> Iterator[Callable[..., None]]:
    """tables(DataCarouselRequests, request_id=1, …): a row. The tables go after the test."""
    from bigpandamon_atlas.tables import FAMILIES
    from bigpandamon_core.demo import ddl
    from bigpandamon_core.demo.connection import writing

    connection = writing()
    models = [model for family in FAMILIES.values() for model in family]
    names = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(ddl.table(model, connection))
    yield panda.row
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP TABLE {name}")


@pytest.fixture
def atlas(own: None, tmp_path: Path) -> Iterator[Any]:
    """Requests to a monitor with ATLAS."""
    from bigpandamon_atlas.plugin import Atlas
    from tests.plugins.monitors import announced, registry, running

    with running(registry(tmp_path, {"atlas": "enabled = true\n"}, [announced(Atlas)])) as monitor:
        yield monitor


@pytest.fixture
def imported(own: None, shared: Path) -> Callable[..., Any]:
    """imported(KIND, "tasks/file.ndjson"): the report of importing a file of the shared records."""
    from bigpandamon_core.demo.importing.files import Watcher, import_file

    def run(kind: Any, name: str) -> Any:
        return import_file(kind, shared / "data" / "panda" / name, Watcher())

    return run


@pytest.fixture
def kept_atlas(atlas: Any, tmp_path: Path) -> Iterator[Any]:
    """The same, which keeps answers in memory."""
    from tests.plugins.monitors import keeping

    with keeping(tmp_path):
        yield atlas
