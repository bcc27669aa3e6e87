"""Comparisons of text that mean the same on every database.

Exact is by code point, whatever the collation of the column; ignoring case folds ASCII letters only; an empty
text is absent. Blanks that pad a CHAR column are no part of its text.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, CharField, F, Field, Func, Lookup, Value
from django.db.models.lookups import In

from bigpandamon_core.domain.text import fold
from bigpandamon_core.panda.fields import PaddedText
from bigpandamon_core.panda.indexes import indexes

_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Pieces = tuple[str, ...]
_LENGTHS = (1, 10, 100, 500)
Sql = tuple[str, tuple[Any, ...]]


class Holds(Lookup):
    """A test that stands in WHERE as it is. Django compares conditions that are no lookups with TRUE: MySQL
    then uses no index, and Oracle refuses the statement."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Sql:
        return compiler.compile(self.lhs)  # type: ignore[no-any-return]

    as_oracle = as_sql


def padded(values: list[Any]) -> list[Any]:
    """The values with the last one repeated up to one of a few lengths, so that statements stay the same."""
    length = next((size for size in _LENGTHS if len(values) <= size), len(values))
    return values + values[-1:] * (length - len(values))


@dataclass(frozen=True, slots=True)
class Listed:
    """Values of a list, as they are: Django looks at each item of a tuple for expressions."""

    values: tuple[Any, ...]


@Field.register_lookup
class PaddedIn(In):
    """In a list, given as Listed, whose last value is repeated up to one of a few lengths; Django's own drops
    what repeats."""

    lookup_name = "padded_in"

    def get_prep_lookup(self) -> list[Any]:
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs.values]

    def batch_process_rhs(self, _compiler: Any, connection: Any, rhs: Any = None) -> tuple[Any, Any]:
        bound: Any = padded(list(rhs))
        _, values = self.get_db_prep_lookup(bound, connection)
        return ["%s"] * len(values), values


class TextTest(Func):
    """A column against bound values; the text per database is chosen when it is compiled."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, *values: str):
        super().__init__(F(column), *(Value(value, output_field=CharField()) for value in values))

    def resolve_expression(self, *query: Any, **how: Any) -> Holds:  # type: ignore[override]
        return Holds(super().resolve_expression(*query, **how), True)


class Absent(TextTest):
    """NULL or empty. Oracle keeps no empty text: comparing with one there would hold for no row at all."""

    # pylint: disable-next=arguments-differ  # what Func adds steers a template, and these have none
    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:  # type: ignore[override]
        column, params = _column(self, compiler)
        return f"({column} IS NULL OR {column} = '')", (*params, *params)

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        column, params = _column(self, compiler)
        return f"({column} IS NULL OR ({column} = '' AND {_bytes(column)} = ''))", params * 3

    def as_oracle(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        column, params = _column(self, compiler)
        return f"{column} IS NULL", params


class SameText(TextTest):
    """Equal to the letter to one of the values. The plain comparison lets the index serve; that of bytes
    decides on MySQL, whose collations may ignore case and nearly always trailing blanks."""

    def __init__(self, column: str, *values: str):
        super().__init__(column, *padded(list(values)))

    # pylint: disable-next=arguments-differ  # what Func adds steers a template, and these have none
    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:  # type: ignore[override]
        (column, params), (wanted, values) = self._compared(compiler)
        return f"({column} {wanted})", (*params, *values)

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        (column, params), (wanted, values) = self._compared(compiler)
        sql = f"({column} {wanted} AND {_bytes(column)} {wanted})"
        return sql, (*params, *values, *params, *values)

    def _compared(self, compiler: Any) -> tuple[Sql, Sql]:
        """The column, and what it is compared with: `= …` or `IN (…)`."""
        column, *bound = _parts(self, compiler)
        listed = ", ".join(sql for sql, _ in bound)
        values = tuple(value for _, some in bound for value in some)
        return column, (f"IN ({listed})" if len(bound) > 1 else f"= {listed}", values)


class LikeText(TextTest):
    """Matches a wildcard pattern given as pieces, to the letter."""

    def __init__(self, column: str, pieces: Pieces):
        self.pieces = pieces
        super().__init__(column, "%".join(_escaped(piece) for piece in pieces))

    # pylint: disable-next=arguments-differ  # what Func adds steers a template, and these have none
    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:  # type: ignore[override]
        return _infix(self, compiler, "{} LIKE {} ESCAPE '\\'")

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        (column, params), (wanted, value) = _parts(self, compiler)
        return f"{_bytes(column)} LIKE {wanted} ESCAPE '\\\\'", (*params, *value)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        column, params = _column(self, compiler)
        return f"{column} GLOB %s", (*params, "*".join(_globbed(piece) for piece in self.pieces))


class FoldedLike(TextTest):
    """Matches a wildcard pattern given as pieces, ignoring the case of ASCII letters."""

    def __init__(self, column: str, pieces: Pieces):
        self.pieces = pieces
        super().__init__(column, "%".join(_escaped(fold(piece)) for piece in pieces))

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        return _infix(self, compiler, "{} LIKE {} ESCAPE '\\'")

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        return _infix(self, compiler, "UPPER({} COLLATE \"C\") LIKE {} ESCAPE '\\'")

    def as_oracle(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        """Where UPPER(column) has an index and the pattern a beginning, the index finds the candidates."""
        (column, params), (wanted, value) = _parts(self, compiler)
        sql = f"TRANSLATE({column}, '{_LOWER}', '{_UPPER}') LIKE {wanted} ESCAPE '\\'"
        if not self.pieces[0] or _name(self) not in _upper_indexed():
            return sql, (*params, *value)
        indexed = f"UPPER({column}) LIKE UPPER({wanted}) ESCAPE '\\'"
        return f"({indexed} AND {sql})", (*params, *value, *params, *value)

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> Sql:
        column, params = _column(self, compiler)
        text = f"CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin"
        return f"{text} REGEXP %s", (*params, _pattern(self.pieces))


def _parts(test: Func, compiler: Any) -> tuple[Sql, ...]:
    values = test.source_expressions[1:]
    return _column(test, compiler), *(compiler.compile(each) for each in values)


def _column(test: Func, compiler: Any) -> Sql:
    source: Any = test.source_expressions[0]
    sql, params = compiler.compile(source)
    padded = isinstance(source.target, PaddedText) and compiler.connection.vendor == "oracle"
    return f"RTRIM({sql})" if padded else sql, tuple(params)


def _name(test: Func) -> str:
    source: Any = test.source_expressions[0]
    return str(source.target.column)


def _upper_indexed() -> frozenset[str]:
    expressions = (column for index in indexes("oracle") for column in index.columns)
    return frozenset(each[6:-1] for each in expressions if each.startswith("upper("))


def _infix(test: Func, compiler: Any, form: str) -> Sql:
    (column, params), (wanted, value) = _parts(test, compiler)
    return form.format(column, wanted), (*params, *value)


def _bytes(column: str) -> str:
    """MySQL: the text's code points as bytes, whatever the column's character set."""
    return f"CAST(CONVERT({column} USING utf8mb4) AS BINARY)"


def _escaped(piece: str) -> str:
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _globbed(piece: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in piece)


def _pattern(pieces: Pieces) -> str:
    """A regular expression that matches the pieces whatever the case of their ASCII letters.

    Each inner piece is taken where it is met first, for good (an atomic group): that finds a match if there
    is one, and never goes back over a long text.
    """
    first, *others = (_any_case(piece) for piece in pieces)
    inner = "".join(f"(?>.*?{piece})" for piece in others[:-1])
    end = f".*{others[-1]}\\z" if others else "\\z"
    return f"(?s)\\A{first}{inner}{end}"


def _any_case(piece: str) -> str:
    return "".join(_one_sign(sign) for sign in piece)


def _one_sign(sign: str) -> str:
    if not sign.isascii() or sign.isdigit():
        return sign
    return f"[{sign.lower()}{sign.upper()}]" if sign.isalpha() else f"\\x{ord(sign):02x}"
