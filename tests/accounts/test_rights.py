"""What groups give, what a scope leaves of it, and where it holds."""

import pytest

from bigpandamon_core.accounts.rights import LADDER, Grant, granted, highest, implied, may
from bigpandamon_core.config import OPTIONS as DECLARED
from bigpandamon_core.sections.types import Access

READ, PERSONAL, OPERATE, ADMINISTER = LADDER
RUNGS = [{READ}, {READ, PERSONAL}, {READ, PERSONAL, OPERATE}, {READ, PERSONAL, OPERATE, ADMINISTER}]


def test_every_right_has_its_place_and_its_option():
    assert set(LADDER) == set(Access)
    roles = {one.key.rpartition(".")[2] for one in DECLARED if one.key.startswith("accounts.roles.")}
    assert roles == set(Access) - {READ}


@pytest.mark.parametrize(("access", "all_of_it"), list(zip(LADDER, RUNGS, strict=True)))
def test_a_right_implies_those_before_it(access, all_of_it):
    assert implied({access}) == all_of_it
    assert highest(all_of_it) is access


def test_nothing_is_reading():
    assert implied(()) == {READ}


@pytest.mark.parametrize(
    ("groups", "rights", "sites", "regions"),
    [
        ((), RUNGS[0], (), ()),
        (("strangers",), RUNGS[0], (), ()),
        (("watchers",), RUNGS[1], (), ()),
        (("watchers", "operators"), RUNGS[2], (), ()),
        (("staff",), RUNGS[3], (), ()),
        (("one",), RUNGS[0], ("QUEUE_ONE",), ()),
        (("both",), RUNGS[2], ("QUEUE_ONE", "QUEUE_TWO"), ()),
        (("north", "watchers"), RUNGS[1], (), ("NORTH",)),
    ],
)
def test_groups_give_rights(option, groups, rights, sites, regions):
    assert granted(groups, option) == Grant(frozenset(rights), frozenset(sites), frozenset(regions))


@pytest.mark.parametrize("access", [PERSONAL, OPERATE, ADMINISTER])
def test_who_administers_a_site_may_all_of_it_there_and_nothing_elsewhere(option, access):
    one = granted(["one"], option)
    assert may(one, access, site="QUEUE_ONE")
    assert may(one, access, site="QUEUE_ONE", region="SOUTH")
    assert not may(one, access, site="QUEUE_TWO")
    assert not may(one, access, region="QUEUE_ONE")
    assert not may(one, access)
    assert one.rights == {READ}


def test_a_region_holds_for_its_sites(option):
    north = granted(["north"], option)
    assert may(north, ADMINISTER, site="QUEUE_NINE", region="NORTH")
    assert not may(north, ADMINISTER, site="QUEUE_NINE", region="SOUTH")


def test_what_is_held_everywhere_is_held_at_a_site(option):
    operator = granted(["operators"], option)
    assert may(operator, OPERATE, site="QUEUE_NINE")
    assert not may(operator, ADMINISTER, site="QUEUE_NINE")


@pytest.mark.parametrize(
    ("groups", "scope", "rights", "sites"),
    [
        (["staff"], [READ], RUNGS[0], ()),
        (["staff"], [PERSONAL], RUNGS[1], ()),
        (["watchers"], [ADMINISTER], RUNGS[1], ()),
        (["both"], [OPERATE], RUNGS[2], ()),
        (["both"], [ADMINISTER], RUNGS[2], ("QUEUE_ONE", "QUEUE_TWO")),
        (["both"], [READ, PERSONAL], RUNGS[1], ()),
    ],
)
def test_a_scope_only_takes_away(option, groups, scope, rights, sites):
    left = granted(groups, option).within(scope)
    assert left.rights == rights
    assert left.sites == set(sites)


def test_rights_at_one_place_can_be_carried(option):
    assert granted(["one"], option).anywhere == set(Access)
    assert granted(["watchers"], option).anywhere == {READ, PERSONAL}
