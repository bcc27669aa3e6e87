from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from bigpandamon_core.demo import connection as demo
from tests.instance.databases import Databases

NUMBERS = count(1)


@pytest.fixture(autouse=True)
def read_back() -> Iterator[None]:
    """What these tests read back from PanDA's tables belongs to no declared query: name it for them."""
    wrappers = connections["panda"].execute_wrappers
    wrappers.insert(0, name_statement)
    yield
    wrappers.remove(name_statement)


def name_statement(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    return execute(f"/* test */ {sql}", params, many, context)


@pytest.fixture
def empty_database(private_databases: Databases) -> Iterator[Callable[..., BaseDatabaseWrapper]]:
    """`empty_database(SCHEMAS={…})`: a writing connection to a new database of the kind under test."""
    made: list[str] = []

    def make(**changes: object) -> BaseDatabaseWrapper:
        name = f"empty{next(NUMBERS)}"
        if private_databases.server is not None:
            private_databases.server.run(f"CREATE DATABASE {name}")
            place = name
        else:
            place = f"file:{private_databases.folder}/{name}.sqlite3"
        connections.settings[name] = deepcopy(demo.writing().settings_dict) | {"NAME": place} | changes
        made.append(name)
        return connections[name]

    yield make
    for name in made:
        connections[name].close()
        del connections[name], connections.settings[name]
        if private_databases.server is not None:
            private_databases.server.run(f"DROP DATABASE {name}")
