"""Every operation of the OpenAPI document fuzzed: no 500, declared statuses and media, nothing of SQL."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo import schema as demo_schema
from bigpandamon_core.domain.window import now
from bigpandamon_core.web.wsgi import application
from tests.campaigns import examples
from tests.instance.factory import Panda

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
pytestmark = [pytest.mark.slow] if SOAK else []
USUAL = 30
EXAMPLES = 1000 if SOAK else examples(USUAL)
TURNS = {"mariadb": 0, "postgresql": 1}
"""Which of two operations a server's pass asks, where it asks few questions of each."""
STATEMENT_MARKS = (b"SELECT ", b'jobsarchived4".', b"jobsarchived4`.", b"Traceback", b'near "')
LEAST_SUCCESS = 0.30
_statuses: Counter[int] = Counter()
_modes: set[GenerationMode] = set()

# What lacks its tables is not in the document, which is read while tests are collected.
demo_schema.create(demo.writing())
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
OPERATIONS = {one.ok().label: one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)}
TRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)


@pytest.fixture(scope="module", autouse=True)
def jobs(panda_tables: None, own_tables: None) -> Iterator[None]:
    """Jobs that seeded values meet, and at the end the share of questions that were answered."""
    panda = Panda()
    for place, state in enumerate(("finished", "failed", "cancelled")):
        panda.job(pandaid=501 + place, jobstatus=state, jeditaskid=7001, computingsite="QUEUE_ONE",
                  produsername="Ada Example", piloterrorcode=1099 if state == "failed" else 0,
                  piloterrordiag="text with <markup> & 'quotes'", jobname="job.one",
                  modificationtime=now() - timedelta(minutes=5))  # fmt: skip
    panda.job("jobsactive4", pandaid=510, jobstatus="running", jeditaskid=7001, computingsite="QUEUE_ONE")
    panda.queue("QUEUE_ONE", cloud="NORTH", status="online")
    yield
    panda.clear()
    answered, asked = _statuses[200] + _statuses[302], sum(_statuses.values())
    assert not asked or answered / asked >= LEAST_SUCCESS, _statuses
    assert len(_modes) in (0, len(GenerationMode))
    print(f"\nfuzz: {asked} questions, {answered / max(asked, 1):.0%} answered with 2xx, {dict(_statuses)}")


SEEDS: dict[str, list[Any]] = {
    "pandaid": ["501", "502", "510"],
    "jeditaskid": ["7001"],
    "computingsite": ["QUEUE_ONE", "QUEUE*", "!QUEUE_TWO", "queue_one|other"],
    "jobstatus": ["finished", "failed,running"],
    "produsername": ["Ada*", "ada"],
    "hours": ["12", "1"],
    "days": ["1", "3"],
    "sortby": ["time-descending", "pandaid-ascending", "alpha"],
    "sort": ["-modificationtime", "jobname"],
    "jobname": ["job.one", "job*"],
    "fields": ["pandaid,jobstatus", "metastruct"],
    "limit": ["1", "100"],
    "q": ["501", "QUEUE", "pilot:1099", "nothing known"],
    "region": ["NORTH"],
    "piloterrorcode": ["1099"],
    "date_from": [f"{now():%Y-%m-%d}"],
    "date_to": [f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}"],
    "modificationtimerange": ["2026-01-01|2030-01-01T10:00"],
    "creationtimerange": ["2026-01-01|2030-01-01T10:00"],
    "starttimerange": ["2026-01-01|2030-01-01T10:00"],
    "endtimerange": ["2026-01-01|2030-01-01T10:00"],
    "statechangetimerange": ["2026-01-01|2030-01-01T10:00"],
    "priorityrange": ["900:999"],
    "jobsetrange": ["0:99"],
    "neventsrange": ["0-99"],
    "durationmin": ["0-0", "10-29"],
    "minramcount": ["2-3GB"],
    "format": ["json"],
    "batchid": ["1"],
    "creator": ["file.one"],
}


def seeded(values: dict[str, Any] | None) -> dict[str, Any]:
    """At most four parameters, five of six with a value that is right for them, the sixth as it was drawn."""
    some = dict(list((values or {}).items())[:4])
    for name, value in some.items():
        draw = crc32(f"{name}={value}".encode("utf-8", "replace"))
        if draw % 6:
            known = SEEDS.get(name) or ["1"]
            some[name] = known[draw // 6 % len(known)]
    return some


def test_every_operation_is_asked() -> None:
    assert len(OPERATIONS) == sum(len(methods) for methods in schema.raw_schema["paths"].values()) > 100


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_operation_breaks(label: str, request: pytest.FixtureRequest) -> None:
    """By questions that the schema allows, and by others; where fewer are tried servers take turns."""
    turn = TURNS.get(request.config.getoption("--panda"))
    if EXAMPLES < USUAL and turn not in (None, crc32(label.encode()) % len(TURNS)):
        pytest.skip("the other server's pass has it, that on SQLite with more examples")
    drawn = [OPERATIONS[label].as_strategy(generation_mode=mode) for mode in GenerationMode]
    TRIED(given(case=st.one_of(*drawn))(_ask))()


if SOAK:
    # Beside what is drawn, the systematic questions that the schema suggests, some hundred an operation. All
    # these tests have the same name: without xdist only.
    @schema.parametrize()
    @settings(TRIED, phases=(Phase.explicit,))
    def test_no_systematic_question_breaks(case: Any) -> None:
        _ask(case)


def _ask(case: Any) -> None:
    _modes.add(case.meta.generation.mode)
    case.query, case.path_parameters = seeded(case.query), seeded(case.path_parameters)
    response = case.call()
    _statuses[response.status_code] += 1
    assert not any(mark in response.content for mark in STATEMENT_MARKS), response.content[:500]
    case.validate_response(response, checks=CHECKS)


NAMES = st.sampled_from(
    ["computingsite", "jobstatus", "jeditaskid", "pandaid", "hours", "durationmin", "minramcount", "jobname",
     "produsername", "transformation", "eventservice", "date_from", "endtimerange", "sort", "after", "fields",
     "limit", "workerid", "taskname", "region", "jobtype", "computingsite.is", "durationmin.is",
     "priorityrange.is"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="*|,!%_'\"\\-:;() ", max_size=12),
    st.sampled_from(["1' OR '1'='1", "0) UNION SELECT 1--", "9" * 30, "-1", "1e309", "2-3GB", "a" * 10_000,
                     "|".join(["1"] * 600), "((((((", "\u202e", "😀*", "Not specified", "2026-13-45", "A|B"]),
)  # fmt: skip
PATHS = st.sampled_from(["/jobs/", "/api/v1/jobs", "/api/v1/jobs/summary", "/job/", "/find/"])


@settings(max_examples=EXAMPLES * 3, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(path=PATHS, asked=st.dictionaries(NAMES, VALUES, max_size=4), as_json=st.booleans())
def test_request_language_never_breaks(path: str, asked: dict[str, str], as_json: bool) -> None:
    from django.test import Client

    asked = asked | ({"json": ""} if as_json and "v1" not in path else {})
    response = Client().get(path, asked, HTTP_HOST="localhost")
    body = response.getvalue() if response.streaming else response.content
    assert response.status_code in (200, 302, 400, 404), (path, asked, response.status_code)
    assert not any(mark in body for mark in STATEMENT_MARKS)
    if response.status_code == 400 and (as_json or "v1" in path):
        problem = response.json()
        assert problem.get("parameter") or problem.get("problem", {}).get("what")
