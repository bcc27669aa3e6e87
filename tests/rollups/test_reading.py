"""What is asked of rollups is counted by those that tell it apart, and old bins go."""

from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_core.domain.conditions import (
    All,
    AnyOf,
    Not,
    Op,
    Superseded,
    Test,
    absent,
    equal,
    holds,
    like,
    one_of,
)
from bigpandamon_core.rollups.declared import BY_NAME, FLOWS, GAUGES
from bigpandamon_core.rollups.reading import answering, series
from bigpandamon_core.rollups.retention import BINS
from bigpandamon_core.state.rollups import RollupBin, RollupKey, RollupSampled
from tests.follow.server import job
from tests.rollups.conftest import EPOCH, dimension, rows
from tests.web.conftest import NOON

HOUR = timedelta(hours=1)
QUEUES = ("QUEUE_ONE", "queue_one", "QUEUE_ÄNE", "", "Q_%")
CONDITIONS = [
    All(),
    equal("computingsite", "QUEUE_ONE"),
    one_of("computingsite", ("queue_one", "Q_%")),
    Not(equal("computingsite", "QUEUE_ONE")),
    absent("computingsite"),
    like("computingsite", "*ONE"),
    Test("computingsite", Op.FOLDED_LIKE, ("Q", "one")),
    AnyOf((equal("jobstatus", "failed"), All((equal("cloud", "WORLD"), like("computingsite", "Q_*"))))),
    one_of("jobsubstatus", ("fg_partial",)),
]


@pytest.fixture
def jobs(panda, step, clock):
    """A job every hour for a day, by turns on queues whose names are alike."""
    for place in range(24):
        job(panda, "jobsarchived4", at=NOON - place * HOUR, computingsite=QUEUES[place % 5],
            jobstatus=("finished", "failed")[place % 2], cloud=("WORLD", "FAR")[place % 3 // 2],
            jobsubstatus=("fg_partial", "other", None)[place % 3])  # fmt: skip
    step()


@pytest.mark.parametrize("hours", [1, 24])
def test_conditions_mean_what_they_mean_everywhere(jobs, hours):
    for condition in CONDITIONS:
        _means_the_same(condition, hours)


def _means_the_same(condition, hours):
    begin, end = NOON - 9 * HOUR, NOON + HOUR
    if hours > 1:
        begin, end = begin.replace(hour=0), end.replace(hour=0) + 24 * HOUR
    found = series(BY_NAME["jobs"], hours, (begin, end), condition, ("computingsite", "jobstatus"))
    wanted: dict[tuple[Any, ...], int] = {}
    for row in rows():
        told = {name: dimension(name, row) for name in BY_NAME["jobs"].dimensions}
        at = row["statechangetime"]
        if begin <= at < end and holds(condition, told):
            bin_begin = EPOCH + (at - EPOCH) // (hours * HOUR) * hours * HOUR
            key = (bin_begin, (told["computingsite"], row["jobstatus"]))
            wanted[key] = wanted.get(key, 0) + 1
    assert {(one.begin, one.values): one.counted[0] for one in found} == wanted
    assert [one.begin for one in found] == sorted(one.begin for one in found)


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        (All(), "regions"),
        (equal("cloud", "WORLD"), "regions"),
        (equal("computingsite", "Q"), "jobs"),
        (All((equal("gshare", "S"), equal("computingsite", "Q"))), "statistics"),
        (equal("produsername", "Ada"), "users"),
        (equal("failure", "pilot lasting"), "failures"),
        (All((equal("failureclass", "data"), equal("prodsourcelabel", "user"))), "classes"),
        (one_of("jobsubstatus", ("fg_partial", "fg_stumble")), "regions"),
    ],
)
def test_the_coarsest_that_tells_it_answers(condition, name):
    by = () if "failure" in repr(condition) else ("jobstatus",)
    assert answering(condition, by) is BY_NAME[name]


@pytest.mark.parametrize(
    "condition",
    [
        equal("piloterrorcode", 1),
        Superseded(1),
        equal("jobsubstatus", "other"),
        absent("jobsubstatus"),
        All((equal("gshare", "S"), equal("produsername", "Ada"))),
        equal("failure", "pilot lasting"),
    ],
)
def test_where_none_tells_it_there_is_a_reason(condition):
    assert isinstance(answering(condition, ("jobstatus",)), str)


def test_bins_go_when_they_were_kept_for_long_enough(own):
    key = RollupKey.objects.create(rollup=2, digest="any").pk
    for days in (1, 14, 16, 29, 31, 400):
        hour = (NOON - EPOCH) // HOUR - days * 24
        for rollup in FLOWS:
            for level in rollup.levels:
                place = {"rollup": rollup.number, "hours": level.hours, "hour": hour, "key_id": key}
                RollupBin.objects.create(**place, jobs=1, timed=0, wall_seconds=0, used=0, cpu_seconds=0)
        for hours in GAUGES[0].lengths:
            RollupSampled.objects.create(rollup=GAUGES[0].number, hours=hours, hour=hour, samples=1)
    for name, retention in BINS.items():
        left = retention.model._default_manager.filter(rollup=retention.rollup, hours=retention.hours).count()
        gone = retention.older(NOON, retention.days).count()
        expected = (
            0 if retention.model.__name__ == "RollupSample" else {0: 6, 400: 6, 30: 4, 15: 2}[retention.days]
        )
        assert left - gone == expected, name
        assert not retention.older(NOON, 0).exists()


def test_lengths_of_bins_divide_a_day_and_the_longest_are_kept_longest():
    for rollup in (*FLOWS, *GAUGES):
        days = [level.days or 10**6 for level in rollup.levels]
        assert all(24 % hours == 0 for hours in rollup.lengths)
        assert days == sorted(days)
