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
    """The table of demo_vo's family of PanDA tables, gone after the test."""
    from bigpandamon_core.demo import ddl
    from bigpandamon_core.demo.connection import writing
    from tests.plugins.monitors import plugin

    [model] = plugin("demo_vo").families["gauges"]
    with writing().cursor() as cursor:
        cursor.execute(ddl.table(model, writing()))
    yield
    with writing().cursor() as cursor:
        cursor.execute("DROP TABLE gauges")
        cursor.execute("DELETE FROM bigpandamon_demo WHERE step LIKE '%panda.gauges'")


@pytest.fixture
def community(panda: Any, own: None, gauges: None, noon: datetime) -> Any:
    from tests.plugins.community import Community

    return Community(panda, noon)
