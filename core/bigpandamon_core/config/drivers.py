"""The drivers of databases, each an extra of this distribution; SQLite's comes with Python."""

from importlib import import_module

_DRIVERS = {
    "mysql": ("MySQLdb", "mysqlclient"),
    "postgresql": ("psycopg", "psycopg"),
    "oracle": ("oracledb", "oracledb"),
}


def lacking(kind: str) -> str:
    """How to get the driver that databases of this kind need; "" if it is there."""
    if kind not in _DRIVERS:
        return ""
    module, package = _DRIVERS[kind]
    try:
        import_module(module)
    except ImportError as error:
        return f"install {package} (bigpandamon-core[{kind}]): {error}"
    return ""
