"""What users' payloads leave with a job is shown or left out; it never takes the answer away."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bigpandamon_core.panda.files import MetaTable
from tests.campaigns import examples
from tests.instance.factory import Panda
from tests.web.conftest import NOON

pytestmark = pytest.mark.once

AT = NOON - timedelta(minutes=5)
ODD = (
    '{"prmon":"x"}',
    '{"prmon":[1]}',
    '{"prmon":{"Max":7}}',
    '{"Max":{"a":%s}}' % ("9" * 400),
    '{"Max":{"a":1e999,"b":NaN,"c":-Infinity,"d":true,"\\ud800":5}}',
    '{"a": NaN, "b": 10000000000000000000000000000000000000000}',
    "[" * 900 + "]" * 900,
    '{"a":' * 900 + "1" + "}" * 900,
    *(
        json.dumps({"prmon_series": "Time PSS\n" + samples})
        for samples in (
            "nan 1",
            "1e300 1",
            "1 inf",
            "-99999999999999 1",
            "1 1e300",
            "1 5e-324",
            "1 -5",
            "9e9 1",
        )
    ),
    json.dumps({"prmon_series": "Time Time\n1 1e300\n2 nan\n3 5"}),
    json.dumps({"prmon_series": "Time PSS\n" + "5 1\n" * 9}),
    json.dumps({"prmon_series": "Time PSS\n" + "".join(f"{9 - n} 1e18\n" for n in range(9))}),
)
WORDS = st.sampled_from(
    ("nan", "inf", "-1", "0", "1", "1e300", "5e-324", "4102444800", "x", "1700000000", "1e18")
)
SERIES = st.lists(st.lists(WORDS, min_size=2, max_size=2).map(" ".join), max_size=8).map(
    lambda lines: "\n".join(["Time PSS", *lines])
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**15, 10**400),
    st.floats(),
    st.text(max_size=5),
    SERIES,
)
NAMES = st.sampled_from(("prmon", "Max", "Avg", "prmon_series", "pss", "\ud800", "a"))
DOCUMENTS = st.recursive(
    LEAVES,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(NAMES, parts, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def job(panda, own, clock) -> int:
    number: int = panda.job(modificationtime=AT, jobstatus="finished")
    panda.metadata(number, "{}")
    return number


def strict(content: bytes) -> Any:
    """JSON as the standard has it."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(content, parse_constant=refuse)


def store(panda: Panda, number: int, text: str) -> None:
    MetaTable.objects.using(panda.alias).filter(pandaid=number).update(metadata=text)


def check(panda: Panda, client: Client, number: int, stored: str) -> None:
    store(panda, number, stored)
    for address in (f"/job/{number}/", f"/job/{number}/?format=text"):
        assert client.get(address).status_code == 200, stored
    for address in (f"/job/{number}/?json", f"/api/v1/jobs/{number}", "/jobs/?json&fields=metastruct"):
        response = client.get(address)
        assert response.status_code == 200, stored
        strict(response.getvalue())


@pytest.mark.parametrize("stored", ODD)
def test_odd_documents(panda, client, job, stored):
    check(panda, client, job, stored)


@given(document=DOCUMENTS)
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_document(panda, client, job, document):
    check(panda, client, job, json.dumps(document))


def test_what_is_not_finite_is_null_and_the_rest_is_told(panda, client, job):
    stored = '{"a": NaN, "b": 10000000000000000000000000000000000000000, "c": [1e999, 1.5]}'
    store(panda, job, stored)
    told = strict(client.get(f"/job/{job}/?json").content)["job"]["metastruct"]
    assert told == {"a": None, "b": 10**40, "c": [None, 1.5]}
