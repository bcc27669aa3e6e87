"""Values that the database computes for a count, so that neither long texts nor times have to travel, nor the
same values again and again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Func, Value, When
from django.db.models import fields as types
from django.db.models.functions import Coalesce

from bigpandamon_core.domain.together import Together
from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.queries.matching import LikeText

MICROSECONDS_PER_MINUTE = 60_000_000
Sql = tuple[str, tuple[Any, ...]]


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


class LastPart(Func):
    """What follows the last `|` of a text; NULL without one that has something before it."""

    output_field = types.CharField()
    template = (
        "CASE WHEN INSTR(SUBSTR(%(expressions)s, 2), '|') > 0 "
        "THEN SUBSTR(%(expressions)s, LENGTH(RTRIM(%(expressions)s, REPLACE(%(expressions)s, '|', ''))) + 1) END"
    )

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = (
            "CASE WHEN LOCATE('|', %(expressions)s, 2) > 0 THEN SUBSTRING_INDEX(%(expressions)s, '|', -1) END"
        )
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "SUBSTRING(%(expressions)s FROM '.[|]([^|]*)$')"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_oracle(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = (
            "CASE WHEN INSTR(%(expressions)s, '|', 2) > 0 "
            "THEN SUBSTR(%(expressions)s, INSTR(%(expressions)s, '|', -1) + 1) END"
        )
        return self.as_sql(compiler, connection, template=template, **context)


class OneText(Func):
    """Integers and texts as one text with a separator between them; NULL is empty."""

    output_field = types.CharField()

    def __init__(self, columns: Sequence[Any], separator: str):
        super().__init__(*columns, Value(separator, output_field=types.CharField()))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:  # type: ignore[override]
        return self._chained(compiler, "COALESCE({}, '')")

    def as_oracle(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        return self._chained(compiler, "{}")

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        return self._listed(compiler, "COALESCE({}, '')")

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        return self._listed(compiler, "COALESCE(({})::text, '')")

    def _listed(self, compiler: Any, form: str) -> Sql:
        *columns, (between, separator) = self._compiled(compiler)
        texts = ", ".join(form.format(sql) for sql, _ in columns)
        return f"CONCAT_WS({between}, {texts})", (*separator, *(bind for _, binds in columns for bind in binds))

    def _chained(self, compiler: Any, form: str) -> Sql:
        *columns, (between, separator) = self._compiled(compiler)
        texts = [(form.format(sql), tuple(binds)) for sql, binds in columns]
        joined, binds = texts[0]
        for sql, more in texts[1:]:
            joined, binds = f"{joined} || {between} || {sql}", (*binds, *separator, *more)
        return f"({joined})", binds

    def _compiled(self, compiler: Any) -> list[Sql]:
        return [compiler.compile(each) for each in self.source_expressions]


def _pilot_version(_now: datetime) -> Any:
    return LastPart(F("pilotid"))


COMPUTED: Mapping[str, Callable[[datetime], Any]] = {
    "ran_minutes": _ran_minutes,
    "has_gpu": _has_gpu,
    "pilot_version": _pilot_version,
}
"""Names that counted fields use as columns."""


def selected(columns: Iterable[str | Together], now: datetime) -> list[Any]:
    """What to select for these columns, computed ones as expressions, in their order."""
    return [_selected(column, now) for column in columns]


def _selected(column: str | Together, now: datetime) -> Any:
    if isinstance(column, Together):
        return OneText([_expression(name, now) for name in column.columns], column.separator)
    return COMPUTED[column](now) if column in COMPUTED else column


def _expression(name: str, now: datetime) -> Any:
    return COMPUTED[name](now) if name in COMPUTED else F(name)
