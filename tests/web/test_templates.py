"""The pages as templates: what the content security policy asks for, and what payloads may lack."""

import gzip
import re
from pathlib import Path

import pytest

import bigpandamon_core
from tests.web.invented import ERROR, JOB, JOBS, NOON, PAGES, PROBLEM, rendered

pytestmark = pytest.mark.once

CORE = Path(bigpandamon_core.__file__).parent
TEMPLATES = sorted((CORE / "templates").rglob("*.html"))
STATIC = CORE / "static" / "bigpandamon"
KB = 1000


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
    page = rendered("jobs", **JOBS | {"as_of": NOON, "attributes": [], "errors": [ERROR]})
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
