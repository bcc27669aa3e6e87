"""Combinations of values that nobody has any more go, and come back under other numbers."""

from datetime import datetime, timedelta

import pytest
from django.db.models import Sum

from bigpandamon_core.rollups.declared import BY_NAME
from bigpandamon_core.state.leases import LeaseRow
from bigpandamon_core.state.rollups import RollupBin, RollupKey, RollupRebuild
from tests.rollups.test_following import ended
from tests.web.conftest import NOON

HOUR = timedelta(hours=1)
NODES = BY_NAME["nodes"].number


def node_keys() -> dict[str, int]:
    return dict(RollupKey.objects.filter(rollup=NODES).values_list("node", "id"))


def test_a_combination_that_no_bin_has_goes_and_comes_back_under_another_number(panda, step, clock):
    for node in ("here", "gone"):
        ended(panda, at=clock.moment, modificationhost=node)
    step()
    before = node_keys()
    RollupBin.objects.filter(key_id=before["gone"]).delete()
    step(3 * 3600)
    assert node_keys() == {"here": before["here"]}
    for node in ("here", "gone"):
        ended(panda, at=clock.moment, modificationhost=node)
    step()
    found = RollupBin.objects.filter(rollup=NODES).values_list("key__node").annotate(Sum("jobs"))
    assert dict(found) == {"here": 2, "gone": 1}


@pytest.mark.once
def test_who_follows_again_asks_for_numbers_that_another_may_have_removed(panda, follower, step, clock):
    ended(panda, at=clock.moment, modificationhost="gone")
    step()
    LeaseRow.objects.update(until=datetime(2000, 1, 1))
    RollupBin.objects.filter(rollup=NODES).delete()
    RollupKey.objects.filter(rollup=NODES).delete()
    ended(panda, at=clock.moment, modificationhost="gone")
    step()
    assert list(RollupBin.objects.filter(rollup=NODES).values_list("key__node", "jobs")) == [("gone", 1)]


@pytest.mark.once
def test_nothing_is_removed_while_a_rebuild_may_be_about_to_use_it(panda, step, clock):
    ended(panda, at=clock.moment, modificationhost="gone")
    step()
    RollupBin.objects.filter(rollup=NODES).delete()
    RollupRebuild.objects.create(begin=NOON, end=NOON + 24 * HOUR)
    step(3 * 3600)
    assert [*node_keys()] == ["gone"]
