from typing import Any

from django.db.backends.oracle import base

from bigpandamon_core.panda.backends.qualified import QualifiedNames


class DatabaseOperations(QualifiedNames, base.DatabaseWrapper.ops_class):  # type: ignore[misc,name-defined]
    def get_db_converters(self, expression: Any) -> list[Any]:
        """As Django's, but NULL text stays None as on the other databases instead of becoming ''."""
        converters = super().get_db_converters(expression)
        return [each for each in converters if each != self.convert_empty_string]


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
