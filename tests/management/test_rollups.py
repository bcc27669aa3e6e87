"""`bigpandamon rollups` tells how they stand and rebuilds days."""

from datetime import timedelta

import pytest
from django.conf import settings

from bigpandamon_core.follow.leading import Follower
from bigpandamon_core.management.main import main
from bigpandamon_core.state.rollups import RollupBin, RollupRebuild
from tests.web.conftest import NOON, clock

__all__ = ["clock"]


@pytest.fixture
def followed(panda, own, clock):
    for hours in (1, 5, 30):
        at = NOON - timedelta(hours=hours)
        panda.job(modificationtime=at, statechangetime=at)
    follower = Follower(settings.BIGPANDAMON.get)
    follower.step()
    while follower.is_behind:
        follower.step()


def test_how_they_stand(followed, capsys):
    RollupRebuild.objects.create(begin=NOON, end=NOON)
    assert main(["rollups"]) == 0
    first, _, *lines, planned = capsys.readouterr().out.splitlines()
    assert first == "As of 2026-03-01T12:00:00."
    told = {tuple(line.split()[:2]): line.split()[3:] for line in lines}
    assert told["jobs", "1"] == ["2026-02-27T12:00:00", "3", "2026-02-28T06:00:00", "2026-03-01T11:00:00"]
    assert told["users", "24"] == ["2026-02-27T12:00:00", "2", "2026-02-28T00:00:00", "2026-03-01T00:00:00"]
    assert "To be rebuilt" in planned


def test_days_are_rebuilt_and_told_as_they_are_done(followed, capsys):
    before = list(RollupBin.objects.order_by("pk").values_list())
    RollupBin.objects.update(jobs=5)
    assert main(["rollups", "--rebuild", "2026-02-28", "2026-03-02"]) == 0
    assert capsys.readouterr().out.splitlines() == ["2026-03-01  2 jobs", "2026-02-28  1 jobs"]
    assert list(RollupBin.objects.order_by("pk").values_list()) == before
    assert main(["rollups", "--rebuild"]) == 0


@pytest.mark.parametrize(
    "moments", [["2026-01-01"], ["yesterday", "today"], ["2026-01-01"] * 3, ["2026-01-02", "2026-01-01"]]
)
def test_what_is_no_period_is_refused(followed, capsys, moments):
    assert main(["rollups", "--rebuild", *moments]) == 1
    assert "period" in capsys.readouterr().err
    assert not RollupRebuild.objects.exists()


@pytest.mark.parametrize(
    ("moments", "told"),
    [
        (("0001-01-01", "0001-01-03"), "Give a period from 1970-01-01 on."),
        (("1969-12-31", "2026-01-01"), "Give a period from 1970-01-01 on."),
        (("2999-01-01", "2999-02-01"), "2999-01-01 00:00:00 to 2999-02-01 00:00:00"),
    ],
)
def test_a_period_without_any_jobs_is_named_and_not_stored(followed, capsys, moments, told):
    assert main(["rollups", "--rebuild", *moments]) == 1
    assert told in capsys.readouterr().err
    assert not RollupRebuild.objects.exists()


def test_before_anybody_has_followed(panda, own, capsys):
    assert main(["rollups"]) == 0
    assert "Nobody has followed" in capsys.readouterr().out
    assert main(["rollups", "--rebuild", "2026-01-01", "2026-01-02"]) == 1
    assert "bigpandamon follow" in capsys.readouterr().err
