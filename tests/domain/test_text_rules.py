"""Text columns: wildcards, lists, negation. json-api facts, section 2, first table."""

import pytest

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import matches

Values = list[str | None]
FORMS: dict[str, tuple[Values, Values]] = {
    # form: (values it takes, values it does not take)
    "abc": (["abc", "ABC", "aBc"], ["abcd", "xabc", " abc", "abc ", "", None]),
    "ab*": (["ab", "ABC", "ab*"], ["xab", "a", "", None]),
    "*bc": (["bc", "aBC"], ["bcd", "", None]),
    "*b*": (["b", "abc", "ABC"], ["ac", "", None]),
    "a*c": (["ac", "abc", "AxxC", "aac"], ["abcd", "ca", "a", None]),
    "a*b*c": (["abc", "axbyc", "aabbcc"], ["acb", "ac", None]),
    "a*a": (["aa", "aba"], ["a", None]),
    "*": (["x", " ", "Not specified"], ["", None]),
    "**": (["x"], ["", None]),
    "a|b": (["a", "B"], ["a|b", "c", "", None]),
    "a*|*z": (["abc", "xyz"], ["b", None]),
    "a*,*c": (["abc", "ac"], ["ab", "bc", None]),
    "a*,*c|x": (["abc", "x"], ["ab", "xc", None]),
    "!a": (["b", "ab", "", None], ["a", "A"]),
    "!*b*": (["a", "", None], ["b", "abc"]),
    "!a*,!b*": (["c", "", None], ["a", "ab", "bc"]),
    "!a*|b*": (["c", "", None], ["ab", "bc"]),
    "!a,b": (["c", "", None], ["a", "b"]),
    "a*,!ab": (["a", "abc"], ["ab", "b", None]),
    "a*|!b": (["a", "c", "", None], ["b"]),
    "!*": (["", None], ["x"]),
    "Not specified": (["", None], ["x", "Not specified"]),
    "!Not specified": (["x"], ["", None]),
    "a|Not specified": (["a", "", None], ["b"]),
    "a_c": (["a_c", "A_C"], ["abc", None]),
    "a\\c": (["a\\c"], ["ac", "abc"]),
    "a[b]?": (["a[b]?"], ["ab", "abx"]),
    "50%": (["50%"], ["50x", "500"]),
    "é*": (["é", "éa"], ["É", "e"]),
    "|a||": (["a", "A"], ["", None]),
    "a|!": (["a"], ["b", "", None]),
    "x y": (["x y", "X Y"], ["xy", "x  y"]),
}


@pytest.mark.parametrize(
    ("form", "value"), [(form, value) for form, (taken, _) in FORMS.items() for value in taken]
)
def test_a_form_takes(form, value):
    assert holds(rules.text("column", form), {"column": value})


@pytest.mark.parametrize(
    ("form", "value"), [(form, value) for form, (_, refused) in FORMS.items() for value in refused]
)
def test_a_form_does_not_take(form, value):
    assert not holds(rules.text("column", form), {"column": value})


@pytest.mark.parametrize("form", ["|", ",", "!", "!|!", ",|,"])
def test_a_form_without_a_value_is_refused(form):
    with pytest.raises(Problem, match="Illegal value"):
        rules.text("column", form)


@pytest.mark.parametrize("form", [",".join("a" * 501), "|".join("a" * 501), "!" + ",!".join("a" * 501)])
def test_a_list_has_a_limit(form):
    with pytest.raises(Problem, match="list of 501"):
        rules.text("column", form)


@pytest.mark.parametrize("rule", [rules.text, rules.contains, rules.ends_with, rules.exact_list])
def test_a_piece_has_a_limit(rule):
    with pytest.raises(Problem, match=r"Illegal value 'x{60}…'"):
        rule("column", "x" * 4001)


def test_many_wildcards_take_no_time():
    text = "a" * 4000
    assert not matches(("", *["a"] * 1000, "b"), text)
    assert matches(("", *["a"] * 1000, ""), text)
