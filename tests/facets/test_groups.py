"""Groups, the last jobs, and since when there are how many are those of the rows."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given
from hypothesis import strategies as st

from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.facets import distinct
from bigpandamon_core.facets.columns import COLUMNS
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.groups import groups
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.where import answerable
from tests.facets import plain
from tests.facets.worlds import fewer, published, requests, worlds
from tests.queries.odd_values import T

FIELDS = [field for field in COUNTED if field.name != "durationmin"]


@fewer
@given(
    world=worlds,
    selection=requests,
    fields=st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3, unique_by=lambda field: field.name),
    bins=st.sampled_from([1 << 22, 10]),
)
def test_groups_are_counted_as_rows(world, selection, fields, bins):
    few, distinct.FEW_BINS = distinct.FEW_BINS, bins
    try:
        with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
            snapshot = published(publisher, world)
            assume(not answerable(selection, COLUMNS, snapshot.manifest))
            rows = plain.selected(plain.newest(world), selection)
            wanted = Counter(tuple(plain.shown(row, field) for field in fields) for row in rows)
            assert groups(snapshot, selection, fields) == wanted
    finally:
        distinct.FEW_BINS = few


@fewer
@given(world=worlds, selection=requests, count=st.integers(0, 12))
def test_since_a_moment_there_are_so_many(world, selection, count):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
        snapshot = published(publisher, world)
        assume(not answerable(selection, COLUMNS, snapshot.manifest))
        rows = plain.selected(plain.newest(world), selection)
        times = sorted((row["modificationtime"] for row in rows if row["modificationtime"]), reverse=True)
        expected = times[count - 1] if 0 < count <= len(times) else None
        assert Counted(snapshot, selection, COUNTED, T).newest(count) == expected


@fewer
@given(world=worlds, selection=requests, column=st.sampled_from(["produsername", "jeditaskid"]))
def test_the_last_jobs_and_cpu_times_are_those_of_rows(world, selection, column):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
        snapshot = published(publisher, world)
        assume(not answerable(selection, COLUMNS, snapshot.manifest))
        rows = plain.selected(plain.newest(world), selection)
        found = list(Counted(snapshot, selection, COUNTED, T).latest(column))
        assert len(dict(found)) == len(found)
        assert dict(found) == plain.latest(rows, column)
