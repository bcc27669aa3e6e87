"""Texts of jobs are texts, whatever they hold: on pages, in addresses, in spreadsheets, in terminals."""

import csv
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from bigpandamon_core.panda.jobs import JobsArchived4
from tests.instance.factory import Panda
from tests.truth.pages import jobs_page, read
from tests.web.compatible import jobs
from tests.web.conftest import NOON

pytestmark = [pytest.mark.usefixtures("own", "clock"), pytest.mark.once]
AT = NOON - timedelta(minutes=5)
MARKUP = "<b onclick=\"x\">&amp; 'one' <script>alert(1)</script> </td><img src=x onerror=y>"
TEXTS = """
    computingsite produsername computingelement container_name jobsubstatus gshare homepackage specialhandling
    nucleus workinggroup processingtype transformation cloud destinationse piloterrordiag taskbuffererrordiag
    jobname pilotid batchid modificationhost commandtopilot
""".split()
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture
def job(panda: Panda) -> int:
    """A failed job with markup in each text, as far as it has room."""
    texts = {name: MARKUP[: _room(name)] for name in TEXTS}
    number = panda.job(
        modificationtime=AT, jobstatus="failed", piloterrorcode=1099, taskbuffererrorcode=100, **texts
    )
    panda.file(number, lfn=MARKUP, dataset=MARKUP, guid=MARKUP[:60], scope=MARKUP[:20])
    panda.parameters(number, f"--x {MARKUP} --y")
    panda.metadata(number, json.dumps({"dialog": f'<a href="https://x/y">{MARKUP}</a>'}))
    panda.worker(number, diagmessage=MARKUP, batchlog="javascript:alert(1)", stdout="https://log/x?a=1&b=<2>")
    panda.task(jeditaskid=7000, taskname=MARKUP)
    return number


def _room(name: str) -> int:
    column: Any = JobsArchived4._meta.get_field(name)
    return column.max_length or 100


PAGES = (
    "/",
    "/jobs/",
    "/job/{job}/",
    "/jobs/?view=computingsite",
    "/find/?q={markup}",
    "/jobs/?computingsite.is={markup}",
)


@pytest.mark.parametrize("path", PAGES)
def test_markup_stays_text_on_pages(client: Client, job: int, path: str):
    response = client.get(path.format(job=job, markup=quote("<b>&'\"<i>")))
    html = response.content.decode()
    assert response.status_code == 200
    page = read(html)
    assert not {"b onclick", "img"} & {element.tag for element in page.all()}
    assert all(element.attributes.get("onerror") is None for element in page.all())
    assert not [element for element in page.all("b") if "onclick" in element.attributes]
    assert not [element for element in page.all("i") if not element.classes]
    assert [script for script in page.all("script") if script.text] == []


def test_markup_is_told_whole(client: Client, job: int):
    page = jobs_page(client.get("/jobs/").content.decode())
    [value] = page.attributes["computingsite"]
    assert value.value == MARKUP
    assert [error.value for error in page.errors] == ["pilot:1099", "taskbuffer:100"]
    alone = read(client.get(f"/job/{job}/").content.decode())
    assert MARKUP in alone.one("pre", id="parameters-text").text.replace("\n", " ").replace("  ", " ")
    assert jobs(client)[0]["piloterrordiag"] == MARKUP


def test_only_web_addresses_become_links(client: Client, job: int):
    page = read(client.get(f"/job/{job}/").content.decode())
    addresses = [link.href for link in page.all("a")]
    assert "https://log/x?a=1&b=<2>" in addresses
    assert not [address for address in addresses if address.startswith(("javascript", "data"))]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_takes_no_cell_for_a_formula(client: Client, panda: Panda, text: str):
    panda.job(modificationtime=AT, computingsite=text, currentpriority=-5)
    for path in ("/jobs/?format=csv", "/api/v1/jobs?format=csv"):
        [row] = csv.DictReader(io.StringIO(client.get(path).getvalue().decode(), newline=""))
        assert row["computingsite"] == "'" + text
        assert row["currentpriority"] == "-5"


def test_cells_of_a_table_hold_what_they_hold(client: Client, panda: Panda):
    text = 'comma, "quote" and\nline; ünïcode 東京 😀'
    panda.job(modificationtime=AT, piloterrordiag=text, starttime=None)
    [row] = csv.DictReader(io.StringIO(client.get("/jobs/?format=csv").getvalue().decode(), newline=""))
    assert (row["piloterrordiag"], row["starttime"], row["computingelement"]) == (text, "", "")
    assert row["modificationtime"] == "2026-03-01T11:55:00"
    [line, last] = client.get("/jobs/?format=ndjson").getvalue().splitlines()
    assert json.loads(line)["piloterrordiag"] == text
    assert json.loads(last) == {"_complete": True, "_rows": 1}


def test_a_terminal_gets_no_control_signs(client: Client, panda: Panda):
    panda.job(modificationtime=AT, computingsite="a\x1b[31mred\x07\r\nb")
    text = client.get("/jobs/?format=text").getvalue().decode()
    assert not [sign for sign in text if not sign.isprintable() and sign != "\n"]
    assert "a [31mred b" in text
