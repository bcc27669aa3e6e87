"""Comparisons of text that mean the same on every database.

Exact is by code point, whatever the collation of the column; ignoring case folds ASCII letters only.
"""

from typing import Any

from django.db.models import BooleanField, CharField, F, Func, Value

from bigpandamon_core.domain.text import fold

_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Pieces = tuple[str, ...]


class TextTest(Func):
    """A column against bound values; the template per database is chosen when it is compiled."""

    output_field = BooleanField()
    arg_joiner = ", "
    conditional = True

    def __init__(self, column: str, *values: str):
        super().__init__(F(column), *(Value(value, output_field=CharField()) for value in values))


class SameText(TextTest):
    """Equal to the letter. The plain comparison lets the index serve; the binary one decides on MySQL, whose
    collations may ignore case and always ignore trailing blanks."""

    template = "(%(expressions)s)"
    arg_joiner = " = "

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        column, wanted = _parts(self, compiler)
        sql = f"({column[0]} = {wanted[0]} AND BINARY {column[0]} = {wanted[0]})"
        return sql, (*column[1], *wanted[1], *column[1], *wanted[1])


class LikeText(TextTest):
    """Matches a wildcard pattern given as pieces, to the letter."""

    def __init__(self, column: str, pieces: Pieces):
        self.pieces = pieces
        super().__init__(column, "%".join(_escaped(piece) for piece in pieces))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]
        return _infix(self, compiler, "{} LIKE {} ESCAPE '\\'")

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        return _infix(self, compiler, "BINARY {} LIKE {} ESCAPE '\\\\'")

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        glob = TextTest(self._column, "*".join(_globbed(piece) for piece in self.pieces))
        resolved = glob.resolve_expression(compiler.query, True)
        return _infix(resolved, compiler, "{} GLOB {}")

    @property
    def _column(self) -> str:
        source = self.source_expressions[0]
        return source.target.name if hasattr(source, "target") else source.name


class FoldedLike(TextTest):
    """Matches a wildcard pattern given as pieces, ignoring the case of ASCII letters."""

    def __init__(self, column: str, pieces: Pieces):
        self.pieces = pieces
        super().__init__(column, "%".join(_escaped(fold(piece)) for piece in pieces))

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        return _infix(self, compiler, "{} LIKE {} ESCAPE '\\'")

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        return _infix(self, compiler, "UPPER({} COLLATE \"C\") LIKE {} ESCAPE '\\'")

    def as_oracle(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        return _infix(self, compiler, f"TRANSLATE({{}}, '{_LOWER}', '{_UPPER}') LIKE {{}} ESCAPE '\\'")

    def as_mysql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        column, wanted = _parts(self, compiler)
        pattern = "(?s)^" + ".*".join(_any_case(piece) for piece in self.pieces) + "\\z"
        return f"{column[0]} COLLATE utf8mb4_bin REGEXP {wanted[0]}", (*column[1], pattern)


def _parts(test: Func, compiler: Any) -> list[tuple[str, Any]]:
    return [compiler.compile(source) for source in test.source_expressions]


def _infix(test: Func, compiler: Any, form: str) -> tuple[str, tuple[Any, ...]]:
    column, wanted = _parts(test, compiler)
    return form.format(column[0], wanted[0]), (*column[1], *wanted[1])


def _escaped(piece: str) -> str:
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _globbed(piece: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in piece)


def _any_case(piece: str) -> str:
    """A regular expression that matches the piece whatever the case of its ASCII letters."""
    return "".join(_one_sign(sign) for sign in piece)


def _one_sign(sign: str) -> str:
    if sign.isascii() and sign.isalpha():
        return f"[{sign.lower()}{sign.upper()}]"
    return sign if (sign.isascii() and sign.isdigit()) or not sign.isascii() else f"\\x{ord(sign):02x}"
