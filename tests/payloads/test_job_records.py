"""Jobs of a list, made together, are what each of them is alone."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain import job_columns
from bigpandamon_core.domain.by_column import by_column
from bigpandamon_core.payloads.job_records import (
    KEYS,
    Meanings,
    columns,
    computed,
    error_keys,
    errors_told,
    listed,
)

NOON = datetime(2026, 5, 4, 12)
NAMES = (*job_columns.ALL, "_table", "_owner")
MEANINGS: Meanings = {
    ("transform", 40): {"description": "Athena crash", "category": 3},
    ("transform", -5): {"acronym": "MINUS", "category": 0},
    ("pilot", 1099): {"description": "Failed to stage in", "category": 2},
}
LISTED_ALONE = {"schedulerid", "homecloud", "consumer", "pilotversion"}
"""What only the objects of a list have, or have otherwise."""
MAY_BE: dict[str, list[Any]] = {
    "jobstatus": ["failed", "running", "holding", "finished", None],
    "jobsubstatus": [None, "", "fg_partial", "toreassign"],
    "transexitcode": [None, "", "0", "40", "-5", "65x"],
    "piloterrorcode": [None, 0, 1099],
    "piloterrordiag": [None, "", "no disk"],
    "eventservice": [None, 0, 1, 2, 4],
    "jobmetrics": [None, "", "nGPU=1", "mode=jumbo HPCStatus=running"],
    "starttime": [None, NOON - timedelta(hours=2), NOON + timedelta(hours=1)],
    "endtime": [None, NOON - timedelta(hours=1)],
    "creationtime": [None, NOON - timedelta(hours=3)],
    "corecount": [None, 0, 8],
    "actualcorecount": [None, 0, 4],
    "maxpss": [None, 0, 3_000_000],
    "memoryleakx2": [None, Decimal("0.50"), Decimal("2.00")],
    "cpuconversion": [None, Decimal("1.000000")],
    "cpuconsumptiontime": [None, 0, Decimal("7200.0")],
    "jobsetid": [None, 0, 4711],
    "schedulerid": [None, "", "harvester-a", "x"],
    "pilotid": [None, "a|3.1", "a"],
    "computingsite": [None, "", "Q"],
    "transformation": [None, "http://x/y/build-it"],
    "modificationhost": [None, "slot@node", ""],
    "produsername": [None, "", "p"],
    "produserid": [None, "/CN=p"],
    "commandtopilot": [None, "tobekilled"],
}
JOB = st.fixed_dictionaries(
    {name: st.sampled_from(MAY_BE[name]) if name in MAY_BE else st.none() for name in NAMES}
)


@given(st.lists(JOB.map(lambda job: job | {"pandaid": 7}), min_size=1, max_size=9))
def test_each_is_what_it_is_alone(jobs):
    stored = by_column(NAMES, [tuple(job[name] for name in NAMES) for job in jobs])
    errors = errors_told(stored)
    found = listed(stored, NOON, {"Q": "DE"}, errors, MEANINGS)
    for place, (told, job) in enumerate(zip(found, jobs, strict=True)):
        alone = columns(job) | computed(job, NOON)
        if place in errors:
            alone |= error_keys(errors[place], MEANINGS)
        assert {name: told[name] for name in told.keys() - LISTED_ALONE} == {
            name: alone[name] for name in alone.keys() - LISTED_ALONE
        }
        assert told["homecloud"] == ("DE" if job["computingsite"] == "Q" else None)
        assert (place in errors) == (told["jobstatus"] in ("failed", "holding"))
        assert told.keys() <= KEYS


@pytest.mark.parametrize(
    ("code", "meaning"), [("40", "Athena crash"), ("-5", "MINUS"), ("040", ""), ("²", ""), ("65x", "")]
)
def test_the_meaning_of_a_payloads_exit_code_is_that_of_its_error(code, meaning):
    job = dict.fromkeys(NAMES) | {"jobstatus": "failed", "transexitcode": code}
    (errors,) = errors_told({name: (value,) for name, value in job.items()}).values()
    told = error_keys(errors, MEANINGS)
    assert told["transformerrordiag"] == told["error_desc"] == meaning


@pytest.mark.parametrize("code", [None, "", "0", "NULL"])
def test_without_an_exit_code_there_is_no_meaning_of_one(code):
    job = dict.fromkeys(NAMES) | {"jobstatus": "failed", "transexitcode": code}
    (errors,) = errors_told({name: (value,) for name, value in job.items()}).values()
    assert "transformerrordiag" not in error_keys(errors, MEANINGS)
