"""Invented records on the edges of every rule: counts, rows and errors as the files say; and the truth
notices when a rule of the program is another one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bigpandamon_core.domain import job_errors, job_fields, observations
from bigpandamon_core.payloads import jobs as jobs_payload
from bigpandamon_core.queries import where
from bigpandamon_core.summaries import jobs as jobs_summary
from tests.truth import attributes, awkward, comparing, records
from tests.truth.asking import Asking
from tests.truth.columns import ALL
from tests.truth.conftest import Imported

NOW = awkward.NOW
Job = records.Job


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory, schema_columns: Path, imported: Imported) -> list[Path]:
    written = awkward.written(tmp_path_factory.mktemp("awkward"), schema_columns)
    imported(NOW, written)
    return written


@pytest.fixture(scope="module")
def everything(paths: list[Path]) -> list[Job]:
    """The newest row of every job."""
    told = {
        path.stem: [dict.fromkeys(ALL) | job for job in records.jobs_of(path)]
        for path in paths
        if path.stem in records.TABLES
    }
    return records.newest(told)


@pytest.fixture(scope="module")
def jobs(everything: list[Job]) -> list[Job]:
    """Those of the usual window: live ones whatever their age."""
    return [job for job in everything if job["modificationtime"] > NOW - timedelta(days=30)]


@pytest.fixture(scope="module")
def history(paths: list[Path]) -> list[dict[str, str]]:
    [path] = [path for path in paths if path.stem == "jedi_job_retry_history"]
    return records.table(path)


def check(ask: Asking, jobs: list[Job], **parameters: object) -> None:
    comparing.check_compatible(ask.json("/jobs/", **parameters), jobs, NOW)
    comparing.check_v1(ask.v1("jobs/summary", **parameters), ask.v1("jobs", **parameters), jobs, NOW)
    comparing.check_page(ask.page(**parameters), jobs, NOW)


def test_all(ask: Asking, jobs: list[Job]) -> None:
    assert len(jobs) > 200
    check(ask, jobs)


def test_every_value_as_shown(ask: Asking, jobs: list[Job]) -> None:
    """`<field>.is=<value>` finds exactly the jobs that were counted for the value."""
    for field, values in attributes.summary(jobs, NOW).items():
        for value, count in values.items():
            answer = ask.v1("jobs", limit=0, **{f"{field}.is": value})
            assert answer["meta"]["total"] == count, (field, value)


def test_only_the_last_attempts_of_a_task(
    ask: Asking, everything: list[Job], history: list[dict[str, str]]
) -> None:
    """A task lifts the window."""
    for task in (awkward.TASK, awkward.RETRIED, awkward.EVENTS):
        all_attempts = [job for job in everything if job["jeditaskid"] == task]
        dropped = records.superseded(all_attempts, history, task)
        check(ask, [job for job in all_attempts if job["pandaid"] not in dropped], jeditaskid=task)
        check(ask, all_attempts, jeditaskid=task, mode="nodrop")
    assert dropped == set()


def test_every_column_tells_what_is_stored(ask: Asking, jobs: list[Job]) -> None:
    answered = {job["pandaid"]: job for job in ask.json("/jobs/", outputs="jobs")["jobs"]}
    for job in jobs:
        found = answered[job["pandaid"]]
        for name in (
            "computingsite",
            "container_name",
            "gshare",
            "piloterrordiag",
            "jobsubstatus",
            "pilotid",
        ):
            assert found[name] == (job[name] or "")


def without_neighbour(row: dict[str, Any]) -> list[job_errors.Error]:
    """Errors as they would be if taskbuffer were told beside supervisor."""
    errors = job_errors.errors_of(row)
    repeated = job_errors.errors_of({"taskbuffererrorcode": row["taskbuffererrorcode"]})
    return errors + [error for error in repeated if error not in errors]


def shown(name: str, otherwise: Callable[..., object] | None) -> tuple[Any, str, object]:
    """The counted fields with one of them shown otherwise."""
    fields = tuple(
        replace(field, shown=otherwise) if field.name == name else field for field in job_fields.COUNTED
    )
    return jobs_payload, "COUNTED", fields


MUTATIONS: dict[str, tuple[Any, str, object]] = {
    "a core count that is absent is not 1": shown("corecount", None),
    "a range of memory begins above its edge": shown("minramcount", lambda mb: f"{(mb - 1) // 1000}GB"),
    "fine-grained jobs keep their state": shown("jobstatus", lambda state, _substatus: state),
    "priorities from 1 to 100": shown("priorityrange", lambda low: f"{(low - 1) // 100 * 100}:"),
    "payloads keep their path": shown("transformation", None),
    "ordinary jobs are told by number": shown("eventservice", lambda number: number),
    "taskbuffer repeats supervisor": (jobs_summary, "errors_of", without_neighbour),
    "holding jobs have no errors": (jobs_summary, "WITH_ERRORS", frozenset({"failed"})),
    "what is absent is not told in words": (jobs_summary, "is_absent", lambda _value: False),
    "superseded attempts stay": (where, "_superseded", lambda _task: where.NEVER),
    "the earlier observation wins": (
        observations.Observation,
        "order",
        property(lambda seen: (-seen.statechangetime.timestamp(), 0, 0)),
    ),
}


@pytest.mark.parametrize("rule", MUTATIONS)
def test_the_truth_notices_another_rule(
    ask: Asking,
    jobs: list[Job],
    everything: list[Job],
    history: list[dict[str, str]],
    rule: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(*MUTATIONS[rule])
    with pytest.raises(AssertionError):
        compare(ask, jobs, everything, history)


def compare(ask: Asking, jobs: list[Job], everything: list[Job], history: list[dict[str, str]]) -> None:
    comparing.check_compatible(ask.json("/jobs/"), jobs, NOW)
    test_only_the_last_attempts_of_a_task(ask, everything, history)
