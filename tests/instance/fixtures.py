"""The databases and what tests put into them."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo import schema
from tests.instance.databases import KEY, Databases
from tests.instance.factory import Panda
from tests.instance.people import QUICK, Accounts


@pytest.fixture(scope="session")
def private_databases(request: pytest.FixtureRequest) -> Databases:
    """The two databases of this process and the server behind them (None for SQLite)."""
    return request.config.stash[KEY]


@pytest.fixture(scope="session")
def panda_tables() -> Iterator[None]:
    """The PanDA tables with their indexes, once a session."""
    schema.create(demo.writing())
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def own_tables() -> Iterator[None]:
    """Our own tables, once a session."""
    call_command("migrate", database="default", verbosity=0)
    yield
    connections.close_all()


@pytest.fixture
def panda(panda_tables: None, own_tables: None) -> Iterator[Panda]:
    """Factories of rows in the PanDA database, which is emptied after the test."""
    factories = Panda()
    yield factories
    factories.clear()


@pytest.fixture
def own(own_tables: None) -> Iterator[None]:
    """Our own tables, emptied after the test."""
    yield
    connection = connections["default"]
    # PostgreSQL looks at foreign keys when the transaction ends, the others not while they are off.
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


@pytest.fixture
def accounts(own: None) -> Iterator[Accounts]:
    """Factories of accounts, whose passwords are hashed at once."""
    with override_settings(PASSWORD_HASHERS=[QUICK]):
        yield Accounts()
