"""The registry of reads, as lists, statements and plans."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import connections

from bigpandamon_core.domain.window import now
from bigpandamon_core.management import query_examples
from bigpandamon_core.queries import known_values, rights
from bigpandamon_core.sources.dialects import Answers, Sent, noted
from bigpandamon_core.sources.reading import ALIAS, Query, declare, registry, written

PLAN = declare("queries.explain", "The plan of another query, for `bigpandamon queries --explain`.")
EXPLAIN = {"mysql": "EXPLAIN ", "postgresql": "EXPLAIN ", "sqlite": "EXPLAIN QUERY PLAN "}
UNPLANNED = frozenset({known_values.COLLATION.name, rights.RIGHTS.name})
"""They read a catalogue; MySQL explains no SHOW."""
HEAD = """# What the monitor asks a PanDA database

Every statement belongs to one of these queries and carries its name as a comment, so that a database
administrator who meets it knows where it comes from. No other statement passes. Each has the time limit
`panda.statement_seconds`, which the database enforces, unless it has one of its own; "rows" is the most it
hands out, empty where there are few by nature.

    bigpandamon queries --dialect oracle jobs
    bigpandamon queries --explain jobs.page --selection "hours=12&computingsite=X"

The first prints the exact statements, the second their plans on the configured database. This page is
written by `bigpandamon queries --markdown`.

| query | what it is for | binds | rows | hints |
|---|---|---|---|---|"""


def declared(name: str) -> list[Query]:
    """The query of this name, all of a noun, or every one for an empty name."""
    return [
        query
        for query in registry().values()
        if not name or query.name == name or query.name.startswith(f"{name}.")
    ]


def listed(queries: Sequence[Query]) -> Iterator[str]:
    """Name and purpose, then what is bound and what bounds it."""
    for query in queries:
        yield f"{query.name}: {query.purpose}"
        yield f"    {'; '.join(_bounds(query))}"


def _bounds(query: Query) -> Iterator[str]:
    yield f"binds {', '.join(query.binds) or 'nothing'}"
    yield f"at most {_cap(query)} rows" if _cap(query) else "few rows by nature"
    yield f"at most {query.seconds or settings.PANDA_STATEMENT_SECONDS:g} s"
    yield from _hints(query)


def _cap(query: Query) -> str:
    """The most rows, or the option that says so; "" where they are few anyway."""
    return query.cap_option or (f"{query.cap:,}" if query.cap else "")


def _hints(query: Query) -> list[str]:
    return [f"hint on {vendor}: {hint}" for vendor, hint in query.hints.items()]


def markdown(queries: Sequence[Query]) -> Iterator[str]:
    """The list as a page of documentation."""
    yield HEAD
    for query in queries:
        cells = (
            *(f"`{query.name}`", query.purpose, ", ".join(query.binds)),
            _cap(query),
            "; ".join(_hints(query)),
        )
        yield f"| {' | '.join(cells)} |"


def statements(vendor: str, selection: str, queries: Sequence[Query]) -> Iterator[str]:
    """The exact statements for a database, each with the values of this example.

    selection: the jobs to ask for, as in an address; an example if empty.

    Raises:
        Problem: the selection cannot be read, or the driver is not installed.
    """
    for sent in _sent(vendor, selection, queries, query_examples.ANSWERS):
        yield f"{sent.text};"
        yield f"-- {', '.join(map(_value, sent.binds))}" if sent.binds else "--"
        yield ""


def _sent(vendor: str, selection: str, queries: Sequence[Query], answers: Answers) -> list[Sent]:
    """Each text once, by query."""
    moment, names = now(), {query.name for query in queries}
    asked = query_examples.selection(selection or query_examples.SELECTION, moment)
    with noted(vendor, answers) as sent:
        query_examples.run(asked, moment)
    found = {each.text: each for each in reversed(sent) if each.query in names}
    return sorted(found.values(), key=lambda each: each.query)


def _value(bind: Any) -> str:
    return str(bind) if isinstance(bind, int) else repr(str(bind))


def plans(selection: str, queries: Sequence[Query]) -> Iterator[str]:
    """What the configured database would do for each statement.

    Raises:
        Problem: as statements, or the database does not answer.
    """
    vendor = connections[ALIAS].vendor
    if vendor not in EXPLAIN:
        yield "Oracle keeps plans in a table, and we write none: use --dialect oracle and EXPLAIN PLAN FOR."
        return
    met = known_values.met()
    walked = {"known_values.walk": [(walk, value) for walk in (0, 1) for value in met]}
    answers = {**query_examples.ANSWERS, **walked}
    for sent in _sent(vendor, selection, queries, answers):
        if sent.query not in UNPLANNED:
            yield sent.text
            for row in written(PLAN, EXPLAIN[vendor] + sent.text, sent.binds):
                yield "    " + "  ".join("-" if cell is None else str(cell) for cell in row)
            yield ""
