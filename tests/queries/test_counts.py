"""Counting equals counting by hand: each job once, by its newest row, whatever table it is met in."""

from collections import Counter
from typing import Any

import pytest
from django.conf import settings

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.queries import job_counts
from bigpandamon_core.queries.job_counts import Asked, Counting, states
from bigpandamon_core.queries.job_pages import page
from bigpandamon_core.queries.jobs import one, some
from bigpandamon_core.sources.reading import recorded
from tests.queries.counting import counted, counted_rows
from tests.queries.odd_values import T
from tests.queries.worlds import World

NOUN = job_requests.noun()
EVERY = {"modificationtimerange": "2020-01-01|2030-01-01", "mode": "nodrop"}
COLUMNS = ("pandaid", "jobstatus", "jobsubstatus", "corecount", "nucleus")
FINE_GRAINED = {"fg_partial": "subfinished", "fg_stumble": "failed"}
REQUESTS: list[dict[str, str]] = [
    {},
    {"jobstatus": "running"},
    {"jobstatus": "finished,failed"},
    {"jobstatus.is": "activated"},
    {"corecount": "1"},
    {"nucleus": "a*|!b"},
    {"computingsite": "a*"},
    {"jobstatus": "running,finished", "corecount": "8|Not specified"},
    {"jeditaskid": "|".join(map(str, range(-1, 700)))},
    {"pandaid": ",".join(map(str, range(9_000, 10_500)))},
]


@pytest.fixture(scope="module")
def world(panda_tables, own_tables):
    from tests.instance.factory import Panda

    panda, world = Panda(), World(400, seed=11)
    world.store(panda)
    yield world
    panda.clear()


def asked(parameters: dict[str, str]):
    return parse((parameters if "pandaid" in parameters else parameters | EVERY).items(), NOUN, T)


def by_hand(world: World, parameters: dict[str, str]) -> list[tuple[Any, ...]]:
    condition = asked(parameters).condition
    return [tuple(row[name] for name in COLUMNS) for row in world.told() if holds(condition, row)]


def states_by_hand(world: World, parameters: dict[str, str]) -> Counter[str]:
    return Counter(FINE_GRAINED.get(row[2], row[1]) for row in by_hand(world, parameters))


@pytest.mark.parametrize("parameters", REQUESTS, ids=lambda parameters: "&".join(parameters)[:30] or "all")
def test_every_job_is_counted_once_by_its_newest_row(world, parameters):
    assert sorted(counted(asked(parameters), COLUMNS), key=repr) == sorted(
        by_hand(world, parameters), key=repr
    )


@pytest.mark.parametrize("parameters", REQUESTS, ids=lambda parameters: "&".join(parameters)[:30] or "all")
def test_as_many_rows_are_listed_as_counted(world, parameters):
    selection = asked(parameters)
    rows = page(selection, COLUMNS, 10_000, T)
    assert Counter(row["jobstatus"] for row in rows) == Counter(row[1] for row in by_hand(world, parameters))
    assert states(selection, T) == states_by_hand(world, parameters)


@pytest.mark.parametrize("few", [0, 50, 10_000])
@pytest.mark.parametrize("parameters", REQUESTS[:4], ids=["all", "running", "ended", "activated"])
def test_few_and_many_jobs_are_compared_alike(world, monkeypatch, few, parameters):
    monkeypatch.setattr(job_counts, "FEW", few)
    expected = by_hand(world, parameters)
    assert sorted(counted(asked(parameters), COLUMNS), key=repr) == sorted(expected, key=repr)
    assert states(asked(parameters), T) == states_by_hand(world, parameters)


def test_chunks_are_bounded(world, monkeypatch):
    monkeypatch.setattr(job_counts, "CHUNK", 17)
    chunks = list(Counting([Asked(asked({}))], COLUMNS, T).chunks())
    assert max(len(rows) for _, sign, rows in chunks if sign > 0) <= 17
    assert sum(sign * len(rows) for _, sign, rows in chunks) == 400


@pytest.mark.parametrize(("cap", "truncated"), [(10, True), (0, True), (17, True), (5000, False)])
def test_a_cap_cuts_and_says_so(world, monkeypatch, cap, truncated):
    class Options:
        @staticmethod
        def get(key: str) -> int:
            assert key == "panda.row_cap"
            return int(cap)

    monkeypatch.setattr(settings, "BIGPANDAMON", Options)
    monkeypatch.setattr(job_counts, "CHUNK", 10)
    counting = Counting([Asked(asked({}))], COLUMNS, T)
    assert len(counted_rows(counting)) == (cap if truncated else 400)
    assert counting.truncated is truncated


def test_one_job_is_its_newest_row(world):
    for row in world.told()[:100]:
        found = one(row["pandaid"])
        assert found is not None
        assert (found["jobstatus"], found["nucleus"]) == (row["jobstatus"], row["nucleus"])
    assert one(1) is None


def test_some_jobs_are_their_newest_rows(world):
    told = {row["pandaid"]: row["jobstatus"] for row in world.told()}
    found = some([*told, *range(1, 700)])
    assert {row["pandaid"]: row["jobstatus"] for row in found} == told


def test_lookups_are_resolved_once(world):
    from tests.instance.factory import Panda

    Panda().task(jeditaskid=8, taskname="lookup.this")
    with recorded() as statements:
        rows = counted(asked({"taskname": "lookup.*"}), COLUMNS)
    names = Counter(name for name, _ in statements.executed)
    assert names["lookups.tasks_named"] == 1
    assert {row[0] for row in rows} == {row["pandaid"] for row in world.told() if row["jeditaskid"] == 8}
