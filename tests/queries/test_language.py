"""Through the request language: the jobs that a request finds are those its condition holds for.

Also counted values and their links: as many jobs as were counted are behind a value.
"""

from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.conditions import holds, minutes_between
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.queries.job_counts import states
from tests.queries.counting import counted
from tests.queries.odd_values import INTEGER_COLUMNS, PIECES, TEXT_COLUMNS, TEXTS, T

NOUN = job_requests.noun()
EVERYTHING = {"modificationtimerange": "2020-01-01|2030-01-01", "mode": "nodrop"}
NUMBERS = st.sampled_from(["0", "1", "8", "-1", "99|1", "1,2,8", "Not specified", "1|Not specified"])
words = st.sampled_from([text for text in TEXTS if text and text.strip() and "#" not in text])
forms = st.lists(
    st.one_of(words, st.sampled_from(["*", "|", ",", "!", "Not specified"]), st.sampled_from(PIECES)),
    min_size=1,
    max_size=5,
).map("".join)
OTHERS = {
    "user": forms,
    "priorityrange": st.sampled_from(["0:99", "500:599"]),
    "jobtype": st.sampled_from(["test", "prod*"]),
    "durationmin": st.sampled_from(["0-0", "0-9", "10-29", "30-59", "10080-9999999"]),
    "transformation": forms,
    "eventservice": st.sampled_from(["all", "not2", "esmerge", "1|jumbo", "ordinary"]),
    "processor_type": st.sampled_from(["cpu", "GPU"]),
    "minramcount": st.sampled_from(["0-1GB", "8", "99"]),
    "cpuconversion": st.sampled_from(["1.5", "-1.25", "0", "3", "99999999999", "1e30"]),
}
VALUES = dict.fromkeys(TEXT_COLUMNS, forms) | dict.fromkeys(INTEGER_COLUMNS, NUMBERS) | OTHERS
requests = st.sets(st.sampled_from(sorted(VALUES)), min_size=1, max_size=3).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in sorted(names)})
)


@pytest.fixture(autouse=True)
def still(still_clock):
    """Durations of jobs that still run are counted up to now."""


def asked(parameters: dict[str, str]) -> Selection | None:
    """The selection over all times; None where the request is refused."""
    try:
        return parse((parameters | EVERYTHING).items(), NOUN, T)
    except Problem:
        return None


def listed(selection: Selection) -> list[int]:
    return [row[0] for row in counted(selection, ("pandaid",))]


@given(parameters=requests)
def test_a_request_finds_the_jobs_its_condition_holds_for(stored, parameters):
    selection = asked(parameters)
    if selection is None:
        return
    expected = {row["pandaid"] for row in stored if holds(selection.condition, row)}
    found = listed(selection)
    assert set(found) == expected
    assert len(found) == len(expected)
    assert sum(states(selection, T).values()) == len(expected)


@given(parameters=requests)
def test_a_request_written_again_means_the_same(parameters):
    selection = asked(parameters)
    if selection is not None:
        again = parse(parse_qsl(selection.query(), keep_blank_values=True), NOUN, T)
        assert {one.condition for one in again.asked} == {one.condition for one in selection.asked}
        assert (again.window, again.key) == (selection.window, selection.key)


@pytest.mark.parametrize("field", COUNTED, ids=lambda field: field.name)
def test_behind_each_counted_value_are_as_many_jobs(stored, field):
    selection = asked({})
    assert selection is not None
    columns = tuple(dict.fromkeys(("pandaid", *field.sources)))
    rows = counted(selection, columns)
    at = [columns.index(name) for name in field.sources]
    counts = Counter(str(field.show(*(row[place] for place in at))) for row in rows)
    assert sum(counts.values()) == len(stored)
    for value, count in counts.most_common(15) + counts.most_common()[-15:]:
        linked = asked({field.name + ".is": value})
        assert linked is not None
        assert len(listed(linked)) == count, f"{field.name}.is={value}"


def test_what_the_database_computes_is_what_memory_computes(stored):
    selection = asked({})
    assert selection is not None
    columns = ("pandaid", "ran_minutes", "has_gpu")
    computed = {row[0]: row[1:] for row in counted(selection, columns)}
    for row in stored:
        minutes = minutes_between(row["starttime"], row["endtime"] or T)
        shown, gpu = computed[row["pandaid"]]
        assert (shown if shown is None else max(shown, 0)) == minutes, (row["starttime"], row["endtime"])
        assert bool(gpu) is ("nGPU=" in (row["jobmetrics"] or ""))


def test_a_window_bounds_ended_jobs(stored):
    begin, end = T - timedelta(hours=1), T
    selection = parse({"date_from": begin.isoformat(), "date_to": end.isoformat()}.items(), NOUN, T)
    inside = {row["pandaid"] for row in stored if begin <= row["modificationtime"] <= end}
    assert set(listed(selection)) == inside
    assert inside
