"""Facets tell what the plain implementation tells, whatever the batches and however parts were joined."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.facets import distinct, stretches
from bigpandamon_core.facets.batch import NAMES, Place
from bigpandamon_core.facets.columns import COLUMNS, uncounted
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.store import draft, merging, piece_counts
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.reading import Store
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.where import answerable
from tests.facets import plain
from tests.facets.worlds import SINCE, as_batches, fewer, published, request, requests, worlds
from tests.queries.odd_values import T
from tests.truth import awkward


def told(snapshot: Snapshot, selection: Selection, all_states: bool = False) -> dict[str, Any]:
    assert answerable(selection, COLUMNS, snapshot.manifest) == ""
    return plain.results(Counted(snapshot, selection, COUNTED, T, all_states))


def expected(
    batches: Iterable[Iterable[plain.Row]], selection: Selection, all_states: bool = False
) -> dict[str, Any]:
    rows = plain.selected(plain.newest(batches), selection)
    return plain.results(plain.tally(rows, COUNTED, all_states))


@contextmanager
def ways(apart: bool, as_many: bool) -> Iterator[None]:
    """apart: parts are never joined, and keep rows that count no more. as_many: few rows are counted as many
    are: two at a time, in pieces, sorted."""
    with pytest.MonkeyPatch.context() as patched:
        if apart:
            patched.setattr(merging, "OPEN", 0)
            patched.setattr(merging, "CLOSED", 0)
            patched.setattr(draft, "MOST_SUPERSEDED", 1)
        if as_many:
            patched.setattr(stretches, "MANY", 0)
            patched.setattr(piece_counts, "NARROW", 2)
            patched.setattr(piece_counts, "WIDE", 3)
            patched.setattr(distinct, "PIECE", 5)
            patched.setattr(distinct, "FEW_BINS", 1)
            patched.setattr(distinct, "MANY_TIMES", 0)
        yield


@fewer
@given(world=worlds, selection=requests, all_states=st.booleans(), apart=st.booleans(), as_many=st.booleans())
def test_as_the_plain_implementation(world, selection, all_states, apart, as_many):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher, ways(apart, as_many):
        for each in as_batches(world):
            publisher.publish([each], SINCE)
        store = Store(Path(folder))
        assume(not answerable(selection, COLUMNS, store.current().manifest))
        wanted = expected(world, selection, all_states)
        assert told(store.current(), selection, all_states) == wanted
        publisher.compact()
        assert told(store.current(), selection, all_states) == wanted


def test_awkward_records(publisher):
    """Records on the edges of every rule, on both sides of every border."""
    places = {"jobsdefined4": Place.DEFINED, "jobsactive4": Place.ACTIVE, "jobsarchived4": Place.ARCHIVED}
    nothing = dict.fromkeys(NAMES)
    tables = awkward.tables()
    rows = [
        [
            nothing | {name: row[name] for name in NAMES if name in row} | {"place": place}
            for row in tables[table]
        ]
        for table, place in places.items()
    ]
    snapshot = published(publisher, rows)
    selection = request({"date_from": "2026-11-18", "date_to": "2026-11-21T01:00", "active": "all"}, ())
    assert told(snapshot, selection) == expected(rows, selection)
    assert told(snapshot, selection)["total"] > 200
    for name, value in awkward_requests(rows):
        asked = replace(selection, extra=request({}, [(name, value)]).condition.parts)  # type: ignore[union-attr]
        assert told(snapshot, asked) == expected(rows, asked), (name, value)


def awkward_requests(rows: Iterable[Iterable[plain.Row]]) -> Iterator[tuple[str, str]]:
    """What links on pages ask for: each value as it is shown."""
    counted = plain.tally(plain.newest(rows), COUNTED)
    for attribute in counted.attributes():
        for value in attribute.values[:12]:
            yield f"{attribute.field.name}.is", str(value.value)


@fewer
@given(world=worlds, selection=requests)
def test_derived_fields_of_plugins(world, selection):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
        snapshot = published(publisher, world)
        assume(not answerable(selection, COLUMNS, snapshot.manifest))
        fields = (*(field for field in COUNTED if field.name == "jobstatus"), *DERIVED)
        rows = plain.selected(plain.newest(world), selection)
        counted = Counted(snapshot, selection, fields, T)
        assert plain.results(counted) == plain.results(plain.tally(rows, fields))


def shouted(*names: object) -> object:
    return "".join(str(name or "").upper() for name in names)


DERIVED = (
    Field("queue_shouted", "", column="computingsite", shown=shouted),
    Field("cores_and_queue", "", columns=("corecount", "computingsite"), shown=shouted),
    Field("gpu_and_state", "", columns=("has_gpu", "jobstatus"), shown=shouted),
    Field(
        "long_runs", "", columns=("ran_minutes",), shown=lambda minutes: minutes is not None and minutes > 60
    ),
    Field("nowhere", "", column="nucleus", shown=lambda _name: None),
)
"""As plugins declare them: told from one column, from several, and from what is computed."""


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (Field("a", ""), "a not kept"),
        (Field("a", "", columns=("corecount", "batchid")), "batchid not kept"),
        (Field("a", "", columns=("ran_minutes", "corecount")), "from times"),
        (Field("a", "", columns=("starttime", "endtime"), shown=shouted), "from times"),
        (Field("pandaid", ""), "from times"),
    ],
)
def test_fields_that_cannot_be_counted(field, reason):
    assert reason in uncounted((*COUNTED, field))


def test_fields_that_can_be_counted():
    assert uncounted((*COUNTED, *DERIVED)) == ""


@fewer
@given(world=worlds, selection=requests, states=st.sets(st.sampled_from(JOB_STATES)), apart=st.booleans())
def test_jobs_in_some_states_are_those_of_a_selection_that_asks_for_them(world, selection, states, apart):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher, ways(apart, False):
        snapshot = published(publisher, world)
        assume(not answerable(selection, COLUMNS, snapshot.manifest))
        counted = Counted(snapshot, selection, COUNTED, T)
        counted.attributes()  # what is known of all of them is not told of some
        rows = [row for row in plain.selected(plain.newest(world), selection) if row["jobstatus"] in states]
        assert plain.results(counted.in_states(states)) == plain.results(plain.tally(rows, COUNTED))
