"""A follower, a clock that tests move, and what PanDA shows, read independently."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from bigpandamon_core.domain import window
from tests.web.conftest import NOON, Clock

TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
ORDER = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()
COLUMNS = "pandaid, jobstatus, statechangetime, modificationtime"


@pytest.fixture
def clock() -> Iterator[Clock]:
    moved = Clock(NOON)
    window.set_clock(moved)
    yield moved
    window.set_clock(None)


@pytest.fixture
def follower(panda, own, clock):
    from bigpandamon_core.follow.leading import Follower

    return Follower(settings.BIGPANDAMON.get)


Step = Callable[..., None]


@pytest.fixture
def step(follower, clock) -> Step:
    """`step()`: ten seconds later the follower has looked until there was nothing more to do."""

    def go(seconds: float = 10) -> None:
        clock.forward(seconds)
        follower.step()
        for _ in range(200):
            if not follower.is_behind:
                return
            follower.step()
        raise AssertionError("it never comes to an end")

    return go


def shown() -> dict[int, tuple[int, str]]:
    """Place and state of every job that PanDA shows now, by the plain rule."""
    found: dict[int, tuple[Any, ...]] = {}
    with connections["demo"].cursor() as cursor:
        for place, table in enumerate(TABLES):
            cursor.execute(f"SELECT {COLUMNS} FROM {table}")
            for pandaid, state, changed, modified in cursor.fetchall():
                rank = ORDER.index(state) if state in ORDER else -1
                key = (str(changed or modified), rank, place)
                if pandaid not in found or found[pandaid][0] < key:
                    found[pandaid] = key, place, state
    return {pandaid: (place, state) for pandaid, (_, place, state) in found.items()}


def known() -> dict[int, tuple[int, str]]:
    """The same as the follower knows it."""
    from bigpandamon_core.state.follow import JobState

    rows = JobState.objects.exclude(place=3).values_list("pandaid", "place", "jobstatus")
    return {pandaid: (place, state) for pandaid, place, state in rows}


def told() -> dict[int, tuple[int, str]]:
    """The same as whoever replays the batches knows it."""
    from bigpandamon_core.facets.batch import decode
    from bigpandamon_core.state.follow import FacetBatch

    found: dict[int, tuple[int, str]] = {}
    batches = list(FacetBatch.objects.order_by("id"))
    assert [batch.id for batch in batches] == list(range(batches[0].id, batches[-1].id + 1))
    for batch in batches:
        for row in decode(bytes(batch.payload)).to_pylist() if batch.rows else ():
            found[row["pandaid"]] = row["place"], row["jobstatus"]
    return {pandaid: state for pandaid, state in found.items() if state[0] != 3}


def agree() -> None:
    expected = shown()
    assert known() == expected
    assert told() == expected
