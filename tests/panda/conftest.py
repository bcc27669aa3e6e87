from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import connections

READER = "reader"


@pytest.fixture
def reader(panda_tables: None) -> Iterator[str]:
    """Alias of a second reading connection to PanDA, without the rule that statements be named."""
    connections.settings[READER] = deepcopy(connections["panda"].settings_dict)
    yield READER
    connections[READER].close()
    del connections[READER], connections.settings[READER]


@pytest.fixture
def vendor() -> str:
    """sqlite, mysql or postgresql: what --panda chose."""
    return connections["panda"].vendor
