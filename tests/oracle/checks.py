"""What can be known of an Oracle statement without Oracle: it parses, and nothing in it defeats an index."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, find_all_in_scope, traverse_scope

from tests.oracle import tables
from tests.oracle.compiler import Statement

NCHAR = re.compile(r"TRANSLATE\(([^()]+) USING NCHAR_CS\)")
HINT = re.compile(r"([A-Z_]+)\s*(?:\(([^()]*)\))?")
HINTS = frozenset(
    """
    ALL_ROWS CARDINALITY DRIVING_SITE DYNAMIC_SAMPLING FIRST_ROWS FULL INDEX INDEX_ASC INDEX_COMBINE
    INDEX_DESC INDEX_FFS INDEX_JOIN INDEX_RS_ASC INDEX_RS_DESC INDEX_SS LEADING MATERIALIZE MERGE
    NO_EXPAND NO_INDEX NO_MERGE NO_PARALLEL NO_PUSH_PRED NO_QUERY_TRANSFORMATION NO_UNNEST NO_USE_HASH
    OPT_PARAM ORDERED PARALLEL PUSH_PRED QB_NAME RESULT_CACHE UNNEST USE_CONCAT USE_HASH USE_MERGE
    USE_NL
    """.split()
)
TABLE_HINTS = frozenset(name for name in HINTS if name.startswith(("INDEX", "NO_INDEX", "USE_", "NO_USE")))
TABLE_HINTS |= {"FULL", "LEADING", "CARDINALITY"}
COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like, exp.Is)
BOUNDS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)
FREE_NUMBERS = frozenset({"0", "1"})
"""Numbers that Django itself writes: `SELECT 1`, `ORDER BY 1`, truth as 1 and 0."""


class DoesNotParse(AssertionError):
    """An SQL parser for Oracle does not understand the statement, or a table or column does not exist."""


@dataclass(frozen=True)
class Parsed:
    """tree: as written. queries: the query and those inside it, each column with the alias of its table."""

    statement: Statement
    tree: exp.Expr
    queries: tuple[Scope, ...]

    def comparisons(self) -> Iterator[tuple[Scope, exp.Expr]]:
        return ((query, each) for query in self.queries for each in query.find_all(*COMPARISONS))


def table_of(column: exp.Column, query: Scope) -> str:
    """The table that a column of a query belongs to; empty for what an inner query hands out."""
    source = query.sources.get(column.table)
    return source.name if isinstance(source, exp.Table) else ""


def parse(statement: Statement) -> Parsed:
    """Raises DoesNotParse."""
    text = NCHAR.sub(r"\1", statement.text)
    try:
        tree = sqlglot.parse_one(text, dialect="oracle")
        qualified = qualify(tree.copy(), schema=dict(tables.schema()), dialect="oracle")
    except SqlglotError as error:
        raise DoesNotParse(f"{error}\n{statement.text}") from error
    return Parsed(statement, tree, tuple(traverse_scope(qualified)))


def check(
    statement: Statement,
    *,
    functions_on: tuple[str, ...] = (),
    unbounded: str = "",
    constants: tuple[str, ...] = (),
) -> None:
    """Fails with all complaints about a statement.

    functions_on: indexed columns around which a function is meant (UPPER for conditions that ignore case).
    unbounded: the reason why an archive is read without bounds on its partition column.
    constants: values in the text that are the same for every request.
    """
    allowed = {name.upper() for name in functions_on}
    parsed = parse(statement)
    found = [complaint for rule in RULES for complaint in rule(parsed)]
    found += [f"a value in the text: {each}" for each in written_values(parsed) if each not in constants]
    found += [f"function around the indexed column {each}" for each in wrapped_indexed(parsed) - allowed]
    found += [] if unbounded else [f"{each} without bounds on {KEYS}" for each in unbounded_archives(parsed)]
    assert not found, "\n".join([*found, statement.text])


KEYS = f"{tables.PARTITION_COLUMN} or {tables.KEY_INSTEAD}"


def unknown_tables(parsed: Parsed) -> Iterator[str]:
    known = tables.schema()
    inside = {each.alias_or_name for each in parsed.tree.find_all(exp.CTE)} | {"DUAL"}
    for each in parsed.tree.find_all(exp.Table):
        if each.name not in inside and each.name not in known.get(each.db, {}):
            yield f"unknown table {each.db}.{each.name}"


def wrong_binds(parsed: Parsed) -> Iterator[str]:
    written = {str(each.this) for each in parsed.tree.find_all(exp.Placeholder)}
    given = {name.lstrip(":") for name in parsed.statement.binds}
    if written != given:
        yield f"binds differ: in the text {sorted(written)}, given {sorted(given)}"


def written_values(parsed: Parsed) -> Iterator[str]:
    """Values belong into binds: they vary, and may come from a request. As they stand, without quotes."""
    for literal in parsed.tree.find_all(exp.Literal):
        parent = literal.parent
        limits = isinstance(parent, exp.Fetch | exp.Offset | exp.Ordered | exp.Escape)
        number = not literal.is_string and literal.this in FREE_NUMBERS
        if not limits and not number and not literal.find_ancestor(exp.Hint, exp.DataType):
            yield str(literal.this)


def uncast_times(parsed: Parsed) -> Iterator[str]:
    """A bind beside a DATE column is a TIMESTAMP unless cast, and then the column is converted instead."""
    for query, comparison in parsed.comparisons():
        column = comparison.this
        if isinstance(column, exp.Column) and (table_of(column, query), column.name) in tables.times():
            others = (each for each in comparison.iter_expressions() if each is not column)
            if any(isinstance(each, exp.Placeholder) for each in others):
                yield f"time bind without CAST(… AS DATE): {comparison.sql('oracle')}"


def wrong_hints(parsed: Parsed) -> Iterator[str]:
    names = {each.alias_or_name.upper() for each in parsed.tree.find_all(exp.Table)}
    for hint in parsed.tree.find_all(exp.Hint):
        text = " ".join(each.sql("oracle") for each in hint.expressions)
        for name, arguments in HINT.findall(text.upper()):
            first = re.split(r"[\s,]+", arguments.strip())[0].split("@")[0].strip('"')
            if name not in HINTS:
                yield f"unknown hint {name}"
            elif name in TABLE_HINTS and first not in names:
                yield f"hint {name} names {first or 'nothing'}, which is no table or alias here"


RULES: tuple[Callable[[Parsed], Iterator[str]], ...] = (
    unknown_tables,
    wrong_binds,
    uncast_times,
    wrong_hints,
)


def wrapped_indexed(parsed: Parsed) -> set[str]:
    """Indexed columns that a condition compares only through a function or an expression."""
    return {
        column.name
        for query, comparison in parsed.comparisons()
        for side in (each.unnest() for each in comparison.iter_expressions())
        if not isinstance(side, exp.Column | exp.Query)
        for column in find_all_in_scope(side, exp.Column)
        if _defeats_index(side, column, table_of(column, query))
    }


def _defeats_index(side: exp.Expr, column: exp.Column, table: str) -> bool:
    """Some indexes are on UPPER(column) itself."""
    upper_indexed = (table, f"UPPER({column.name})") in tables.indexed()
    as_indexed = isinstance(side, exp.Upper) and side.this is column and upper_indexed
    return (table, column.name) in tables.indexed() and not as_indexed


def unbounded_archives(parsed: Parsed) -> set[str]:
    """Archives in a scope whose conditions bind neither the partition column nor the key."""
    return {
        source.name
        for query in parsed.queries
        for alias, (_, source) in query.selected_sources.items()
        if isinstance(source, exp.Table)
        and source.name in tables.archives()
        and not _bounded(query.expression, alias)
    }


def _bounded(query: exp.Expr, alias: str) -> bool:
    where: Any = query.args.get("where")
    if where is None:
        return False
    if where.this.sql("oracle") == "0 = 1":
        return True  # Django's for "no row"
    return any(
        isinstance(comparison.this, exp.Column)
        and comparison.this.table == alias
        and comparison.this.name in (tables.PARTITION_COLUMN, tables.KEY_INSTEAD)
        for comparison in _conjunction(where.this)
    )


def _conjunction(condition: exp.Expr) -> Iterator[exp.Expr]:
    """The comparisons that every row must satisfy, whatever stands in OR or NOT."""
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _conjunction(condition.left)
        yield from _conjunction(condition.right)
    elif isinstance(condition, BOUNDS):
        yield condition
