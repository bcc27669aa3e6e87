"""What is told of failures by rules, and that jobs asked for by it are those of which it is told."""

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.error_rules import CLASSES, RULES, ErrorRule, advice
from bigpandamon_core.domain.failures import VALUES, Failures
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.rollups.declared import BY_NAME, FLOWS
from tests.domain.requests import selection

NUMBERS = st.sampled_from([None, 0, 100, 101, 102, 1099, 1150, 1212, 1305, 7777, 3631, 4215, -5])
EXITS = st.sampled_from([None, "", "0", "NULL", "None", "1", "152", "0152", "137", "x"])
STATES = st.sampled_from(
    [
        ("failed", None),
        ("finished", "fg_stumble"),
        ("finished", None),
        ("closed", ""),
        ("failed", "fg_partial"),
    ]
)
FAILED = {("failed", None), ("finished", "fg_stumble")}


@st.composite
def jobs(draw) -> dict[str, Any]:
    state, detail = draw(STATES)
    codes = {name: draw(EXITS if name == "transexitcode" else NUMBERS) for name in CODE_COLUMNS}
    return {"jobstatus": state, "jobsubstatus": detail, **codes}


@given(jobs(), st.sampled_from(sorted(VALUES)))
def test_jobs_asked_for_by_it_are_those_of_which_it_is_told(job, name):
    told = Failures(RULES).of(name, job)
    assert set(told) <= set(VALUES[name])
    assert bool(told) is ((job["jobstatus"], job["jobsubstatus"]) in FAILED)
    for value in VALUES[name]:
        asked = selection(urlencode({f"{name}.is": value}))
        assert holds(asked.condition, job) is (value in told), (value, told)
    listed = selection(urlencode({name: ",".join(VALUES[name][:2])}))
    assert holds(listed.condition, job) is bool(set(told) & set(VALUES[name][:2]))


def classes(rules=RULES, **codes) -> tuple[str, ...]:
    return Failures(rules).of(
        "failureclass", {"jobstatus": "failed", "jobsubstatus": None, **dict.fromkeys(CODE_COLUMNS), **codes}
    )


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ({"piloterrorcode": 1099}, ("data",)),
        ({"piloterrorcode": 1152}, ("data",)),
        ({"ddmerrorcode": 200}, ("data",)),
        ({"piloterrorcode": 1213}, ("timeout",)),
        ({"jobdispatchererrorcode": 100}, ("timeout",)),
        ({"transexitcode": "1"}, ("application",)),
        ({"piloterrorcode": 1305, "transexitcode": "65"}, ("application",)),
        ({"piloterrorcode": 1144}, ("system",)),
        ({"brokerageerrorcode": 3}, ("system",)),
        ({"piloterrorcode": 1099, "transexitcode": "1"}, ("application", "data")),
        ({"superrorcode": 9000, "taskbuffererrorcode": 102}, ("system",)),
        ({}, ("untold",)),
    ],
)
def test_the_class_of_a_failure(codes, told):
    assert classes(**codes) == told


def test_no_code_of_a_component_is_in_two_classes():
    for rule in RULES:
        others = [one for one in RULES if one.component == rule.component and one.kind not in ("", rule.kind)]
        assert not rule.kind or not any(set(rule.codes) & set(one.codes) for one in others)
        assert rule.kind in ("", *CLASSES)


def test_others_may_say_more_of_what_nothing_else_is_said_of():
    more = (ErrorRule("pilot", (7777,), kind="data"), ErrorRule("pilot", (1099,), kind="application"))
    assert classes((*RULES, *more), piloterrorcode=7777) == ("data",)
    assert classes((*RULES, *more), piloterrorcode=1099) == ("data",)
    assert advice("pilot", 7777, more) is None


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        (ErrorRule("pilot", (1,), acronym="ODD", meaning="Something odd."), set()),
        (ErrorRule("pilot", (1,), "Try again.", transient=True), {"failures"}),
        (ErrorRule("pilot", (1,), kind="data"), {"classes"}),
    ],
)
def test_bins_are_of_another_version_only_where_a_rule_says_something_else_of_them(rule, changed):
    """What is told beside costs nobody a rebuild."""
    before = {rollup.name: rollup.version(RULES) for rollup in FLOWS}
    assert {name for name in before if BY_NAME[name].version((*RULES, rule)) != before[name]} == changed
