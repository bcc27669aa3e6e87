"""Goals bind what they should, and only what is missed twice in a row fails."""

import json

import pytest

from benchmarks import judging
from benchmarks.judging import Goal, Judged, goals, judged
from benchmarks.measures import Measured
from benchmarks.pages import FIGURES


@pytest.mark.parametrize(
    ("goal", "measured", "ok"),
    [
        (Goal(at_least=30), Measured("a", 5, "ms", ratio=31), True),
        (Goal(at_least=30), Measured("a", 500, "ms", ratio=29.9), False),
        (Goal(at_most=1.5), Measured("a", 500, "ms", ratio=1.5), True),
        (Goal(at_most=60), Measured("a", 61, "s"), False),
        (Goal(at_most=0), Measured("a", 0, ""), True),
        (Goal(at_least=30), Measured("a", 5, "ms", ratio=99, refused="the loop is too slow"), None),
        (Goal(at_least=23_000), Measured("a", 30_000, "changes/s", reference=1.0), True),
        (None, Measured("a", 5, "ms"), None),
    ],
)
def test_a_goal_binds_the_ratio_where_there_is_one(goal, measured, ok):
    assert Judged(measured, goal).ok is ok


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "goals.toml"
    path.write_text('["lag"]\nfull = {at_most = 60}\nsmall = {at_most = 6}\n["lost"]\nfull = {at_most = 0}\n')
    monkeypatch.setattr(judging, "GOALS", path)
    return tmp_path / "build" / "missed.json"


def failed(file, size, **figures):
    lines = judged([Measured(name, value, "") for name, value in figures.items()], size, file)
    return [line.measured.name for line in lines if line.failed]


def test_missed_once_is_measured_again_and_missed_twice_fails(file):
    assert failed(file, "full", lag=61, lost=0) == []
    assert failed(file, "full", lag=62, lost=1) == ["lag"]
    assert failed(file, "full", lag=59, lost=1) == ["lost"]
    assert failed(file, "full", lag=61, lost=0) == []


def test_a_run_of_other_parts_or_another_size_forgets_nothing(file):
    failed(file, "full", lag=61)
    assert failed(file, "full", lost=0) == []
    assert failed(file, "small", lag=7) == []
    assert failed(file, "full", lag=61) == ["lag"]
    assert json.loads(file.read_text()) == {"full": ["lag"], "small": ["lag"]}


def test_every_size_has_sound_goals():
    assert set(goals("small")) <= set(goals("full"))
    for size in judging.SIZES.values():
        for goal in goals(size).values():
            assert (goal.at_least is None) != (goal.at_most is None)


def test_a_goal_without_a_figure_that_counts_is_told():
    names = list(goals("small"))
    found = [Measured(name, 1, "") for name in names[2:]]
    slow = Measured(names[1], 1, "", refused="the reference is too slow")
    assert judging.unmeasured([slow, *found], "small") == sorted(names[:2])


def test_no_goal_is_behind_the_upstream_monitor():
    found = goals("upstream")
    known = {name: goal for name, goal in found.items() if name in FIGURES}
    assert len(known) > 10
    assert [name for name, goal in known.items() if (goal.at_most or 0) > FIGURES[name]] == []


def test_a_record_tells_whatever_a_reader_needs():
    one = Measured("page.cold.time", 123.456, "ms", 5580, "another monitor", floor=2.0)
    record = Judged(one, Goal(at_most=100)).record
    assert record["ratio"] == pytest.approx(5580 / 123.456, rel=1e-3)
    assert (record["goal"], record["ok"], record["floor"]) == ("<= 100", False, 2.0)
