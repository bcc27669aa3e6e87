"""An answer has all it could have, or says what is missing."""

import csv
import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.selection import parse
from tests.instance.factory import Panda
from tests.web.conftest import NOON, Configured

pytestmark = [pytest.mark.usefixtures("own"), pytest.mark.once]
JOBS = 8


@pytest.fixture
def narrow(panda: Panda, configured: Configured, client: Client) -> Client:
    """An instance whose JSON lists have at most five jobs, with eight jobs."""
    configured("[jobs]\nlimit = 5\n[cache]\nkind = 'none'\n")
    panda.jobs({} for _ in range(JOBS))
    return client


@pytest.mark.parametrize("url", ["/jobs/?", "/api/v1/jobs?"])
@pytest.mark.parametrize(("asked", "rows"), [("", JOBS), ("&limit=3", 3)])
def test_tables_have_all_rows_unless_a_limit_is_asked_for(narrow: Client, url: str, asked: str, rows: int):
    lines = narrow.get(f"{url}format=ndjson{asked}").getvalue().splitlines()
    assert json.loads(lines[-1]) == {"_complete": True, "_rows": rows}
    assert len(lines) == rows + 1
    told = narrow.get(f"{url}format=csv{asked}").getvalue().decode()
    assert len(list(csv.DictReader(told.splitlines()))) == rows


def test_lists_of_compatible_json_keep_to_the_instances_limit(narrow: Client):
    assert len(asked_for(narrow, "/jobs/?json")["jobs"]) == 5


@pytest.fixture
def cap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many rows may be counted."""
    number: int = request.param
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", number)
    return number


@pytest.fixture
def capped(panda: Panda, cap: int, client: Client) -> Client:
    panda.jobs({} for _ in range(JOBS))
    return client


def asked_for(client: Client, url: str) -> Any:
    return json.loads(client.get(url).getvalue())


@pytest.mark.parametrize("cap", [5], indirect=True)
def test_summaries_that_were_cut_say_so(capped: Client):
    answer = asked_for(capped, "/jobs/?json")
    assert list(answer) == ["jobs", "selectionsummary", "errsByCount", "truncated"]
    assert len(answer["jobs"]) == JOBS
    assert "5 jobs" in answer["truncated"]
    assert "5 jobs" in asked_for(capped, "/api/v1/jobs/summary")["meta"]["truncated"]
    assert b"counting stopped at 5 jobs" in capped.get("/jobs/").getvalue()
    assert "truncated" not in asked_for(capped, "/jobs/?json&outputs=jobs")


@pytest.mark.parametrize("cap", [JOBS], indirect=True)
def test_summaries_that_were_not_cut_keep_their_shape(capped: Client):
    assert list(asked_for(capped, "/jobs/?json")) == ["jobs", "selectionsummary", "errsByCount"]
    assert asked_for(capped, "/api/v1/jobs/summary")["meta"]["truncated"] is None
    assert b"counting stopped" not in capped.get("/jobs/").getvalue()


@pytest.mark.parametrize("cap", [1_500_000, 3_000_000], indirect=True)
def test_the_option_alone_decides(cap: int, monkeypatch: pytest.MonkeyPatch):
    """More rows than a test can store: chunks that stand for them."""
    from django.db.models import Q

    from bigpandamon_core.panda.jobs import JobsArchived4
    from bigpandamon_core.queries import job_counts
    from bigpandamon_core.queries.jobs import Part

    monkeypatch.setattr(job_counts, "parts", lambda *_: [Part(JobsArchived4, Q())])
    monkeypatch.setattr(job_counts.Counting, "_of", lambda *_: iter([(0, 1, [(1,)] * 500_000)] * 4))
    asked = job_counts.Asked(parse([], job_requests.noun(), NOON))
    counting = job_counts.Counting([asked], ("pandaid",), NOON)
    assert sum(len(rows) for _, _, rows in counting.chunks()) == min(cap, 2_000_000)
    assert counting.truncated is (cap < 2_000_000)
