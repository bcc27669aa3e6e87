"""Facets tell what the plain implementation tells, whatever the batches and however parts were joined."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.facets.columns import COLUMNS
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.store.publishing import Publisher
from bigpandamon_core.facets.store.reading import Store
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.where import answerable
from tests.facets import plain
from tests.facets.worlds import SINCE, as_batches, requests, worlds
from tests.queries.odd_values import Rows, T


def told(snapshot: Snapshot, selection: Selection, all_states: bool = False) -> dict[str, Any]:
    assert answerable(selection, COLUMNS, snapshot.manifest) == ""
    return plain.results(Counted(snapshot, selection, COUNTED, T, all_states))


def expected(batches: Iterable[Rows], selection: Selection, all_states: bool = False) -> dict[str, Any]:
    rows = plain.selected(plain.newest(batches), selection)
    return plain.results(plain.tally(rows, COUNTED, all_states))


@given(world=worlds, selection=requests, all_states=st.booleans(), at_once=st.booleans())
def test_as_the_plain_implementation(world, selection, all_states, at_once):
    with TemporaryDirectory() as folder, Publisher(Path(folder)) as publisher:
        batches = as_batches(world)
        for some in [batches] if at_once else [[batch] for batch in batches]:
            publisher.publish(some, SINCE)
        store = Store(Path(folder))
        assume(not answerable(selection, COLUMNS, store.current().manifest))
        wanted = expected(world, selection, all_states)
        assert told(store.current(), selection, all_states) == wanted
        publisher.compact()
        assert told(store.current(), selection, all_states) == wanted
