"""Values that are taken out of a condition one by one: what is left means all the others and nothing else."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.alternatives import MOST_TOLD, alternatives
from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.job_requests import noun
from bigpandamon_core.domain.parameters import SHOWN
from tests.domain.requests import selection

VALUES = ("A", "a", "AB", "a|b", "a,b", "!a", "A*", "é", " ", "Not specified", "b", "%41", "x+y")
ROWS = (None, "", "A", "a", "AB", "a|b", "a,b", "!a", "A*", "é", " ", "b", "ab", "%41", "x+y", "x y")
RULES = (
    "computingsite",
    "produsername",
    "processingtype",
    "resourcetype",
    "user",
    "prodsourcelabel",
    "jobstatus",
)


def pieces(query: str) -> dict[str, str]:
    """By value the request without it."""
    asked = selection(query)
    [one] = asked.asked
    field = asked.noun.field(one.parameter.removesuffix(SHOWN))
    found = alternatives(one, asked.get(one.parameter), field)
    return {each.text: asked.query(**{one.parameter: each.rest or None}) for each in found}


def which(query: str, column: str) -> set[Any]:
    return {row for row in ROWS if holds(selection(query).condition, {column: row})}


def column_of(name: str) -> str:
    declared = noun().field(name)
    assert declared is not None
    return declared.source


@given(st.lists(st.sampled_from(VALUES), min_size=1, max_size=5, unique=True))
def test_values_as_shown_are_each_of_their_own(values):
    query = urlencode([("computingsite.is", value) for value in values])
    assert which(query, "computingsite") == {
        row for value in values for row in which(urlencode({"computingsite.is": value}), "computingsite")
    }
    found = pieces(query)
    assert list(found) == values
    for value, left in found.items():
        others = [one for one in values if one != value]
        assert parse_qsl(left, keep_blank_values=True) == [("computingsite.is", one) for one in others]


@given(
    st.sampled_from(RULES),
    st.lists(
        st.sampled_from([one for one in VALUES if one.strip() and "|" not in one]), min_size=2, max_size=4
    ),
    st.sampled_from("|,"),
)
def test_what_is_left_of_a_list_means_all_the_others(name, values, separator):
    query, column = urlencode({name: separator.join(values).replace("%", "%25")}), column_of(name)
    found = pieces(query)
    each = {value: which(alone(query, value), column) for value in found}
    assert not found or set().union(*each.values()) == which(query, column)
    for value, left in found.items():
        assert which(left, column) == set().union(*(each[one] for one in found if one != value))


def alone(query: str, value: str) -> str:
    """The request without any other value."""
    while value in (found := pieces(query)):
        query = next(left for one, left in found.items() if one != value)
    return query


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("computingsite=a|B", {"a": "computingsite=B", "B": "computingsite=a"}),
        ("produsername=ada|bob", {"ada": "produsername=bob%7C", "bob": "produsername=ada%7C"}),
        ("processingtype=a|b", {"a": "processingtype=b%7C", "b": "processingtype=a%7C"}),
        ("jobstatus=failed,finished", {"failed": "jobstatus=finished", "finished": "jobstatus=failed"}),
        ("jeditaskid=7,8", {"7": "jeditaskid=8", "8": "jeditaskid=7"}),
        ("user=a|b", {}),
        ("prodsourcelabel=a|b", {}),
        ("computingsite=a,b", {}),
        ("computingsite=!a|b", {}),
        ("computingsite=a|a", {}),
        ("computingsite=a", {}),
    ],
)
def test_only_what_is_a_value_of_its_own_is_told(query, left):
    assert pieces(query) == left


def test_the_rest_of_a_list_of_parts_of_names_is_not_looked_for_otherwise():
    """`produsername=ada` alone would find everybody whose name has that part."""
    assert which(pieces("produsername=AB|b")["b"], "produsername") == {"AB", "ab"}


@pytest.mark.parametrize("name", ["computingsite", "computingsite.is"])
def test_many_are_one(name):
    many = [f"Q{number}" for number in range(MOST_TOLD + 1)]
    shown = [(name, one) for one in many] if name.endswith(SHOWN) else [(name, "|".join(many))]
    assert pieces(urlencode(shown)) == {}
