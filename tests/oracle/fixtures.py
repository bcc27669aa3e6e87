import pytest

from tests.oracle.compiler import OracleCompiler
from tests.oracle.snapshots import Snapshots


@pytest.fixture
def oracle_compiler_without_server() -> OracleCompiler:
    """Compiles for Oracle 19, of which there is none: `statement(rows)`, `in_place_of("panda")`."""
    return OracleCompiler()


@pytest.fixture
def snapshots(request: pytest.FixtureRequest) -> Snapshots:
    """`snapshots.match("jobs-list", statement)` compares with the kept text, or keeps it under --record."""
    return Snapshots(request.config.getoption("--record"))
