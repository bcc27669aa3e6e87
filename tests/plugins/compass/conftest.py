"""The plugin's simulation profile, lived in the databases of this run, and a monitor with the plugin."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from tests.campaigns import in_campaign

END = datetime(2026, 5, 4, 12, 0)
RUNS, CHUNKS, HOURS = in_campaign(40, 4), in_campaign(30, 5), in_campaign(60, 9)
EVERY_MINUTES = 100.0


@dataclass(frozen=True)
class Truth:
    """What the simulation knows of its jobs: one mapping for each kind of job, with its number as `jobs`."""

    jobs: list[dict[str, Any]]

    def counted(self, *names: str) -> Counter[Any]:
        """Jobs by some of what is known."""
        found: Counter[Any] = Counter()
        for one in self.jobs:
            found[tuple(str(one[name]) for name in names)] += one["jobs"]
        return found

    @property
    def total(self) -> int:
        return sum(one["jobs"] for one in self.jobs)


def world_profile() -> Any:
    from bigpandamon_core.demo.simulation.profile import load

    whole = load(str(files("bigpandamon_compass") / "profile.toml"))
    slow = EVERY_MINUTES if RUNS < 40 else whole.chains[0].every_minutes
    small = [replace(chain, runs=RUNS, parts=CHUNKS, every_minutes=slow) for chain in whole.chains]
    return replace(whole, chains=tuple(small))


@contextmanager
def lived(profile: Any, hours: float) -> Iterator[Truth]:
    """The world in the database of this run, without the tables that its PanDA lacks."""
    from bigpandamon_core.demo import connection as demo
    from bigpandamon_core.demo import ddl
    from bigpandamon_core.demo.simulation import chains, position, simulation
    from bigpandamon_core.demo.simulation.statements import family_tables
    from bigpandamon_core.sources import presence as tables
    from tests.instance.factory import Panda

    connection = demo.writing()
    begun = simulation.begin(connection, profile, 5, END - timedelta(hours=hours), 1000.0)
    begun.until(END)
    tables.forget()
    yield Truth(list(chains.told(begun.world)))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {position.TABLE}")
        for model in (model for family in profile.absent for model in family_tables(family)):
            for statement in (ddl.table(model, connection), *ddl.indexes(model, connection)):
                cursor.execute(statement)
    Panda().clear()
    tables.forget()


@pytest.fixture(scope="module")
def truth(panda_tables: None, own_tables: None) -> Iterator[Truth]:
    with lived(world_profile(), HOURS) as told:
        yield told


@pytest.fixture
def compass(own: None, tmp_path: Any) -> Iterator[Callable[..., Any]]:
    """compass(more): a monitor with the plugin at the end of the world. more: lines of its switch file."""
    from contextlib import ExitStack

    from bigpandamon_core.domain import window
    from bigpandamon_core.plugin.discovery import installed
    from bigpandamon_core.web import presence
    from tests.plugins.monitors import registry, running

    window.set_clock(lambda: END)
    presence.forget()
    found = [one for one in installed() if one.name == "compass"]
    with ExitStack() as stack:
        yield lambda more="": stack.enter_context(
            running(registry(tmp_path, {"compass": f"enabled = true\n{more}"}, found))
        )
    window.set_clock(None)
    presence.forget()


@pytest.fixture
def monitor(compass: Callable[..., Any]) -> Any:
    return compass()


@pytest.fixture
def kept_monitor(compass: Callable[..., Any], tmp_path: Any) -> Iterator[Any]:
    """The same, which keeps answers in memory."""
    from tests.plugins.monitors import keeping

    shown = compass()
    with keeping(tmp_path):
        yield shown
