import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.web import curves, figures

pytestmark = pytest.mark.once

NOON = datetime(2026, 11, 20, 12)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=20))
def test_a_strip_is_full_and_every_count_is_seen(counts):
    parts = figures.strip(counts)
    shown = [part for part in parts if part.width]
    assert len(parts) == len(counts)
    assert len(shown) == sum(1 for count in counts if count)
    assert all(part.width >= 3.99 for part in shown)
    if shown:
        assert shown[0].x == 0
        assert shown[-1].x + shown[-1].width == pytest.approx(1000, abs=0.5)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=16))
def test_the_larger_count_is_never_the_narrower_part(counts):
    parts = figures.strip(counts)
    by_count = sorted(zip(counts, parts, strict=True), key=lambda pair: pair[0])
    widths = [part.width for _, part in by_count]
    assert all(left <= right + 0.02 for left, right in itertools.pairwise(widths))


def test_a_strip_with_more_parts_than_room_divides_what_there_is():
    parts = figures.strip([1] * 10, width=20, gap=0, least=4)
    assert {part.width for part in parts} == {2}


def test_a_strip_of_nothing_draws_nothing():
    assert not figures.strip([])
    assert [part.width for part in figures.strip([0, 0])] == [0, 0]


@pytest.mark.parametrize(
    ("part", "whole", "expected"), [(1, 4, 25), (5, 4, 100), (-1, 4, 0), (3, 0, 0), (0, 4, 0)]
)
def test_a_share_stays_on_its_track(part, whole, expected):
    assert figures.share(part, whole) == expected


def test_gantt_bars_follow_each_other_and_a_moment_is_still_seen():
    waits, runs = NOON + timedelta(hours=1), NOON + timedelta(hours=4)
    bars = figures.gantt([(NOON, waits), (waits, runs), (runs, runs)])
    assert [(bar.x, bar.width) for bar in bars] == [(0, 250), (250, 750), (995, 5)]


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 10**5)).map(
            lambda pair: (NOON + timedelta(seconds=pair[0]), NOON + timedelta(seconds=sum(pair)))
        ),
        max_size=12,
    )
)
def test_gantt_bars_stay_inside(spans):
    for bar in figures.gantt(spans):
        assert bar.x >= 0
        assert bar.width >= 5
        assert bar.x + bar.width <= 1000.01


@given(st.lists(st.floats(0, 1e12), min_size=3, max_size=3000), st.integers(1, 50))
def test_thinning_keeps_the_extremes_and_the_order(values, bins):
    points = [(float(place), value) for place, value in enumerate(values)]
    kept = curves.thinned(points, bins)
    assert set(kept) <= set(points)
    assert kept == sorted(kept)
    assert len(kept) <= max(2 * bins, len(points) if len(points) <= 2 * bins else 0)
    assert {max(values), min(values)} <= {value for _, value in kept}


@given(st.floats(1e-6, 1e15))
def test_a_value_scale_is_round_and_holds_the_highest(highest):
    scale = curves.value_scale(highest)
    assert scale[0] == 0
    assert scale[-1] >= highest * (1 - 1e-6)
    assert scale[-2] < highest
    assert 2 <= len(scale) <= 7


@given(st.floats(1, 1.5e8), st.booleans())
def test_time_ticks_are_few_and_inside(length, dated):
    begin = 1_795_000_000.0
    ticks = curves.time_ticks(begin, begin + length, dated)
    assert len(ticks) <= 7
    assert all(0 < tick.place < 100 for tick in ticks)


@pytest.mark.parametrize(
    ("begin", "hours", "expected"),
    [
        (datetime(2026, 11, 20, 20, 38), 3.5, ["21:00", "22:00", "23:00", "21 Nov"]),
        (datetime(2026, 11, 20, 20, 38), 0.01, ["20:38:10", "20:38:20", "20:38:30"]),
        (datetime(2026, 11, 20), 24 * 5, ["21 Nov", "22 Nov", "23 Nov", "24 Nov"]),
    ],
)
def test_time_ticks_of_a_dated_axis_are_round(begin, hours, expected):
    start = (begin - curves.EPOCH).total_seconds()
    ticks = curves.time_ticks(start, start + hours * 3600, dated=True)
    assert [tick.text for tick in ticks] == expected


def test_time_ticks_of_time_passed_begin_at_zero():
    assert [tick.text for tick in curves.time_ticks(500, 500 + 9480)] == [
        "0:30",
        "1:00",
        "1:30",
        "2:00",
        "2:30",
    ]


def test_a_chart_shows_its_limit_above_the_line():
    drawn = curves.chart([[(0, 1.0), (10, 3.0)]], limit=4)
    assert drawn is not None
    assert drawn.paths == ("M0.0 150.0L1000.0 50.0",)
    assert drawn.limit == 0
    assert [tick.text for tick in drawn.y_ticks] == ["0", "1", "2", "3", "4"]


def test_an_absent_value_interrupts_the_line():
    drawn = curves.chart([[(0, 1.0), (1, None), (2, 1.0)]])
    assert drawn is not None
    assert drawn.paths[0].count("M") == 2


def test_nothing_known_is_no_chart():
    assert curves.chart([]) is None
    assert curves.chart([[(0, None)]]) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, "0"), (2.5, "2.5"), (750, "750"), (1200, "1.2 k"), (3e7, "30 M"), (4.2e9, "4.2 G")],
)
def test_axis_labels_are_short(value, expected):
    assert curves.compact(value) == expected


@pytest.mark.parametrize(
    ("counts", "path"),
    [
        (None, ""),
        ([], ""),
        ([0, 0], ""),
        ([0, 4], "M50.00 20v-20.0h50.00v20.0z"),
        ([5, 0, 10, 0], "M0.00 20v-10.0h25.00v10.0zM50.00 20v-20.0h25.00v20.0z"),
        ([1000, 1], "M0.00 20v-20.0h50.00v20.0zM50.00 20v-1h50.00v1z"),
    ],
)
def test_a_spark_is_as_high_as_its_highest_and_shows_whatever_is_not_zero(counts, path):
    assert figures.spark(counts) == path
