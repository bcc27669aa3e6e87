"""What is written can be read again, and shown."""

import pytest

from benchmarks import report
from benchmarks.judging import Goal, Judged
from benchmarks.measures import Measured

RECORDS = [
    Judged(Measured("summary.queue.time", 8.25, "ms", 990.0, "loop", 120.0), Goal(at_least=30)).record,
    Judged(Measured("pull.lost", 0, "")).record,
]


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "build" / "bench.jsonl"
    report.write(path, {"scale": 1.0}, RECORDS)
    return report.read(path)


def test_lines_of_json_are_read_as_they_were_written(read):
    assert read == ({"scale": 1.0}, RECORDS)


def test_the_table_for_the_docs(read):
    lines = list(report.markdown(*read))
    assert lines[0] == "Run: scale 1.0."
    assert "| summary.queue.time | 8.25 | ms | 990 | loop | 120 |  | >= 30 | ok |" in lines
    assert "| pull.lost | 0 |  |  |  |  |  |  |  |" in lines


def test_columns_of_the_terminal_stand_under_each_other(read):
    first, queue, _ = report.table(read[1])
    assert queue.index("ms") == first.index("unit")
    assert queue.index("8.25") + 4 == first.index("value") + 5
