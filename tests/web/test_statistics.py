"""Job statistics are sums of the jobs that ended, in whole bins; their counts open these jobs."""

import csv
import html
import io
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import NOON
from tests.web.test_trend_rollups import days

__all__ = ["days"]
DAY = timedelta(days=1)
OUTCOMES = {"finished": "finished", "subfinished": "finished", "failed": "failed", "closed": "other"}


def told(client: Client, query: str = "") -> Any:
    return client.get(f"/api/v1/statistics?{query}").json()


def expected(days, begin, end) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for at, state, queue, ran in days:
        if begin <= at < end:
            counts = found.setdefault(queue, Counter())
            counts[OUTCOMES[state]] += 1
            counts["minutes"] += ran.total_seconds() / 60
            counts["jobs"] += 1
    return found


@pytest.mark.parametrize("length", [2, 4, 7])
def test_sums_are_those_of_the_jobs_that_ended(client, days, length):
    answer = told(client, f"days={length}")
    assert answer["meta"]["source"] == "rollups"
    assert answer["meta"]["bins"] == {
        "from": (NOON - length * DAY).strftime("%Y-%m-%dT%H:00:00"), "to": "2026-03-01T12:00:00"
    }  # fmt: skip
    wanted = expected(days, NOON - length * DAY, NOON)
    assert len(answer["data"]) == 2
    for row in answer["data"]:
        counts = wanted[row["value"]]
        for name in ("jobs", "finished", "failed", "other"):
            assert row[name] == counts[name], name
        ended = counts["finished"] + counts["failed"]
        assert row["failing_percent"] == round(100 * counts["failed"] / ended, 1)
        assert row["mean_minutes"] == pytest.approx(counts["minutes"] / counts["jobs"], abs=0.1)


@pytest.mark.parametrize(
    "by", ["cloud", "processingtype", "resourcetype", "gshare", "vo", "node", "produsername"]
)
def test_every_way_to_tell_them_sums_up_to_all(client, days, by):
    whole = sum(row["jobs"] for row in told(client, "days=5")["data"])
    answer = told(client, f"days=5&by={by}")
    assert answer["meta"]["by"] == by
    covers = answer["meta"]["bins"]["from"] == told(client, "days=5")["meta"]["bins"]["from"]
    assert sum(row["jobs"] for row in answer["data"]) == whole or not covers
    assert answer["data"]


def test_conditions_narrow(client, days):
    both = told(client, "days=5")["data"]
    [one] = told(client, "days=5&computingsite=q1")["data"]
    assert one in both
    assert told(client, "days=5&computingsite=Q0|Q1")["data"] == both
    assert told(client, "days=5&computingsite=nowhere")["data"] == []


def test_what_rollups_do_not_tell_is_said(client, days):
    answer = told(client, "days=5&reqid=7")
    assert answer["data"] == []
    assert "reqid" in answer["meta"]["why_not"]
    page = client.get("/statistics/?days=5&reqid=7").content.decode()
    assert "Not told" in page
    assert "<h1>Jobs that ended, by queue</h1>" in page


def test_jobs_by_when_they_began_are_not_told_as_those_that_ended_then(client, days):
    answer = told(client, "creationtimerange=2026-02-25|2026-02-27")
    assert answer["data"] == []
    assert "creationtime" in answer["meta"]["why_not"]


def test_nobody_who_follows_is_said_to_be(client, panda, own, clock):
    assert "nobody follows" in told(client)["meta"]["why_not"]


def test_counts_of_the_page_open_their_jobs(client, days):
    page = client.get("/statistics/?days=4").content.decode()
    table = page.partition('<table id="sums">')[2].partition("</table>")[0]
    links = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', table)
    assert len(links) == 4
    for link, count in links:
        opened = client.get(html.unescape(link) + "&json").json()["jobs"]
        assert len(opened) == int(count), link
    narrow = re.search(r'<td><a href="([^"]+)">Q1</a></td>', table)
    assert narrow
    narrowed = client.get(html.unescape(narrow[1])).content.decode().partition('id="sums"')[2]
    assert narrowed.partition("</table>")[0].count("<tr>") == 2


def test_rows_for_other_programs(client, days):
    lines = list(
        csv.DictReader(io.StringIO(client.get("/statistics/?days=4&format=csv").getvalue().decode()))
    )
    assert [(row["value"], int(row["jobs"])) for row in lines] == [
        (row["value"], row["jobs"]) for row in told(client, "days=4")["data"]
    ]
    assert "mean_minutes" in client.get("/statistics/?days=4&format=text").getvalue().decode()


@pytest.mark.parametrize("query", ["by=nothing", "by=", "days=x", "days=-1", "nonsense=1"])
def test_what_cannot_be_read_is_refused(client, panda, own, query):
    answer = client.get(f"/api/v1/statistics?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["detail"] + answer.json()["title"]


def test_users_are_not_told_where_names_are_hidden(client, days, configured):
    configured('[privacy]\nanonymous = "none"')
    assert client.get("/api/v1/statistics?by=produsername").status_code == 403
    assert ">user</a>" not in client.get("/statistics/").content.decode()
