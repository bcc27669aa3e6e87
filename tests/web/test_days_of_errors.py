"""What closed days had is kept of errors as well, by place and over time: the answers are as without."""

from collections import Counter
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.errors import Errors
from bigpandamon_core.sources.reading import recorded
from tests.facets import plain
from tests.web.days import ASKED, CLOSED, Shelf, fill


@pytest.fixture
def world(panda, own, clock):
    fill(panda)


def errors(query: str, shelf: Shelf | None = None) -> tuple[dict[str, Any], dict[str, int]]:
    """All that is told of the errors of a selection, and of all its jobs; and statements by name."""
    call = Call(tuple(parse_qsl(query)), now(), settings.BIGPANDAMON.get, shelf=shelf)
    asked = Errors(call)
    with recorded() as statements:
        asked.count_all()
    told = {
        "tally": plain.results(asked.tally),
        "population": plain.results(asked.population.tally),
        "places": {name: (one.many, one.first) for name, one in asked.by_place.items()},
        "times": asked.over_time,
    }
    assert asked.tally.failed
    return told, Counter(name for name, _ in statements.executed)


@pytest.mark.parametrize("query", [ASKED, f"{ASKED}&computingsite=Q1", "hours=99", "days=60", "days=3000"])
def test_errors_kept_or_new_are_the_same(world, query):
    shelf, (expected, _) = Shelf(), errors(query)
    first, asked = errors(query, shelf)
    again, asked_again = errors(query, shelf)
    assert first == again == expected
    assert shelf
    assert (asked["jobs.counted"], asked_again["jobs.counted"]) == (2, 1)


def test_errors_of_days_are_told_in_other_windows(world, clock):
    """Whose first piece of time is cut elsewhere; of pieces of another length they are counted anew."""
    shelf = Shelf()
    errors(ASKED, shelf)
    known = len(shelf)
    clock.forward(3 * 3600 + 17 * 60)
    assert errors(ASKED, shelf)[0] == errors(ASKED)[0]
    assert len(shelf) == known
    assert errors("days=30", shelf)[0] == errors("days=30")[0]
    assert len(shelf) > known + CLOSED


def test_a_cap_of_errors_is_passed_day_by_day(world, monkeypatch):
    (whole, _), shelf = errors(ASKED), Shelf()
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 55)
    known = [0]
    for _ in range(2 * CLOSED):
        told, _ = errors(ASKED, shelf)
        known.append(len(shelf))
        if told == whole:
            break
        assert known[-1] > known[-2]
    assert told == whole
    assert len(known) > 2
