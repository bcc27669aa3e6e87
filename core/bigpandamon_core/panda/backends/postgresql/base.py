from django.db.backends.postgresql import base, operations

from bigpandamon_core.panda.backends.qualified import QualifiedNames


class DatabaseOperations(QualifiedNames, operations.DatabaseOperations):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
