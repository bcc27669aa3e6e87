from typing import Any

from django.db.backends.oracle import base, operations

from bigpandamon_core.panda.backends.qualified import QualifiedNames

_DJANGO = vars(base.DatabaseWrapper)


class DatabaseOperations(QualifiedNames, operations.DatabaseOperations):
    def get_db_converters(self, expression: Any) -> list[Any]:
        """As Django's, but NULL text stays None as on the other databases instead of becoming ''."""
        converters = super().get_db_converters(expression)
        return [each for each in converters if each not in (self.convert_empty_string,)]


class DatabaseWrapper(base.DatabaseWrapper):
    """Compares patterns as plain text.

    Django turns a pattern into NVARCHAR2, as its own columns are that; PanDA's are VARCHAR2, and Oracle would
    convert the column for each row instead of using its index.
    """

    ops_class = DatabaseOperations
    _standard_operators = {
        name: text.replace("LIKEC", "LIKE") for name, text in _DJANGO["_likec_operators"].items()
    }
    _standard_pattern_ops = {
        name: text.replace("LIKEC", "LIKE") for name, text in _DJANGO["_likec_pattern_ops"].items()
    }
