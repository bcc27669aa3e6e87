"""Answers of the monitor in the form of the truth, and what differs."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tests.truth import attributes, errors
from tests.truth.pages import JobsPage

Job = Mapping[str, Any]
SHOWN = 7
"""Values that a page shows of an attribute unless asked for all."""


def summary_of(answer: Mapping[str, Any]) -> dict[str, dict[Any, int]]:
    """`selectionsummary` of a JSON answer."""
    return {
        part["field"]: {value["kname"]: value["kvalue"] for value in part["list"]}
        for part in answer["selectionsummary"]
    }


def summary_of_v1(answer: Mapping[str, Any]) -> dict[str, dict[Any, int]]:
    return {
        part["field"]: {value["value"]: value["count"] for value in part["values"]}
        for part in answer["data"]["attributes"]
    }


def errors_of(answer: Mapping[str, Any]) -> dict[str, int]:
    """`errsByCount` of a JSON answer."""
    return {error["error"]: error["count"] for error in answer["errsByCount"]}


def errors_of_v1(answer: Mapping[str, Any]) -> dict[str, int]:
    return {f"{error['component']}:{error['code']}": error["count"] for error in answer["data"]["errors"]}


def difference(expected: Mapping[Any, Any], found: Mapping[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    """What is expected and found, by key, where they differ."""
    keys = expected.keys() | found.keys()
    return {key: (expected.get(key), found.get(key)) for key in keys if expected.get(key) != found.get(key)}


def check_compatible(
    answer: Mapping[str, Any], jobs: Iterable[Job], now: datetime, errors_in_every_state: bool = False
) -> None:
    """Rows, summary, sums and errors of a `/jobs/?json` answer are those of these jobs."""
    counted = list(jobs)
    assert sorted(job["pandaid"] for job in answer["jobs"]) == sorted(job["pandaid"] for job in counted)
    assert difference(attributes.summary(counted, now) if counted else {}, summary_of(answer)) == {}
    sums = {part["field"]: part["stats"]["sum"] for part in answer["selectionsummary"] if "stats" in part}
    assert sums == (attributes.sums(counted) if counted else {})
    expected = errors.by_count(counted, errors_in_every_state)
    assert difference(expected, errors_of(answer)) == {}
    _check_order(answer)
    _check_examples(answer, counted)


def _check_order(answer: Mapping[str, Any]) -> None:
    """Fields by name; values and errors with the most frequent first."""
    fields = [part["field"] for part in answer["selectionsummary"]]
    assert fields == sorted(fields)
    for part in answer["selectionsummary"]:
        counts = [value["kvalue"] for value in part["list"]]
        assert counts == sorted(counts, reverse=True)
    counts = [error["count"] for error in answer["errsByCount"]]
    assert counts == sorted(counts, reverse=True)


def _check_examples(answer: Mapping[str, Any], jobs: Iterable[Job]) -> None:
    """The example of an error has it, and its text is the one told."""
    by_number = {job["pandaid"]: job for job in jobs}
    for error in answer["errsByCount"]:
        example = by_number[error["example_pandaid"]]
        assert errors.errors_of(example)[error["error"]] == error["diag"]
        assert str(example[error["codename"]]) == str(error["codeval"])


def check_v1(
    summary: Mapping[str, Any], listed: Mapping[str, Any], jobs: Iterable[Job], now: datetime
) -> None:
    """Totals, states, attributes and errors of `/api/v1` are those of these jobs."""
    counted = list(jobs)
    expected = attributes.summary(counted, now)
    assert summary["data"]["jobs"] == summary["meta"]["total"] == listed["meta"]["total"] == len(counted)
    assert difference(expected, summary_of_v1(summary)) == {}
    told = {state or attributes.ABSENT: count for state, count in summary["data"]["states"].items()}
    assert told == expected["jobstatus"]
    assert difference(errors.by_count(counted), errors_of_v1(summary)) == {}


def check_page(page: JobsPage, jobs: Iterable[Job], now: datetime) -> None:
    """The counts a page of jobs shows are those of these jobs."""
    counted = list(jobs)
    expected = attributes.summary(counted, now)
    assert page.total == len(counted)
    assert {state.value: state.count for state in page.states} == expected["jobstatus"]
    told = {name: values for name, values in expected.items() if values.keys() - {attributes.ABSENT}}
    assert page.distinct == {name: len(values) for name, values in told.items()}
    for name, values in told.items():
        shown = {value.value: value.count for value in page.attributes[name]}
        assert len(shown) == min(len(values), SHOWN)
        assert shown.items() <= {str(value): count for value, count in values.items()}.items(), name
        assert min(shown.values()) == sorted(values.values(), reverse=True)[len(shown) - 1]
    check_errors(page, counted)


def check_errors(page: JobsPage, jobs: Iterable[Job]) -> None:
    counted = list(jobs)
    expected = errors.by_count(counted)
    shown = {error.value: error.count for error in page.errors}
    assert shown.items() <= expected.items()
    assert len(shown) == min(len(expected), 20)
    for error in page.errors:
        for values, column in (
            (error.sites, "computingsite"), (error.tasks, "jeditaskid"), (error.users, "produsername"),
        ):  # fmt: skip
            top = {str(value or attributes.ABSENT): count
                   for value, count in errors.top(counted, error.value, column).items()}  # fmt: skip
            assert {value.value: value.count for value in values}.items() <= top.items()
            assert len(values) == min(len(top), 3)
