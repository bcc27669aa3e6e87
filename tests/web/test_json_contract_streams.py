"""Large answers leave while they are made, in flat memory."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bigpandamon_core.domain.by_column import ByColumn
from bigpandamon_core.payloads import job_records, jobs_compat
from bigpandamon_core.queries import job_counts, job_pages
from tests.instance.factory import Panda
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
MB = 1_000_000


def fill(panda: Panda, rows: int) -> None:
    errors = {"jobstatus": "failed", "piloterrorcode": 1099, "piloterrordiag": "x" * 300}
    panda.jobs({"modificationtime": NOON - timedelta(seconds=at % 600), **errors} for at in range(rows))


def test_the_first_rows_leave_before_the_last_are_read(
    client: Client, panda: Panda, monkeypatch: pytest.MonkeyPatch
):
    rows = 2500
    fill(panda, rows)
    read: list[bytes] = []
    made: list[int] = []

    def noted(stored: ByColumn, *more: Any) -> list[dict[str, Any]]:
        made.extend(stored["pandaid"])
        return job_records.listed(stored, *more)

    monkeypatch.setattr(job_pages, "AT_ONCE", 500)
    monkeypatch.setattr(jobs_compat, "listed", noted)
    response: Any = client.get("/jobs/?json")
    assert response.streaming
    chunks: Iterator[bytes] = iter(response.streaming_content)
    read.append(next(chunks))
    assert 0 < len(made) < rows
    read.extend(chunks)
    answer = json.loads(b"".join(read))
    assert list(answer) == ["jobs", "selectionsummary", "errsByCount"]
    assert len({job["pandaid"] for job in answer["jobs"]}) == rows == answer["errsByCount"][0]["count"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_answer(client: Client, panda: Panda, monkeypatch: pytest.MonkeyPatch):
    def peak_bytes() -> int:
        tracemalloc.start()
        response: Any = client.get("/jobs/?json")
        size = sum(len(chunk) for chunk in response.streaming_content)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size > 4 * MB
        return peak

    monkeypatch.setattr(job_pages, "AT_ONCE", 200)
    monkeypatch.setattr(job_counts, "CHUNK", 200)
    fill(panda, 2000)
    client.get("/jobs/?json&limit=5").getvalue()
    few = peak_bytes()
    fill(panda, 2500)
    many = peak_bytes()
    assert many < few + 2 * MB, (few, many)
