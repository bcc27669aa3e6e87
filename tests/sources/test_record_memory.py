"""Readers hold one record at a time, whatever the size of the file."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bigpandamon_core.sources.csv_records import csv_records
from bigpandamon_core.sources.json_records import array_records, ndjson_records
from bigpandamon_core.sources.records import Reader, Record

pytestmark = pytest.mark.once

RECORDS = 20_000
MOST_BYTES = 3_000_000
JOB = {"pandaid": 1, "jobname": "x" * 1000, "jobmetrics": "y" * 400}


def as_ndjson() -> Iterator[str]:
    return (json.dumps(JOB) + "\n" for _ in range(RECORDS))


def as_answer() -> Iterator[str]:
    """With a summary before the jobs that is as long as they are."""
    yield '{"selectionsummary": ['
    yield from (json.dumps(JOB) + "," for _ in range(RECORDS - 1))
    yield json.dumps(JOB) + '], "jobs": ['
    yield from (json.dumps(JOB) + "," for _ in range(RECORDS - 1))
    yield json.dumps(JOB) + "]}"


def as_csv() -> Iterator[str]:
    yield ",".join(JOB) + "\n"
    yield from (",".join(map(str, JOB.values())) + "\n" for _ in range(RECORDS))


CASES: list[tuple[Callable[[], Iterator[str]], Reader]] = [
    (as_ndjson, ndjson_records),
    (as_answer, array_records("jobs")),
    (as_csv, csv_records),
]


@pytest.mark.parametrize(("written", "read"), CASES, ids=["ndjson", "answer", "csv"])
def test_memory_stays_flat(tmp_path: Path, written: Callable[[], Iterator[str]], read: Reader):
    path = tmp_path / "records"
    with path.open("w") as file:
        file.writelines(written())
    assert path.stat().st_size > 8 * MOST_BYTES
    tracemalloc.start()
    try:
        with path.open("rb") as stream:
            assert sum(isinstance(item, Record) for item in read(stream)) == RECORDS
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
