"""Values that the database computes for a count, so that neither long texts nor times have to travel."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Func, Value, When
from django.db.models import fields as types
from django.db.models.functions import Coalesce

from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.queries.matching import LikeText

MICROSECONDS_PER_MINUTE = 60_000_000


class MinutesBetween(Func):
    """Whole minutes from one moment to another, NULL if either is; below zero where the order is reversed."""

    output_field = types.BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = f"django_timestamp_diff(%(expressions)s) / -{MICROSECONDS_PER_MINUTE}"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="TIMESTAMPDIFF(MINUTE, %(expressions)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(-TRUNC(EXTRACT(EPOCH FROM (%(expressions)s)) / 60))::bigint"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)

    def as_oracle(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "-TRUNC(ROUND((%(expressions)s) * 86400) / 60)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


def _ran_minutes(now: datetime) -> Any:
    until = Value(now, output_field=PandaTime())
    return MinutesBetween(F("starttime"), Coalesce(F("endtime"), until, output_field=PandaTime()))


def _has_gpu(_now: datetime) -> Any:
    return Case(When(LikeText("jobmetrics", ("", "nGPU=", "")), then=1), default=0)


COMPUTED: Mapping[str, Callable[[datetime], Any]] = {"ran_minutes": _ran_minutes, "has_gpu": _has_gpu}
"""Names that counted fields use as columns."""


def selected(columns: tuple[str, ...], now: datetime) -> list[Any]:
    """What to select for these columns, computed ones as expressions, in their order."""
    return [COMPUTED[name](now) if name in COMPUTED else name for name in columns]
