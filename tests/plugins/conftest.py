"""Monitors with the two invented plugins, and jobs inside and outside their scopes."""

# What needs Django is imported by the fixtures: pytest may load this file before Django is set up.

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

ON = "enabled = true\n"
NOON = datetime(2026, 5, 4, 12, 0)


@pytest.fixture(autouse=True)
def families() -> Iterator[None]:
    """What an earlier test found to be absent is looked for again; plugins' families go with their test."""
    from bigpandamon_core.panda.added import add
    from bigpandamon_core.web import presence

    presence.forget()
    yield
    presence.forget()
    add(())


@pytest.fixture
def noon() -> Iterator[datetime]:
    """The clock stands still."""
    from bigpandamon_core.domain import window

    window.set_clock(lambda: NOON)
    yield NOON
    window.set_clock(None)


@pytest.fixture
def monitor(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """monitor("quiet_vo"): requests go to a monitor with these plugins from now on. Switch files by name."""
    from tests.plugins.monitors import registry, running

    with ExitStack() as stack:

        def start(*names: str, **files: str) -> Any:
            folder = tmp_path / "-".join(("monitor", *names))
            folder.mkdir(exist_ok=True)
            return stack.enter_context(running(registry(folder, dict.fromkeys(names, ON) | files)))

        yield start


@pytest.fixture
def gauges(panda_tables: None, own_tables: None) -> Iterator[None]:
    """The tables of demo_vo's families of PanDA tables."""
    from tests.plugins.further_tables import further_tables
    from tests.plugins.monitors import plugin

    with further_tables(*(model for models in plugin("demo_vo").families.values() for model in models)):
        yield


@pytest.fixture
def with_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are made as if the browser's libraries had been fetched."""
    monkeypatch.setattr("bigpandamon_core.web.page.PLOTS", "main.js")


@pytest.fixture
def community(panda: Any, own: None, gauges: None, noon: datetime) -> Any:
    from tests.plugins.community import Community

    return Community(panda, noon)


@pytest.fixture
def at_release(own_tables: None) -> Iterator[Callable[[str, str], Any]]:
    """`at_release("bigpandamon_lsst", "0001_lists_and_index")`: models as its tables were then; after it
    they are as now."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    moved: set[str] = set()

    def migrated(app: str, name: str) -> Any:
        moved.add(app)
        MigrationExecutor(connection).migrate([(app, name)])
        return MigrationExecutor(connection).loader.project_state([(app, name)]).apps

    yield migrated
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] in moved])
