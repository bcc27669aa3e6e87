"""Databases with odd rows, and clocks that stand still."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from bigpandamon_core.domain.window import set_clock
from tests.queries.odd_values import Rows, T, odd_rows

ROWS = 400


@pytest.fixture
def still_clock() -> Iterator[None]:
    set_clock(lambda: T)
    yield
    set_clock(None)


@pytest.fixture(scope="module")
def stored(panda_tables: None, own_tables: None) -> Iterator[Rows]:
    """Odd rows, in jobsarchived4 while the tests of a module run."""
    # imported here: models can be once Django is set up
    from tests.instance import defaults
    from tests.instance.factory import Panda

    factories = Panda()
    rows = Rows(defaults.job("jobsarchived4", row) for row in odd_rows(ROWS))
    factories.jobs(rows)
    yield rows
    factories.clear()


@pytest.fixture(scope="module")
def world(panda_tables: None, own_tables: None) -> Iterator[Any]:
    """A World: jobs in all tables, some in two."""
    # imported here: models can be once Django is set up
    from tests.instance.factory import Panda
    from tests.queries.worlds import World

    panda, world = Panda(), World(80, seed=3)
    world.store(panda)
    yield world
    panda.clear()


@pytest.fixture(scope="module")
def told(world: Any) -> Rows:
    """The newest row of each of its jobs."""
    return Rows(world.told())


@pytest.fixture(scope="module")
def ignoring_case(request: pytest.FixtureRequest) -> Iterator[None]:
    """A MariaDB whose job tables compare without regard to case, accents and trailing blanks, until the tests
    of the module have run."""
    yield from _ignoring_case(request)


@pytest.fixture
def ignoring_case_once(request: pytest.FixtureRequest) -> Iterator[None]:
    """As ignoring_case, for one test among others."""
    yield from _ignoring_case(request)


def _ignoring_case(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.config.getoption("--panda") != "mariadb":
        pytest.skip("only MariaDB's tables are often made so")
    tables = ("jobsdefined4", "jobsactive4", "jobsarchived4", "jobsarchived")
    _collate(tables, "utf8mb4_general_ci")
    yield
    _collate(tables, "utf8mb4_bin")


def _collate(tables: tuple[str, ...], collation: str) -> None:
    from bigpandamon_core.queries import known_values

    connections["panda"].close()
    with connections["demo"].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE {collation}")
    known_values.forget()
