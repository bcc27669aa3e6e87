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
    from tests.truth.importing import importing

    with importing() as take:
        yield take


@pytest.fixture(scope="module")
def data(shared: Path) -> Path:
    """The folder of real PanDA records."""
    return shared / "data" / "panda"


@pytest.fixture(scope="session")
def schema_columns() -> Path:
    """The published columns of the PanDA tables."""
    return Path(__file__).resolve().parent.parent / "panda" / "columns.csv"


@pytest.fixture(scope="module")
def tables(request: pytest.FixtureRequest, data: Path, imported: Imported) -> dict[str, Any]:
    """The records of the module's TABLES as a real server wrote them, imported at its NOW."""
    from tests.truth import records

    paths = {name: data / "server" / f"{name}.csv" for name in request.module.TABLES}
    imported(request.module.NOW, paths.values())
    return {name: records.table(path) for name, path in paths.items()}
