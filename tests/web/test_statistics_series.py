"""Job statistics bin by bin, a value more or less at a click, and failures by what is told of them."""

import csv
import html
import io
import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bigpandamon_core.payloads import statistics, statistics_page
from tests.web.test_statistics import OUTCOMES, told
from tests.web.test_trend_rollups import days

__all__ = ["days"]
HOUR = timedelta(hours=1)
CODES: tuple[tuple[dict[str, Any], set[str], set[str]], ...] = (
    ({"piloterrorcode": 1099}, {"data"}, {"pilot transient"}),
    ({"piloterrorcode": 1305, "transexitcode": "65"}, {"application"},
     {"pilot lasting", "transform lasting"}),
    ({"jobdispatchererrorcode": 100}, {"timeout"}, {"jobdispatcher transient"}),
    ({"piloterrorcode": 1099, "transexitcode": "1"}, {"data", "application"},
     {"pilot transient", "transform lasting"}),
    ({"piloterrorcode": 7777}, {"system"}, {"pilot unexplained"}),
    ({}, {"untold"}, {"untold"}),
)  # fmt: skip


def series(client: Client, query: str) -> Any:
    return client.get(f"/api/v1/statistics/series?{query}").json()


def dumped(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/api/v1/statistics/series?{query}&format=csv")
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


def links(page: str, begin: str, end: str) -> list[str]:
    return [
        html.unescape(one)
        for one in re.findall(r'href="([^"]+)"', page.partition(begin)[2].partition(end)[0])
    ]


def plain(days) -> Counter[tuple[datetime, str, str]]:
    """Jobs by hour, queue and outcome."""
    return Counter((at.replace(minute=0, second=0), queue, OUTCOMES[state]) for at, state, queue, _ in days)


def test_each_bin_tells_the_jobs_that_ended_in_it(client, days):
    answer, wanted = series(client, "days=4"), plain(days)
    assert answer["meta"]["bin_hours"] == 1
    found: Counter[tuple[datetime, str, str]] = Counter()
    for one in answer["data"]:
        for each in one["bins"]:
            begin = datetime.fromisoformat(each["from"])
            assert datetime.fromisoformat(each["to"]) == begin + HOUR
            found.update(
                {(begin, one["value"], name): each[name] for name in set(OUTCOMES.values()) if each[name]}
            )
    begin = datetime.fromisoformat(answer["meta"]["bins"]["from"])
    assert found == Counter({key: jobs for key, jobs in wanted.items() if key[0] >= begin})


def test_bins_add_up_to_the_sums(client, days):
    sums = {one["value"]: one for one in told(client, "days=4")["data"]}
    for one in series(client, "days=4")["data"]:
        for name in ("jobs", "failed", "finished", "other"):
            assert sum(each[name] for each in one["bins"]) == sums[one["value"]][name]


def test_added_up_a_bin_tells_all_up_to_it(client, days):
    each, whole = series(client, "days=4"), series(client, "days=4&integrate=1")
    assert (each["meta"]["integrated"], whole["meta"]["integrated"]) == (False, True)
    sums = {one["value"]: one for one in told(client, "days=4")["data"]}
    for one, added in zip(each["data"], whole["data"], strict=True):
        assert one["value"] == added["value"]
        assert len(added["bins"]) == 4 * 24
        for bin_ in added["bins"]:
            before = [other["jobs"] for other in one["bins"] if other["to"] <= bin_["to"]]
            assert (bin_["jobs"], bin_["from"]) == (sum(before), whole["meta"]["bins"]["from"])
        last = {name: value for name, value in added["bins"][-1].items() if name not in ("from", "to")}
        assert last == {name: value for name, value in sums[one["value"]].items() if name != "value"}


@pytest.mark.parametrize("integrate", ["", "&integrate=1"])
def test_every_bin_may_be_had_as_rows(client, days, integrate):
    rows = dumped(client, f"days=4{integrate}")
    nested = series(client, f"days=4&level=all{integrate}")["data"]
    flat = [(one["value"], each["from"], each["to"], each["jobs"]) for one in nested for each in one["bins"]]
    assert sorted((row["value"], row["from"], row["to"], int(row["jobs"])) for row in rows) == sorted(flat)
    assert [row["to"] for row in rows] == sorted(row["to"] for row in rows)


def test_a_level_says_how_many_values_are_told(client, days, monkeypatch):
    monkeypatch.setattr(statistics, "LEVELS", {"summary": 1, "details": 2, "all": 0})
    most = told(client, "days=5")["data"][0]["value"]
    for ask in (told, series):
        answer = ask(client, "days=5&level=summary")
        assert [one["value"] for one in answer["data"]] == [most]
        assert (answer["meta"]["total"], answer["meta"]["level"]) == (2, "summary")
        assert "1 values with most jobs of 2" in answer["meta"]["truncated"]
    assert told(client, "days=5")["meta"]["truncated"] is None
    assert {row["value"] for row in dumped(client, "days=5&level=summary")} == {most}
    assert len({row["value"] for row in dumped(client, "days=5")}) == 2


def of_sums(page):
    return page.partition('id="sums"')[2].partition("</table>")[0]


def test_a_page_of_all_leads_on_and_back(client, days, monkeypatch):
    monkeypatch.setattr(statistics_page, "MOST_ROWS", 1)
    first = client.get("/statistics/?days=5&level=all").content.decode()
    [following] = links(first, 'aria-label="Pages of the table"', "</nav>")
    second = client.get(following).content.decode()
    [back] = links(second, 'aria-label="Pages of the table"', "</nav>")
    names = [re.findall(r">(Q\d)</a>", of_sums(page)) for page in (first, second)]
    assert sorted(name for page in names for name in page) == ["Q0", "Q1"]
    assert of_sums(client.get(back).content.decode()) == of_sums(first)


def test_a_click_asks_for_one_more_and_another_for_one_less(client, days):
    one = client.get("/statistics/?days=5&computingsite.is=Q1").content.decode()
    [more] = links(one, 'id="others"', "</section>")
    both = client.get(more).content.decode()
    assert 'id="others"' not in both
    assert sorted(re.findall(r">(Q\d)</a>", of_sums(both))) == ["Q0", "Q1"]
    removing = [
        html.unescape(url)
        for url in re.findall(r'href="([^"]+)" aria-label="Remove the condition computingsite Q\d"', both)
    ]
    left = [re.findall(r">(Q\d)</a>", of_sums(client.get(url).content.decode()))
            for url in removing]  # fmt: skip
    assert sorted(left) == [["Q0"], ["Q1"]]
    assert told(client, more.partition("?")[2])["data"] == told(client, "days=5")["data"]


def test_bars_are_of_the_bins_that_the_table_counts(client, days):
    page = client.get("/statistics/?days=3&computingsite.is=Q1").content.decode()
    bars = re.findall(r'<a href="([^"]+)"><rect[^>]*/><title>[^:]*:\d\d to [^:]*:\d\d: (\d+) jobs', page)
    [row] = told(client, "days=3&computingsite.is=Q1")["data"]
    assert sum(int(count) for _, count in bars) == row["jobs"] > 0
    for url, count in [bar for bar in bars if bar[1] != "0"][::3]:
        summary = html.unescape(url).replace("/jobs/?", "/api/v1/jobs/summary?")
        assert client.get(summary).json()["data"]["jobs"] == int(count)
    whole = client.get("/statistics/?days=3&computingsite.is=Q1&integrate=1").content.decode()
    counts = [int(count) for count in re.findall(r"<title>[^:]*:\d\d to [^:]*:\d\d: (\d+) jobs", whole)]
    assert counts == sorted(counts)
    assert counts[-1] == row["jobs"]


@pytest.fixture
def failing(panda, facets, clock, once):
    """Jobs with codes on two queues, of which one has more; followed."""
    made = []
    for place in range(24):
        codes, classes, failures = CODES[place % 6]
        state = "failed" if place % 4 else "finished"
        queue, at = f"Q{place % 3 // 2}", clock.moment - timedelta(minutes=50 * place)
        panda.job(jobstatus=state, computingsite=queue, modificationtime=at, prodsourcelabel="user",
                  **{"taskbuffererrorcode": 0, **codes})  # fmt: skip
        if state == "failed":
            made.append((queue, classes, failures))
    once("failing", facets)
    return made


@pytest.mark.parametrize(("by", "place"), [("failureclass", 1), ("failure", 2)])
def test_failures_are_those_that_are_counted_one_by_one(client, failing, by, place):
    wanted = Counter(value for job in failing for value in job[place])
    answer = told(client, f"days=2&by={by}")
    assert {row["value"]: row["jobs"] for row in answer["data"]} == wanted
    assert all(row["failed"] == row["jobs"] for row in answer["data"])
    page = client.get(f"/statistics/?days=2&by={by}").content.decode()
    assert f"{wanted.total()} failures of jobs that failed" in page
    assert "counts once for each" in page
    table = page.partition('<table id="sums">')[2].partition("</table>")[0]
    counted = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', table)
    assert len(counted) == len(wanted)
    for link, count in counted:
        assert len(client.get(html.unescape(link) + "&json").json()["jobs"]) == int(count), link


@pytest.mark.parametrize("asked", [("data",), ("timeout",), ("data", "application")])
def test_queues_by_class_of_failure(client, failing, asked):
    query = "&".join(f"failureclass.is={one}" for one in asked)
    wanted = Counter(queue for queue, classes, _ in failing for one in classes if one in asked)
    assert {row["value"]: row["jobs"] for row in told(client, f"days=2&{query}")["data"]} == wanted
    page = client.get(f"/statistics/?days=2&{query}").content.decode()
    table = page.partition('<table id="sums">')[2].partition("</table>")[0]
    counted = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a></td>', table)
    assert bool(counted) is (len(asked) == 1)
    for link, count in counted:
        assert len(client.get(html.unescape(link) + "&json").json()["jobs"]) == int(count), link


def test_failures_and_states_are_not_kept_together(client, failing):
    answer = told(client, "days=2&failureclass=data&jobstatus=closed")
    assert "are not kept together" in answer["meta"]["why_not"]
    assert "failureclass" in told(client, "days=2&by=failureclass&gshare=x")["meta"]["why_not"]


def test_jobs_of_a_class_may_be_asked_for_without_rollups(client, failing):
    for name, place in (("failureclass", 1), ("failure", 2)):
        for value in {value for job in failing for value in job[place]}:
            answer = client.get("/api/v1/jobs/summary", {f"{name}.is": value, "days": 2}).json()["data"]
            assert answer["jobs"] == sum(value in job[place] for job in failing), value


def test_nodes_are_narrowed_to(client, days):
    [node] = {row["value"] for row in told(client, "days=5&by=node")["data"]}
    page = client.get("/statistics/?days=5&by=node").content.decode()
    narrow = re.search(rf'<td><a href="([^"]+)">{re.escape(node or "Unknown")}</a></td>', page)
    assert narrow
    query = html.unescape(narrow[1]).partition("?")[2]
    assert "wn.is=" in query
    assert told(client, query)["data"] == told(client, "days=5&by=node")["data"]


@pytest.mark.parametrize("query", ["level=some", "integrate=2", "offset=-1", "offset=x", "by=jobstatus"])
def test_what_cannot_be_read_is_refused(client, panda, own, query):
    assert client.get(f"/statistics/?{query}").status_code == 400
