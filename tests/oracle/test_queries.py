"""Every declared query as Oracle 19 would be sent it: it parses, its binds, columns and hints are right,
nothing in it defeats an index, and it is as it was when somebody last looked at it.

After a change that is meant: `pytest tests/oracle/test_queries.py --record`, then look at the difference.
"""

import re
from collections import defaultdict
from datetime import datetime

import pytest
from django.db import connections

from bigpandamon_core.domain.cursors import Place
from bigpandamon_core.domain.window import set_clock
from bigpandamon_core.management import query_examples
from bigpandamon_core.panda.families import presence
from bigpandamon_core.sources.dialects import noted
from bigpandamon_core.sources.reading import registry, snapshot
from tests.oracle.checks import check
from tests.oracle.compiler import SCHEMAS, Statement

NOW = datetime(2026, 1, 20, 12)
OF_THE_SERVER = ("account.rights", "server.clock")
"""They read views and functions of Oracle's own, which no model has; tests/queries/test_rights.py."""
NOT_ON_ORACLE = {"jobs.page_edge", "known_values.collation"}
SELECTIONS = (
    query_examples.SELECTION,
    "",
    "days=10&eventservice=not2&durationmin=10-29",
    "jeditaskid=1&sortby=priority-descending",
    "pandaid=1,2,3",
    "produsername=ada*&jobname=a*|!b&sort=produsername",
    "endtimerange=2026-01-01|2026-01-02&transformation=x&sortby=duration-descending",
)
CURSORS: dict[str, Place] = {
    "": ("2026-01-20T10:00:00", 7),
    "produsername=ada*&jobname=a*|!b&sort=produsername": ("Ada", 7),
    "endtimerange=2026-01-01|2026-01-02&transformation=x&sortby=duration-descending": (60_000_000, 7),
}
FUNCTIONS_ON = {
    # ignoring case: TRANSLATE around the column; where an index could serve, names are asked for beside
    # rows of one job, found by its number, are compared by the moment of either of two columns
    "jobs": ("computingsite", "produsername", "jobname", "statechangetime", "modificationtime"),
    "lookups": ("taskname", "username"),
}
FIRST = {"jobs.counted": 8, "jobs.states": 8, "jobs.reread": 8}
"""Of these only so many are kept: their conditions are those of jobs.page."""
BY_TABLE, ALIKE = ("jobs.page",), 'FROM "OWNER_PANDA"."JOBSDEFINED4"'
"""One table of each kind is enough: those of jobsdefined4 are as those of jobsactive4."""
COLUMNS = re.compile(r"SELECT ((?:[:\w\".]+ AS \"\w+\"(?:, )?)+) FROM")
CONSTANTS = ("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "60", "86400", "2")
"""What folds case, what turns days into minutes, and the place of the third table that is walked."""
UNBOUNDED = {
    "families.presence": "reads no row",
    "files.found": "by the indexed name of a file, or by its task",
    "files.producer": "by the indexed name of a file",
    "jobs.doubles": "joined by key",
    "jobs.highest": "reads one end of the key",
    "jobs.named": "by an indexed name",
    "known_values.walk": "reads one end of an index at a time",
    "lookups.jobs_of_dataset": "by the index on task and data set",
    "lookups.jobs_of_unfinished_files": "by the index on task and data set",
}


def statements() -> dict[str, list[Statement]]:
    """Every statement once, by query."""
    with noted("oracle", query_examples.ANSWERS, SCHEMAS) as sent:
        presence()  # first: which tables are looked for on the way depends on the tests before
        for query in SELECTIONS:
            query_examples.of_jobs(query_examples.selection(query, NOW), NOW)
        for query, place in CURSORS.items():
            query_examples.of_jobs(query_examples.selection(query, NOW, place), NOW)
        query_examples.run(query_examples.selection(query_examples.SELECTION, NOW), NOW)
    found: dict[str, dict[str, Statement]] = defaultdict(dict)
    for each in sent:
        binds = {f":arg{place}": value for place, value in enumerate(each.binds)}
        found[each.query][each.text] = Statement(each.text, binds)
    return {name: list(texts.values()) for name, texts in sorted(found.items())}


@pytest.fixture(scope="module")
def sent(panda_tables, own_tables):
    set_clock(lambda: NOW)
    yield statements()
    set_clock(None)


NAMES = sorted(
    name
    for name in registry().keys() - NOT_ON_ORACLE - {"queries.explain"}
    if not name.startswith("test") and not registry()[name].example
)


def test_every_query_has_an_example(sent):
    assert sorted(name for name in sent if not registry()[name].example) == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if name not in OF_THE_SERVER])
def test_a_query_is_right_for_oracle(sent, name):
    _check_all(sent[name], name, UNBOUNDED.get(name, ""))


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_as_it_was(sent, name, snapshots):
    kept = [each for each in sent[name] if name not in BY_TABLE or ALIKE not in each.text][: FIRST.get(name)]
    snapshots.match(name, *(Statement(COLUMNS.sub(_some_columns, each.text), each.binds) for each in kept))


def _some_columns(match: re.Match[str]) -> str:
    """The first columns of a long list, and how many there are."""
    columns = match[1].split(", ")
    return (
        f"SELECT {', '.join(columns[:3])} and {len(columns) - 3} columns FROM"
        if len(columns) > 8
        else match[0]
    )


@pytest.mark.parametrize("name", sorted(UNBOUNDED))
def test_exceptions_are_needed(sent, name):
    with pytest.raises(AssertionError, match="without bounds"):
        _check_all(sent[name], name)


def _check_all(statements: list[Statement], name: str, unbounded: str = "") -> None:
    functions = FUNCTIONS_ON.get(name.partition(".")[0], ())
    for statement in statements:
        check(statement, functions_on=functions, unbounded=unbounded, constants=CONSTANTS)


def test_reads_of_one_answer_are_of_one_moment(panda_tables):
    said: list[str] = []

    def note(execute, text, binds, many, context):
        said.append(text)
        return execute(text, binds, many, context)

    with noted("oracle", {}, SCHEMAS):
        connections["panda"].execute_wrappers.insert(0, note)
        with snapshot(), snapshot():
            pass
    assert said == ["SET TRANSACTION READ ONLY"]
