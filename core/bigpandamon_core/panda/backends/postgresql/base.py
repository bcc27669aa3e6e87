from django.db.backends.postgresql import base

from bigpandamon_core.panda.backends.qualified import QualifiedNames


class DatabaseOperations(QualifiedNames, base.DatabaseWrapper.ops_class):  # type: ignore[misc,name-defined]
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
