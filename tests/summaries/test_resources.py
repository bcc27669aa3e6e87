"""Series of the process monitor and the straight line through memory, against numbers computed otherwise."""

import random
from pathlib import Path
from statistics import linear_regression

import pytest

from bigpandamon_core.summaries.resources import growth, of_metadata, read_series, unit_of

SERIES = {"prmon_2018.txt": 60, "prmon_job_2019.txt": 60, "memorymonitor_job_2018.txt": 451}


def rows_of(path: Path) -> tuple[list[str], list[list[float]]]:
    heading, *lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return heading, [[float(word) for word in line] for line in lines]


@pytest.mark.parametrize("name", SERIES)
def test_every_sample_of_a_real_series_is_read(shared: Path, name: str) -> None:
    path = shared / "data" / "panda" / "prmon" / name
    heading, rows = rows_of(path)
    series = read_series(path.read_text())
    assert series is not None
    assert len(series.seconds) == len(rows) == SERIES[name]
    column = [one.lower() for one in heading].index("pss")
    assert series.values["pss"] == tuple(row[column] for row in rows)
    assert series.begin == int(rows[0][0])
    assert series.seconds[-1] == rows[-1][0] - rows[0][0]


@pytest.mark.parametrize("name", SERIES)
def test_growth_of_a_real_series_is_the_least_squares_line(shared: Path, name: str) -> None:
    series = read_series((shared / "data" / "panda" / "prmon" / name).read_text())
    assert series is not None
    fitted = growth(series.seconds, series.values["pss"])
    assert fitted is not None
    slope, _ = linear_regression(series.seconds, series.values["pss"])
    assert fitted.slope == pytest.approx(slope)
    assert fitted.points == SERIES[name]
    assert fitted.error > 0


def test_error_of_the_slope_covers_the_truth_as_often_as_it_should() -> None:
    """Two standard errors hold the true slope in about 95 of 100 noisy series."""
    draw = random.Random(7)
    moments = [float(60 * minute) for minute in range(60)]
    covered = 0
    for _ in range(400):
        values = [1000 + 0.5 * moment + draw.gauss(0, 200) for moment in moments]
        fitted = growth(moments, values)
        assert fitted is not None
        covered += abs(fitted.slope - 0.5) <= 2 * fitted.error
    assert 0.91 <= covered / 400 <= 0.99


def test_flat_memory_is_no_leak_and_a_ramp_is_one() -> None:
    draw = random.Random(3)
    moments = [float(second) for second in range(0, 6000, 60)]
    flat = growth(moments, [1e6 + draw.gauss(0, 1000) for _ in moments])
    ramp = growth(moments, [1e6 + 5 * moment + draw.gauss(0, 1000) for moment in moments])
    assert flat is not None
    assert ramp is not None
    assert not flat.is_certain
    assert ramp.is_certain
    assert ramp.slope == pytest.approx(5, rel=0.1)


@pytest.mark.parametrize("text", ["", "no table here", "Time PSS\n", "Time PSS\n1 2 3\nx y\n"])
def test_what_is_no_series_is_none(text: str) -> None:
    assert read_series(text) is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [("max pss", "kB"), ("max maxPSS", "kB"), ("avg avgVMEM", "kB"), ("max rchar", "B"), ("avg rchar", "B/s"),
     ("avg rateRBYTES", "B/s"), ("max totWBYTES", "B"), ("max rx_bytes", "B"), ("max utime", "s"),
     ("max gpusmpct", "%"), ("max nprocs", ""), ("max rx_packets", "")],
)  # fmt: skip
def test_measures_have_the_units_that_their_names_say(name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_broken_lines_are_left_out() -> None:
    series = read_series("Time PSS\n100 5\ngarbage\n160 7\n220\n")
    assert series is not None
    assert series.values["pss"] == (5.0, 7.0)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_points_give_no_line(count: int) -> None:
    assert growth(range(count), [1.0] * count) is None


def test_summary_documents_are_found_at_the_top_and_below_prmon() -> None:
    block = {"Max": {"pss": 5}, "Avg": {"pss": 2.5}}
    assert of_metadata(block) == of_metadata({"prmon": block}) == {"max pss": 5, "avg pss": 2.5}
    assert of_metadata(None) == of_metadata("text") == of_metadata({"Max": "x"}) == {}
