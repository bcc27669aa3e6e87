"""A stream, and what must be known at its end."""

from datetime import datetime

import pytest

from benchmarks import changes

BEGIN = datetime(2026, 11, 20)


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "changes.jsonl"
    changes.written(path, 60, BEGIN, seed=2)
    return path


def test_lines_are_shuffled_and_some_told_twice(lines):
    events = list(changes.read(lines))
    times = [str(changes.observation(event).statechangetime) for event in events]
    assert times != sorted(times)
    assert 600 < len(events) == 600 + len(events) - len(set(map(tuple, events)))


def test_every_job_ends_in_the_archive(lines):
    newest = changes.expected(lines, 10**6).newest
    assert len(newest) == 60
    assert {table for table, _ in newest.values()} == {"jobsarchived4"}
    assert {state for _, state in newest.values()} == {"finished", "failed"}


def test_a_slice_tells_one_change_of_a_job_and_later_slices_no_older_ones(lines):
    events = list(changes.read(lines))
    assert changes.expected(lines, 10**6).changes == 60
    one_by_one = changes.expected(lines, 1).changes
    highest: dict[int, str] = {}
    news = 0
    for event in events:
        job, at = changes.key(event)[0], str(changes.observation(event).statechangetime)
        news += at > highest.get(job, "")
        highest[job] = max(at, highest.get(job, ""))
    assert one_by_one == news


def test_rows_are_as_batches_want_them(lines):
    from bigpandamon_core.facets.batch import PLACE, decode, encode
    from bigpandamon_core.facets.columns import COLUMNS

    rows = [changes.whole(event) for event in changes.read(lines)]
    columns = dict(zip(COLUMNS, map(list, zip(*rows, strict=True)), strict=True))
    assert decode(encode(columns | {PLACE: [1] * len(rows)})).num_rows == len(rows)
