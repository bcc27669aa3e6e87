"""The pages as templates: what the content security policy asks for, and what payloads may lack."""

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

import bigpandamon_core

CORE = Path(bigpandamon_core.__file__).parent
TEMPLATES = sorted((CORE / "templates").rglob("*.html"))
STATIC = CORE / "static" / "bigpandamon"
HOSTILE = "\"'><script>alert(1)</script>"
NOON = datetime(2026, 11, 20, 12)
KB = 1000

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
JOBS = {
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
    "files": [{"lfn": HOSTILE, "status": "ready", "group": "good", "size_bytes": None, "dataset": HOSTILE}],
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
PAGES: dict[str, dict[str, Any]] = {"jobs": JOBS, "job": JOB, "start": JOBS, "problem": PROBLEM}


def rendered(name, **content):
    return render_to_string(f"bigpandamon/{name}.html", {"page": COMMON | content})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_without_anything_optional(name):
    assert "<h1>" in rendered(name, as_of=None)


@pytest.mark.parametrize("name", PAGES)
def test_text_never_becomes_markup(name):
    page = rendered(name, as_of=NOON, age_seconds=1, **PAGES[name])
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert "\"'>" not in page


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_keeps_to_the_policy(path):
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|\|safe\b|autoescape off", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_server_writes_a_chosen_theme(theme):
    assert f'<html lang="en" data-theme="{theme}">' in rendered("problem", **PROBLEM, theme=theme)
    assert "data-theme=" not in rendered("problem", **PROBLEM).partition("<body>")[0]


def test_a_hidden_name_is_no_link():
    page = rendered("jobs", **JOBS | {"attributes": [], "errors": [ERROR]})
    assert page.count('<a title="') == 1


def test_a_machine_without_the_plot_library_is_told_how_to_get_it():
    page = rendered("job", **JOB | {"vendor": False})
    assert "make assets" in page
    assert "data-plot" not in page
    assert '<path class="line' in page


def test_a_rate_of_few_jobs_has_no_colour():
    page = rendered("job", **JOB | {"rates": [{"text": "node", "failed": 3, "ended": 4, "rate": 75.0}]})
    assert 'class="rate r0"' in page


def gzipped(paths):
    return len(gzip.compress(b"".join(path.read_bytes() for path in paths), 9))


def test_what_every_page_loads_is_small():
    assert gzipped([STATIC / "bigpandamon.css"]) < 10 * KB
    assert gzipped(STATIC.glob("*.js")) < 8 * KB
