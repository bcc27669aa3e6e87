"""Names beside conditions that ignore case: when they are asked for, and that they only narrow."""

import pytest
from django.db import connections
from django.db.models import Q

from bigpandamon_core.domain.conditions import All, AnyOf, Not, Op, Test, absent, equal
from bigpandamon_core.domain.rules import text
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.queries import known_values
from bigpandamon_core.queries.where import NEVER, listed
from bigpandamon_core.sources.reading import recorded
from tests.queries.agreement import found

SITES = ("Alpha", "ALPHA", "alpha_2", "Beta", "béta", None, "")


@pytest.fixture
def sites(panda):
    panda.jobs([{"pandaid": number, "computingsite": site} for number, site in enumerate(SITES, 1)])
    return panda


def names(condition, table):
    return known_values.known_values(condition, [table])[0]


def test_a_condition_that_ignores_case_is_narrowed_by_name(sites):
    assert names(text("computingsite", "alpha"), JobsArchived4) == listed("computingsite", ("ALPHA", "Alpha"))
    wildcard = names(text("computingsite", "alpha*|b*"), JobsArchived4)
    assert wildcard == listed("computingsite", sorted({"ALPHA", "Alpha", "alpha_2", "Beta", "béta"}))


def test_nothing_fits_nothing_is_asked(sites):
    assert names(text("computingsite", "gamma"), JobsArchived4) == NEVER
    with recorded() as statements:
        assert found(text("computingsite", "gamma")) == set()
    assert [name for name, _ in statements.executed] == ["known_values.walk"]


@pytest.mark.parametrize(
    "condition",
    [
        Not(text("computingsite", "alpha")),
        text("computingsite", "!alpha"),
        AnyOf((text("computingsite", "alpha"), absent("computingsite"))),
        AnyOf((text("computingsite", "alpha"), equal("cloud", "x"))),
        equal("computingsite", "Alpha"),
        text("cloud", "alpha"),
        All(()),
    ],
)
def test_other_conditions_are_left_alone(sites, condition):
    with recorded() as statements:
        assert not names(condition, JobsArchived4)
    assert statements.executed == []


def test_tables_without_such_an_index_are_left_alone(sites):
    condition = text("computingsite", "alpha")
    assert not names(condition, JobsArchived)
    assert not names(condition, JobsDefined4)
    assert names(condition, JobsActive4) == NEVER


def test_many_names_narrow_too_little(panda):
    panda.jobs([{"pandaid": number, "computingsite": f"S{number}"} for number in range(1, 150)])
    assert not names(text("computingsite", "s*"), JobsArchived4)
    assert names(text("computingsite", "s12*"), JobsArchived4)
    assert len(found(text("computingsite", "s*"))) == 149


def test_endless_values_are_not_listed(panda, monkeypatch):
    monkeypatch.setattr(known_values, "VALUES", known_values.VALUES.__class__("known_values.walk", "", cap=3))
    panda.jobs([{"pandaid": number, "computingsite": f"S{number}"} for number in range(1, 5)])
    assert not names(text("computingsite", "s1"), JobsArchived4)


def test_both_columns_narrow(sites):
    condition = All((text("computingsite", "alpha"), text("produsername", "ada*")))
    expected = listed("computingsite", ("ALPHA", "Alpha")) & listed("produsername", ("Ada Example",))
    assert names(condition, JobsArchived4) == expected


@pytest.mark.parametrize("value", ["alpha", "ALPHA*", "*a*", "b*ta", "béta"])
def test_names_do_not_change_what_is_found(sites, value, monkeypatch):
    condition = text("computingsite", value)
    narrowed = found(condition)
    monkeypatch.setattr(known_values, "COLUMNS", ())
    assert found(condition) == narrowed


def test_a_column_that_ignores_case_itself_is_left_alone(sites, ignoring_case_once):
    assert not names(text("computingsite", "alpha"), JobsArchived4)
    assert found(text("computingsite", "alpha")) == {1, 2}


def test_the_index_serves(sites):
    """What the names are for."""
    vendor = connections["panda"].vendor
    if vendor == "postgresql":
        pytest.skip("a table this small is read as a whole there")
    sites.jobs([{"computingsite": f"OTHER_{number % 50}"} for number in range(2000)])
    with connections["demo"].cursor() as cursor:
        cursor.execute({"sqlite": "ANALYZE", "mysql": "ANALYZE TABLE jobsarchived4"}[vendor])
    rows = JobsArchived4.objects.using("demo").filter(names(text("computingsite", "alpha"), JobsArchived4))
    plan = rows.values_list("pandaid").explain()
    assert {"sqlite": "SEARCH", "mysql": "range"}[vendor] in plan


def test_pieces_that_end_in_blanks_are_met(panda):
    panda.jobs([{"pandaid": 1, "computingsite": "a "}, {"pandaid": 2, "computingsite": "a"}])
    assert found(Test("computingsite", Op.FOLDED, "A ")) == {1}
    assert found(Test("computingsite", Op.FOLDED, "A")) == {2}
    assert found(Test("computingsite", Op.FOLDED_LIKE, ("A", ""))) == {1, 2}
    assert found(Test("computingsite", Op.FOLDED_LIKE, ("", " ", ""))) == {1}


def test_each_table_is_narrowed_by_its_own_names_at_once(sites, panda):
    panda.job("jobsactive4", pandaid=900, computingsite="alpHA")
    with recorded() as statements:
        found_names = known_values.known_values(
            text("computingsite", "alpha"), [JobsDefined4, JobsActive4, JobsArchived4]
        )
    assert [name for name, _ in statements.executed].count("known_values.walk") == 1
    assert found_names == [
        Q(),
        listed("computingsite", ("alpHA",)),
        listed("computingsite", ("ALPHA", "Alpha")),
    ]
