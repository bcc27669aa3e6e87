"""Questions and entries for tests of the cache. All names are invented."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bigpandamon_core.caching.entry import Entry, entry_of
from bigpandamon_core.caching.keys import Question, secret_of

NOON = datetime(2026, 3, 1, 12, 0, 0)
SECRET = secret_of("of the tests")
QUESTION = Question(
    release="1.0",
    configuration="a1 b2",
    section="jobs",
    resource="jobs",
    scope="jobs",
    url="/jobs/",
    parameters=(("computingsite", "QUEUE_ONE"), ("hours", "12")),
    ignored=(),
    representation="json",
    audience="anonymous",
    edition="e1",
)


def question(**changes: Any) -> Question:
    return replace(QUESTION, **changes)


def entry(body: bytes = b"body", **changes: Any) -> Entry:
    return replace(entry_of(body, "application/json", NOON, "e1"), **changes)
