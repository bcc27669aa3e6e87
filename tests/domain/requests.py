"""Requests for jobs as tests write them."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.domain.selection import Selection, parse

NOW = datetime(2026, 11, 20, 12, 0, 0, 123456)
NOON = NOW.replace(microsecond=0)
NOUN = job_requests.noun()
HOUR = timedelta(hours=1)


def selection(query: str, strict: bool = False, now: datetime = NOW) -> Selection:
    """What a query string asks for, decoded once as a web server does."""
    return parse(parse_qsl(query, keep_blank_values=True), NOUN, now, strict)


def matches(query: str, **row: Any) -> bool:
    """Whether a job with these columns, all others absent, is asked for."""
    return holds(selection(query).condition, row)
