"""Tables of the PanDA database that plugins read, made for a test and gone after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def further_tables(*models: type[Any]) -> Iterator[None]:
    from bigpandamon_core.demo import ddl
    from bigpandamon_core.demo.connection import writing

    connection = writing()
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(ddl.table(model, connection))
    yield
    with connection.cursor() as cursor:
        for model in models:
            name = model._meta.db_table
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")  # a declared table
            cursor.execute("DELETE FROM bigpandamon_demo WHERE step LIKE %s", [f"%{name}"])
