"""The history of queues: complete, and nothing in it that did not happen."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.domain import window
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.panda.queues import SchedconfigJson
from bigpandamon_core.queries import queues
from bigpandamon_core.queries.own.queues import changes_of
from bigpandamon_core.queries.queues import definitions
from bigpandamon_core.schedule import queue_recorder
from bigpandamon_core.schedule.queue_recorder import Step, steps
from bigpandamon_core.state.queues import QueueChange, QueueConfiguration
from tests.campaigns import examples
from tests.domain.differences import applied, undone
from tests.instance.factory import Panda

NOON = datetime(2026, 3, 1, 12, 0, 0)
MINUTES = timedelta(minutes=5)


@pytest.fixture
def recorded(panda, turn):
    """`recorded({"QUEUE": {…}})`: the table is so, and the recorder has run; what it said."""
    yield lambda table: record(panda, turn, table)
    window.set_clock(None)


def record(panda: Panda, turn, table) -> str:
    panda.clear()
    for name, document in table.items():
        panda.row(SchedconfigJson, panda_queue=name, data=document)
    return queue_recorder.run(turn())


def history(queue):
    return [(row.kind, row.status, row.changes) for row in changes_of(queue)]


def test_a_life(recorded):
    assert (
        recorded({"ONE": {"status": "online", "nodes": 7}, "TWO": {"status": "test"}})
        == "2 queues, 2 changes"
    )
    assert (
        recorded({"ONE": {"status": "online", "nodes": 7}, "TWO": {"status": "test"}})
        == "2 queues, 0 changes"
    )
    assert recorded({"ONE": {"status": "brokeroff", "region": None}, "TWO": {"status": "test"}}).endswith(
        " 1 changes"
    )
    assert recorded({"TWO": {"status": "test"}}) == "1 queues, 1 changes"
    assert recorded({"ONE": {"status": "online"}, "TWO": {"status": "test"}}) == "2 queues, 1 changes"
    assert history("ONE") == [
        ("appeared", "online", {"status": {"new": "online"}, "nodes": {"new": 7}}),
        (
            "changed",
            "brokeroff",
            {"status": {"old": "online", "new": "brokeroff"}, "nodes": {"old": 7}, "region": {"new": None}},
        ),
        ("vanished", "", {"status": {"old": "brokeroff"}, "region": {"old": None}}),
        ("appeared", "online", {"status": {"new": "online"}}),
    ]
    assert [row.digest == "" for row in changes_of("ONE")] == [False, False, True, False]
    assert history("TWO") == [("appeared", "test", {"status": {"new": "test"}})]


def test_when_it_was_seen(recorded):
    for number, status in enumerate(("online", "offline", "online", "test")):
        window.set_clock(repeat(NOON + number * MINUTES).__next__)
        recorded({"ONE": {"status": status}})
    assert [row.seen_at for row in changes_of("ONE")] == [NOON + number * MINUTES for number in range(4)]
    some = changes_of("ONE", NOON + MINUTES, NOON + 3 * MINUTES)
    assert [row.status for row in some] == ["offline", "online"]


def test_names_that_differ_in_case_are_two_queues(recorded):
    recorded({"Queue": {"status": "online"}, "QUEUE": {"status": "offline"}})
    recorded({"Queue": {"status": "online"}, "QUEUE": {"status": "test"}})
    assert [row.status for row in changes_of("Queue")] == ["online"]
    assert [row.status for row in changes_of("QUEUE")] == ["offline", "test"]


def test_a_document_that_cannot_be_read_is_neither_a_change_nor_an_end(recorded):
    recorded({"ONE": {"status": "online"}, "TWO": {"status": "online"}})
    cases: tuple[Any, ...] = (None, {}, ["status"])
    for unreadable in cases:
        assert recorded({"ONE": unreadable, "TWO": {"status": "online"}}) == "2 queues, 0 changes"
    recorded({"ONE": {"status": "test"}, "TWO": {"status": "online"}})
    assert history("ONE")[1:] == [("changed", "test", {"status": {"old": "online", "new": "test"}})]


def test_an_empty_table_is_not_the_end_of_all_queues(recorded):
    assert recorded({}) == "0 queues, 0 changes"
    recorded({"ONE": {"status": "online"}})
    with pytest.raises(Problem, match="The table of queues is empty"):
        recorded({})
    assert len(changes_of("ONE")) == 1


def test_a_table_that_is_cut_off_is_not_recorded(recorded, monkeypatch):
    recorded({"ONE": {"status": "online"}, "TWO": {"status": "online"}})
    monkeypatch.setattr(queue_recorder, "ALL", replace(queues.ALL, cap=2))
    with pytest.raises(Problem, match="more than 2 queues"):
        recorded({"ONE": {"status": "online"}, "TWO": {"status": "online"}})


def test_without_the_table_there_is_nothing_to_do(recorded, turn):
    recorded({"ONE": {"status": "online"}})
    connection = demo.writing()
    table, aside = map(connection.ops.quote_name, (SchedconfigJson._meta.db_table, "panda.aside"))
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {aside}")
        try:
            assert queue_recorder.run(turn()) == "this PanDA database has no table of queues"
        finally:
            cursor.execute(f"ALTER TABLE {aside} RENAME TO {table}")
    assert len(changes_of("ONE")) == 1


def test_a_failure_is_not_nothing_to_do(turn, monkeypatch):
    def silent():
        raise Problem("No answer.", status=503, code="database-lost")

    monkeypatch.setattr(queue_recorder, "definitions", silent)
    with pytest.raises(Problem, match="No answer"):
        queue_recorder.run(turn())


@pytest.mark.parametrize(
    ("status", "kept"),
    [("online", "online"), (None, ""), (7, ""), ("a\0b", ""), ("\ud800", ""), ("x" * 200, "x" * 64)],
)
def test_a_status_that_is_none(status, kept):
    assert Step("ONE", {}, {"status": status}).status == kept


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
DOCUMENTS = st.dictionaries(
    st.sampled_from(["status", "region", "nodes", "é"]), VALUES, min_size=1, max_size=4
)
TABLES = st.dictionaries(st.sampled_from(["ONE", "one", "Twö"]), DOCUMENTS, min_size=1, max_size=3)


def told(table, name):
    return json.dumps(table.get(name), sort_keys=True)


@settings(max_examples=examples(25))
@given(st.lists(TABLES, min_size=1, max_size=5))
def test_the_changes_lead_from_the_first_record_to_the_present_and_back(panda, turn, tables):
    QueueChange.objects.all().delete()
    QueueConfiguration.objects.all().delete()
    happened = 0
    before: dict[str, Any] = {}
    for table in tables:
        record(panda, turn, table)
        happened += sum(told(before, name) != told(table, name) for name in {*before, *table})
        before = table
    assert QueueChange.objects.count() == happened
    present = definitions()
    for queue in ("ONE", "one", "Twö"):
        document: dict[str, Any] = {}
        rows = changes_of(queue)
        for row in rows:
            document = applied(document, row.changes)
        assert document == present.get(queue, {})
        for row in reversed(rows):
            document = undone(document, row.changes)
        assert document == {}


WILD = st.dictionaries(
    st.text(st.characters(), max_size=2), st.floats() | st.text(st.characters(), max_size=3)
)


@settings(max_examples=examples(25))
@given(WILD)
def test_whatever_a_document_holds_is_kept_as_it_is(own, document):
    """PanDA's own column may be mere text, which a driver reads more freely than JSON is defined."""
    (step,) = steps({}, {"ONE": {"status": "online"} | document})
    QueueChange.objects.all().delete()
    queue_recorder._keep([step], NOON)
    (row,) = changes_of("ONE")
    assert json.dumps(applied({}, row.changes), sort_keys=True) == json.dumps(step.new, sort_keys=True)
