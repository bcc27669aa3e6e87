"""Pages as payloads give them, every text of them hostile."""

from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string

from bigpandamon_core.payloads.graphs import graph

HOSTILE = "\"'><script>alert(1)</script>"
NOON = datetime(2026, 11, 20, 12)

KINDS = ("text", "mono", "state", "error", "number", "percent", "duration", "time")
COMMON = {
    "title": "T",
    "heading": "H",
    "instance": "I",
    "nav": [],
    "links": {},
    "theme": "auto",
    "version": "1",
}
VALUE = {"value": HOSTILE, "text": HOSTILE, "count": 9, "url": "/jobs/?a=b&c=d", "failed": 3, "ended": 5}
ERROR = {
    "error": HOSTILE,
    "diag": HOSTILE,
    "description": HOSTILE,
    "count": 3,
    "jobs_url": "/jobs/",
    "example_pandaid": 1,
    "top_sites": [VALUE],
    "top_tasks": [VALUE],
    "top_users": [VALUE | {"url": ""}],
}
TREND = {
    "minutes": 60,
    "bars": [
        {
            "begin": NOON, "end": NOON + timedelta(hours=1), "url": "jobs.html",
            "failed": 1, "finished": 2, "other": 1, "count": 4, "rate": 33.3, "mean_minutes": 5.0,
        }
    ],
    "begin": NOON,
    "end": NOON + timedelta(hours=1),
    "ended": True,
    "note": HOSTILE,
}  # fmt: skip

JOBS = {
    "trend": TREND,
    "conditions": [{"field": HOSTILE, "text": HOSTILE, "remove_url": "/jobs/"}],
    "states": [{"state": HOSTILE, "group": "bad", "count": 3, "url": "/jobs/"}],
    "failing": 60.0,
    "attributes": [
        {"field": "user", "title": HOSTILE, "values": [VALUE | {"rate": 60.0, "telling": True, "group": ""}]},
    ],
    "errors": [ERROR] * 9,
    "columns": [{"title": HOSTILE, "sort_url": "/jobs/?sort=a", "sorted": "desc"}],
    "rows": [
        {"cells": [{"kind": kind, "text": HOSTILE, "value": HOSTILE, "url": "/job/1/"} for kind in KINDS]}
    ],
    "rows_title": HOSTILE,
    "next_url": "/jobs/?after=1",
    "notes": [HOSTILE],
    "ignored": [HOSTILE],
    "truncated": HOSTILE,
}
JOB = {
    "job": {"jobname": HOSTILE},
    "state": {"state": HOSTILE, "group": "bad"},
    "verdict": {
        "sentence": HOSTILE,
        "detail": HOSTILE,
        "raw": [{"error": HOSTILE, "diag": HOSTILE}],
        "remedy": HOSTILE,
    },
    "rates": [{"text": HOSTILE, "failed": 1, "ended": 30, "rate": 3.3}],
    "life": [
        {
            "state": "running",
            "group": "running",
            "begin": NOON,
            "end": NOON + timedelta(hours=1),
            "seconds": 3600,
        },
        {
            "state": HOSTILE,
            "group": "bad",
            "begin": NOON + timedelta(hours=1),
            "end": None,
            "seconds": 0,
            "final": True,
        },
    ],
    "resources": {
        "series": [
            {
                "name": "pss",
                "label": HOSTILE,
                "unit": "GB",
                "points": [(NOON, 1.0), (NOON + timedelta(1), 2.0)],
            }
        ],
        "limit": 4.0,
        "leak": {"slope_text": HOSTILE, "uncertainty_text": HOSTILE},
        "summary": [{"label": HOSTILE, "text": HOSTILE}],
    },
    "facts": [
        {"title": HOSTILE, "rows": [{"label": HOSTILE, "text": HOSTILE, "note": HOSTILE, "bad": True}]}
    ],
    "fields": [{"name": HOSTILE, "value": HOSTILE}],
    "attempts": [
        {"pandaid": 1, "url": "", "state": "failed", "group": "bad", "site": HOSTILE, "error": HOSTILE}
    ],
    "files": [
        {"lfn": HOSTILE, "status": "ready", "group": "good", "size_bytes": size, "dataset": HOSTILE}
        for size in (10_000, None, 900)
    ],
    "parameters": f"--a {HOSTILE} --b",
    "metadata": HOSTILE,
    "logs": [{"text": HOSTILE, "url": "https://example.org/"}],
    "vendor": True,
}
PROBLEM = {
    "problem": {
        "what": HOSTILE,
        "where": HOSTILE,
        "remedy": HOSTILE,
        "status": 400,
        "code": "c",
        "parameter": "p",
    }
}
LOGIN = PROBLEM | {"account": HOSTILE, "next": HOSTILE, "accounts_url": "/"}
TOKEN = {"public": "5d1c09ab12ef", "label": HOSTILE, "scope": [HOSTILE], "created": NOON, "expires": NOON}
ACCOUNT = PROBLEM | {
    "accounts_url": "/",
    "account": {"name": HOSTILE, "full_name": HOSTILE, "groups": [HOSTILE]},
    "rights": [HOSTILE],
    "sites": [HOSTILE],
    "regions": [HOSTILE],
    "tokens": [{"token": TOKEN, "ended": ended} for ended in ("", "expired")],
    "made": TOKEN,
    "key": HOSTILE,
    "scopes": [(HOSTILE, HOSTILE)],
    "most_days": 365,
    "days": 90,
}
RECORD = {
    "heading": HOSTILE,
    "graph": graph(
        HOSTILE,
        [
            {"name": "first", "text": HOSTILE, "group": "good", "url": "jobs.html"},
            {"name": "left", "note": HOSTILE, "group": "bad"},
            {"name": "right"},
            {"name": "last", "group": "waiting"},
        ],
        [("first", "left"), ("first", "right"), ("left", "last"), ("right", "last"), ("first", "last")],
        sub=HOSTILE,
        marked=[("first", "left"), ("left", "last")],
    ),
    "vendor": True,
}
PAGES: dict[str, dict[str, Any]] = {
    "jobs": JOBS, "job": JOB, "start": JOBS, "problem": PROBLEM, "login": LOGIN, "account": ACCOUNT,
    "record": RECORD,
}  # fmt: skip


def rendered(name: str, **content: Any) -> str:
    """The page of that template with this content."""
    return render_to_string(f"bigpandamon/{name}.html", {"page": COMMON | content})
