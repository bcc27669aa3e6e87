"""Signs that mean nothing where values are compared to the letter."""

import pytest

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.vocabulary import doubts, refuse
from tests.domain.requests import NOUN


@pytest.mark.parametrize(
    ("name", "value", "doubtful"),
    [
        ("resourcetype", "!GPU", ["!GPU"]),
        ("resourcetype", "SCORE|M*", ["M*"]),
        ("resourcetype", "SCORE", []),
        ("prodsourcelabel", "rc*", ["rc*"]),
        ("jobstatus", "!finished", ["!finished"]),
        ("computingsite", "!A*", []),
        ("jobname", "*x*", []),
        ("produsername", "!ada", []),
        ("resourcetype.is", "!GPU", []),
    ],
)
def test_a_sign_that_a_field_takes_to_the_letter_is_told(name, value, doubtful):
    assert [doubt.value for doubt in doubts({name: value}, NOUN)] == doubtful


def test_below_v1_it_is_refused_with_why():
    with pytest.raises(Problem, match=r"Illegal value '!GPU' for resourcetype") as refused:
        refuse({"resourcetype": "!GPU"}, NOUN, {"resourcetype"})
    assert refused.value.remedy == (
        "resourcetype is compared to the letter: neither ! nor * means anything in it."
    )
