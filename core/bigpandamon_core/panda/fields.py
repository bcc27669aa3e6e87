"""Field types of the PanDA tables: one model reads alike on SQLite, MariaDB, PostgreSQL and Oracle."""

import json
import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import lookups
from django.db.models.sql.compiler import SQLCompiler

logger = logging.getLogger(__name__)


class PandaTimestamp(models.DateTimeField):
    """Naive UTC with fractions of a second: TIMESTAMP on Oracle. ValueError for a value with a zone."""

    TYPES = {
        "oracle": "TIMESTAMP(6)",
        "postgresql": "timestamp without time zone",
        "mysql": "datetime(6)",
        "sqlite": "datetime",
    }

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return self.TYPES[connection.vendor]

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        if isinstance(prepared, datetime) and prepared.tzinfo is not None:
            raise ValueError(f"{self.name}: PanDA times are naive UTC, got one with a zone: {prepared}")
        return prepared


class PandaTime(PandaTimestamp):
    """Naive UTC: DATE on Oracle, whose binds are `CAST(… AS DATE)`.

    Django binds TIMESTAMP there; Oracle would then convert the column for each row, and neither the index nor
    the partition of that column could be used.
    """

    TYPES = PandaTimestamp.TYPES | {"oracle": "DATE"}

    def get_placeholder(self, value: Any, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> str:
        return _as_date("%s", connection)


def _as_date(placeholder: str, connection: BaseDatabaseWrapper) -> str:
    return f"CAST({placeholder} AS DATE)" if connection.vendor == "oracle" else placeholder


class _BindsDate:
    """A comparison of a PandaTime with one value."""

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        parent: Any = super()
        placeholder, params = parent.get_db_prep_lookup(value, connection)
        return _as_date(placeholder, connection), params


class _BindsDates:
    """A comparison of a PandaTime with several values."""

    def batch_process_rhs(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, rhs: Any = None
    ) -> Any:
        parent: Any = super()
        placeholders, params = parent.batch_process_rhs(compiler, connection, rhs)
        return tuple(_as_date(each, connection) for each in placeholders), params


@PandaTime.register_lookup
class _Exact(_BindsDate, lookups.Exact):
    pass


@PandaTime.register_lookup
class _GreaterThan(_BindsDate, lookups.GreaterThan):
    pass


@PandaTime.register_lookup
class _GreaterThanOrEqual(_BindsDate, lookups.GreaterThanOrEqual):
    pass


@PandaTime.register_lookup
class _LessThan(_BindsDate, lookups.LessThan):
    pass


@PandaTime.register_lookup
class _LessThanOrEqual(_BindsDate, lookups.LessThanOrEqual):
    pass


@PandaTime.register_lookup
class _Range(_BindsDates, lookups.Range):
    pass


@PandaTime.register_lookup
class _In(_BindsDates, lookups.In):
    pass


class PandaDecimal(models.DecimalField):
    """Decimal everywhere: the Oracle driver hands out int where the scale is 0."""

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        own = [_decimal] if connection.vendor == "oracle" else []
        return own + super().get_db_converters(connection)


def _decimal(value: Any, *_context: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


class PaddedText(models.CharField):
    """CHAR(n): PostgreSQL and Oracle hand out trailing blanks, the other two do not. Read without them.

    Oracle compares CHAR with a bound text blank by blank, so equality binds are padded there.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return f"char({self.max_length})"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        ready = super().get_db_prep_value(value, connection, prepared)
        if connection.vendor == "oracle" and isinstance(ready, str):
            return ready.ljust(self.max_length or 0)
        return ready

    def get_db_converters(self, connection: BaseDatabaseWrapper) -> list[Any]:
        padded = connection.vendor in ("oracle", "postgresql")
        return ([_trimmed] if padded else []) + super().get_db_converters(connection)


def _trimmed(value: str | None, *_context: Any) -> str | None:
    return value.rstrip(" ") if value else value


class PandaJson(models.TextField):
    """A JSON document: jsonb on PostgreSQL, text elsewhere; the Python value is the parsed object.

    Text that is not JSON reads as None and is logged: one broken row must not take the list of all rows away.
    Compare inside documents in Python: no dialect is asked to look into them.
    """

    _pyi_private_get_type: Any  # what mypy takes for the type of a value
    _pyi_private_set_type: Any

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "jsonb" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value)

    def to_python(self, value: Any) -> Any:
        return value

    def from_db_value(self, value: Any, *_context: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except json.JSONDecodeError as error:
            logger.warning("%s: a stored document is not JSON: %s", self, error)
            return None
