"""Extracts of jobs in a few columns, seven files telling in part about the same jobs; counted from them."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.truth import comparing, records
from tests.truth.asking import Asking
from tests.truth.conftest import Imported

pytestmark = [pytest.mark.slow, pytest.mark.once]
NOW = datetime(2026, 11, 21, 0, 45)
Job = records.Job


@pytest.fixture(scope="module")
def paths(data: Path) -> list[Path]:
    return sorted((data / "invex").glob("*.csv"))


@pytest.fixture(scope="module")
def jobs(paths: list[Path], imported: Imported, schema_columns: Path) -> dict[int, Job]:
    imported(NOW, paths)
    return records.joined(map(records.jobs_of, paths), records.never_null(schema_columns, "jobsarchived"))


def test_no_incomplete_record_is_in_a_window(ask: Asking, jobs: dict[int, Job]) -> None:
    """They have no time, so that only their number or their origin finds them."""
    assert len(jobs) == 12_747
    assert ask.v1("jobs/summary", days=10_000)["data"]["jobs"] == 0


def test_records_of_every_origin(ask: Asking, jobs: dict[int, Job], paths: list[Path]) -> None:
    for path in paths:
        wanted = [jobs[number] for number in {job["pandaid"] for job in records.jobs_of(path)}]
        answer = ask.json("/jobs/", origin=path.name)
        comparing.check_compatible(answer, wanted, NOW)
        comparing.check_v1(
            ask.v1("jobs/summary", origin=path.name), ask.v1("jobs", origin=path.name), wanted, NOW
        )
        comparing.check_page(ask.page(origin=path.name), wanted, NOW)


def test_records_of_the_largest_queues_of_the_large_file(
    ask: Asking, jobs: dict[int, Job], paths: list[Path]
) -> None:
    [path] = [path for path in paths if "10k" in path.name]
    told = [jobs[job["pandaid"]] for job in records.jobs_of(path)]
    for queue, _count in Counter(job["computingsite"] for job in told).most_common(4):
        answer = ask.json("/jobs/", origin=path.name, computingsite=queue)
        comparing.check_compatible(answer, [job for job in told if job["computingsite"] == queue], NOW)
