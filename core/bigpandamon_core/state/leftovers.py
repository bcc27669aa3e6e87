"""Tables of plugins in our own database, found by their names: the plugin itself need not be there."""

from collections.abc import Iterable

from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from bigpandamon_core.state.pending import OWN

PREFIX = "bigpandamon_"


def label_of_plugin(name: str) -> str:
    """What its migrations and tables are named by."""
    return PREFIX + name


def is_known(label: str) -> bool:
    """Whether it has tables, or migrations are recorded of it, such as after a purge that broke off."""
    recorded = MigrationRecorder(connections[OWN]).applied_migrations()
    return any(one == label for one, _ in recorded) or bool(tables_of(label))


def tables_of(label: str) -> list[str]:
    """Those of an application. A table that another's label fits more closely is not among them."""
    labels = {one for one, _ in MigrationRecorder(connections[OWN]).applied_migrations()} | {label}
    return [name for name in connections[OWN].introspection.table_names() if _owner(name, labels) == label]


def _owner(table: str, labels: Iterable[str]) -> str:
    return max((label for label in labels if table.startswith(f"{label}_")), key=len, default="")


def rows_in(table: str) -> int:
    connection = connections[OWN]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # a table that is there
        return int(cursor.fetchone()[0])


def drop(label: str, tables: Iterable[str]) -> None:
    """Drop the tables, and forget that their migrations were applied."""
    connection = connections[OWN]
    with connection.constraint_checks_disabled(), connection.schema_editor() as editor:
        for table in tables:
            editor.execute(editor.sql_delete_table % {"table": connection.ops.quote_name(table)})
    with transaction.atomic(using=OWN):
        MigrationRecorder(connection).migration_qs.filter(app=label).delete()
