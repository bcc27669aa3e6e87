import pytest

from tests.oracle.compiler import OracleCompiler


@pytest.fixture
def oracle_compiler_without_server() -> OracleCompiler:
    """Compiles for Oracle 19, of which there is none: `statement(rows)`, `in_place_of("panda")`."""
    return OracleCompiler()
