"""Errors by place and over time are those of the rows."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.facets.columns import COLUMNS
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.where import answerable
from bigpandamon_core.payloads.errors import PLACES
from tests.facets import plain
from tests.facets.worlds import fewer, published, requests, worlds
from tests.queries.odd_values import T


@fewer
@given(world=worlds, selection=requests, all_states=st.booleans())
def test_errors_by_place_are_counted_as_rows(world, selection, all_states):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
        snapshot = published(publisher, world)
        assume(not answerable(selection, COLUMNS, snapshot.manifest))
        rows = plain.selected(plain.newest(world), selection)
        counted = Counted(snapshot, selection, COUNTED, T, all_states)
        for most in (None, 2):
            expected = plain.errors_by_place(rows, PLACES, all_states, most)
            assert counted.errors_by_place(PLACES, most) == expected


@fewer
@given(
    world=worlds,
    selection=requests,
    all_states=st.booleans(),
    begin=st.integers(0, 40),
    minutes=st.sampled_from((5, 60, 720)),
)
def test_errors_over_time_are_counted_as_rows(world, selection, all_states, begin, minutes):
    moments = [T - timedelta(hours=begin) + place * timedelta(minutes=minutes) for place in range(9)]
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
        snapshot = published(publisher, world)
        assume(not answerable(selection, COLUMNS, snapshot.manifest))
        rows = plain.selected(plain.newest(world), selection)
        counted = Counted(snapshot, selection, COUNTED, T, all_states)
        expected = plain.errors_over_time(rows, moments, all_states)
        assert counted.errors_over_time(moments) == expected
