import re
from datetime import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.web import drawings, formats

pytestmark = pytest.mark.once

NIGHT = datetime(2026, 11, 21, 0, 41, 31)


def plain(text):
    return text.replace(formats.FIXED, " ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (56325, "56,325"),
        (0, "0"),
        (2.5, "2.5"),
        (1234.5, "1,234.5"),
        (3.0, "3"),
        (None, "–"),
        ("", "–"),
        ("x", "x"),
    ],
)
def test_number(value, expected):
    assert formats.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(19.74, "19.7 %"), (0, "0.0 %"), (0.04, "<0.1 %"), (99.96, ">99.9 %"), (100, "100.0 %"), (None, "–")],
)
def test_percent(value, expected):
    assert plain(formats.percent(value)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"), (16, "16 s"), (60, "1 min"), (190, "3 min 10 s"), (2460, "41 min"), (9480, "2 h 38 min"),
        (7200, "2 h"), (273600, "3 d 4 h"), (86700, "1 d"), (-90, "−1 min 30 s"), (None, "–"),
    ],
)  # fmt: skip
def test_duration(seconds, expected):
    assert plain(formats.duration(seconds)) == expected


@pytest.mark.parametrize(
    ("moment", "reference", "expected"),
    [
        (NIGHT, NIGHT, "21 Nov 00:41"),
        (datetime(2018, 5, 23, 15, 4), NIGHT, "2018-05-23 15:04"),
        (NIGHT, None, "2026-11-21 00:41"),
        (None, NIGHT, "–"),
        ("unknown", NIGHT, "unknown"),
    ],
)
def test_clock_tells_the_year_where_it_differs(moment, reference, expected):
    assert plain(formats.clock(moment, reference)) == expected


def test_iso_says_that_it_is_utc():
    assert formats.iso(NIGHT) == "2026-11-21T00:41:31Z"
    assert formats.iso(None) == ""


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (999_999, "1.0 MB"),
        (366_600_000, "366.6 MB"),
        (1.2e13, "12.0 TB"),
        (None, "–"),
    ],
)
def test_size(amount, expected):
    assert plain(formats.size(amount)) == expected


@pytest.mark.parametrize(
    ("rate", "ended", "expected"),
    [
        (1.9, 100, "r0"),
        (2, 100, "r1"),
        (5, 100, "r2"),
        (24.9, 100, "r3"),
        (25, 20, "r4"),
        (95, 19, "r0"),
        (None, 5, "r0"),
    ],
)
def test_few_jobs_do_not_shout(rate, ended, expected):
    assert formats.rate_step(rate, ended) == expected


@given(st.one_of(st.none(), st.text(), st.integers(-(10**18), 10**18), st.floats(-1e15, 1e15), st.booleans()))
def test_no_filter_fails_on_what_a_payload_may_hold(value):
    for name in (
        "number",
        "percent",
        "duration",
        "ago",
        "clock",
        "clock_seconds",
        "iso",
        "size",
        "rate_step",
    ):
        assert isinstance(formats.register.filters[name](value), str)


@given(st.text(alphabet="-ab =\t\n'\"1", max_size=80))
def test_options_joined_again_are_the_same_text(parameters):
    assert "".join(drawings.options(parameters)) == parameters


def test_options_are_cut_before_each_option():
    assert drawings.options("-r . --maxEvents=10 --preExec 'x -1'") == [
        "-r . ",
        "--maxEvents=10 ",
        "--preExec 'x -1'",
    ]


@pytest.mark.parametrize("part", [{"count": 3, "failed": 1}, SimpleNamespace(count=3, failed=1)])
def test_bars_read_mappings_and_objects(part):
    (bar,) = drawings.bars([part])
    assert bar.item is part
    assert (bar.width, bar.failed) == (100, 33.33)


def test_a_strip_leaves_out_states_without_jobs():
    drawn = drawings.strip([{"state": "sent", "count": 0}, {"state": "running", "count": 5}])
    assert [part.item["state"] for part in drawn] == ["running"]


def test_standouts_are_the_telling_values_with_most_failures_two_of_an_attribute():
    many = [{"value": place, "telling": True, "failed": place} for place in (1, 2, 3)]
    attributes = [
        {"field": "a", "values": [*many, {"value": "y", "telling": False, "failed": 99}]},
        {"field": "b", "values": [{"value": "z", "telling": True, "failed": 9}]},
        {"field": "jobstatus", "values": [{"value": "failed", "telling": True, "failed": 9, "group": "bad"}]},
    ]
    assert [one.value["value"] for one in drawings.standouts(attributes)] == ["z", 3, 2]


def test_groups_sum_their_states_in_order():
    states = [
        {"state": "defined", "group": "waiting", "count": 1},
        {"state": "running", "group": "running", "count": 2},
        {"state": "assigned", "group": "waiting", "count": 4},
    ]
    assert [(group["group"], group["count"]) for group in drawings.groups(states)] == [
        ("waiting", 5),
        ("running", 2),
    ]


def series(name, unit, points):
    return {"name": name, "label": name.upper(), "unit": unit, "points": points}


def test_series_of_one_unit_share_a_panel_and_the_limit_is_of_the_first():
    points = [(0, 1.0), (60, 2.0)]
    resources = {
        "series": [series("pss", "GB", points), series("cpu", "s", points), series("swap", "GB", points)],
        "limit": 4,
    }
    memory, cpu = drawings.panels(resources)
    assert [line.series["name"] for line in memory.lines] == ["pss", "swap"]
    assert (memory.limit, cpu.limit) == (4, None)


def test_the_table_of_a_panel_keeps_every_peak():
    points = [(float(place), 100.0 if place == 777 else 1.0) for place in range(2000)]
    (panel,) = drawings.panels({"series": [series("pss", "GB", points)], "limit": None})
    rows = drawings.panel_rows(panel)
    assert len(rows) == drawings.TABLE_ROWS
    assert 100 in [values[0] for _, values in rows]


def test_plot_data_puts_series_of_different_times_on_one_axis():
    resources = {
        "series": [series("a", "GB", [(0, 1.0), (2, 2.0)]), series("b", "GB", [(1, 5.0)])],
        "limit": None,
    }
    (panel,) = drawings.panels(resources)
    assert drawings.plot_data(panel)["data"] == [[0, 1, 2], [1.0, None, 2.0], [None, 5.0, None]]


def test_bars_over_time_are_drawn_as_one_path_a_group():
    """Every bar has its pieces: where they stand and how high they are is read from the paths again."""
    hours = [
        {"count": 8, "failed": 2, "finished": 6, "other": 0},
        {"count": 0, "failed": 0, "finished": 0, "other": 0},
        {"count": 4, "failed": 0, "finished": 1, "other": 3},
    ]
    paths = dict(drawings.layers(drawings.columns(hours)))
    corner = re.compile(r"M([\d.]+) ([\d.]+)h[\d.]+v([\d.]+)h-[\d.]+z")
    found = {group: [tuple(map(float, one)) for one in corner.findall(path)] for group, path in paths.items()}
    assert found == {
        "bad": [(0, 75, 25)],
        "good": [(0, 0, 75), (666.67, 87.5, 12.5)],
        "waiting": [(666.67, 50, 37.5)],
    }
