"""A scope holds in every representation, and for everything that leads to a record."""

import csv
import html
import io
import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.plugins.community import TASK


@pytest.fixture
def demo(community, monitor):
    return monitor("demo_vo", "quiet_vo")


def table(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def numbers(found) -> list[int]:
    return sorted(int(row["pandaid"]) for row in found)


LISTS = {
    "json": lambda m, base, api: m.json(f"{base}jobs/")["jobs"],
    "csv": lambda m, base, api: table(m.get(f"{base}jobs/", format="csv")),
    "ndjson": lambda m, base, api: [
        row
        for line in m.get(f"{base}jobs/", format="ndjson").getvalue().splitlines()
        if "pandaid" in (row := json.loads(line))
    ],
    "text": lambda m, base, api: [
        {"pandaid": line.split()[0]}
        for line in m.get(f"{base}jobs/", format="text").getvalue().decode().splitlines()[1:-1]
    ],
    "page": lambda m, base, api: [
        {"pandaid": number}
        for number in set(re.findall(rf'href="{base}job/(\d+)/"', m.get(f"{base}jobs/").content.decode()))
    ],
    "v1": lambda m, base, api: m.get(f"{api}jobs").json()["data"],
    "v1 csv": lambda m, base, api: table(m.get(f"{api}jobs", format="csv")),
    "v1 a page at a time": lambda m, base, api: list(paged(m, f"{api}jobs?limit=1")),
}


def paged(m, url):
    while url:
        answer = m.client.get(url).json()
        yield from answer["data"]
        url = answer["links"]["next"]


@pytest.mark.parametrize("form", LISTS)
def test_lists_hold_what_is_inside(form, community, demo):
    rows = LISTS[form]
    assert numbers(rows(demo, "/demo_vo/", "/api/v1/demo_vo/")) == sorted(community.zephyr)
    assert numbers(rows(demo, "/quiet_vo/", "/api/v1/quiet_vo/")) == sorted(community.hush)
    assert numbers(rows(demo, "/", "/api/v1/")) == sorted([*community.zephyr, *community.outside])


def test_counts_hold_what_is_inside(community, demo):
    data = demo.get("/api/v1/demo_vo/jobs/summary").json()["data"]
    assert data["jobs"] == len(community.zephyr)
    assert data["states"] == {"failed": 2, "finished": 1, "running": 1}
    [error] = data["errors"]
    assert (error["count"], error["sites"]) == (2, {"ZEPHYR_INNER_1": 1, "ZEPHYR_INNER_2": 1})
    counted = {one["field"]: sum(v["count"] for v in one["values"]) for one in data["attributes"]}
    assert set(counted.values()) == {len(community.zephyr)}
    assert demo.get("/demo_vo/jobs/", format="text").getvalue().decode().endswith("4 jobs\n")
    assert "4 jobs" in demo.get("/demo_vo/jobs/").content.decode()


def test_the_same_request_condition_is_added_not_replaced(community, demo):
    everything = demo.json("/demo_vo/jobs/", vo="*", computingsite="*")["jobs"]
    assert numbers(everything) == sorted(community.zephyr)
    assert demo.json("/demo_vo/jobs/", vo="hush")["jobs"] == []
    asked = ",".join(map(str, [*community.zephyr, *community.outside]))
    assert numbers(demo.json("/demo_vo/jobs/", pandaid=asked)["jobs"]) == sorted(community.zephyr)


DETAILS = ("/demo_vo/job/{}/", "/demo_vo/job/{}/?json", "/demo_vo/job/{}/?format=text",
           "/demo_vo/job?pandaid={}", "/api/v1/demo_vo/jobs/{}")  # fmt: skip


@pytest.mark.parametrize("address", DETAILS)
def test_one_job_outside_is_not_there(address, community, demo):
    assert {demo.get(address.format(one)).status_code for one in community.zephyr} == {200}
    assert {demo.get(address.format(one)).status_code for one in community.outside} == {404}
    assert demo.get(address.replace("demo_vo/", "").format(community.others[0])).status_code == 200


def test_a_job_by_its_name_is_the_newest_inside(community, demo):
    newest = max(community.zephyr)
    assert demo.json("/demo_vo/job/", jobname="same.name")["job"]["pandaid"] == newest
    assert demo.json("/job/", jobname="same.name")["job"]["pandaid"] > newest


def test_other_attempts_outside_are_not_told(community, demo):
    first, second = community.inner[0], community.others[0]
    community.panda.retry(first, second, TASK)
    page = demo.get(f"/demo_vo/job/{first}/").content.decode()
    assert f"/demo_vo/job/{second}/" not in page
    assert f"/job/{second}/" in demo.get(f"/job/{first}/").content.decode()


def test_rates_around_a_job_count_what_is_inside(community, demo):
    assert failed_of_task(demo.get(f"/demo_vo/job/{community.inner[0]}/")) == ("2", "3")
    assert failed_of_task(demo.get(f"/job/{community.inner[0]}/")) == ("3", "6")


def failed_of_task(response) -> tuple[str, ...]:
    """Failed and ended jobs of the job's task, as its page tells them."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode().partition("This task")[2])
    found = re.search(r"(\d+) of (\d+)", text)
    return found.groups() if found else ()


def test_what_is_found_is_inside(community, demo):
    found = demo.json("/demo_vo/find/", q=str(community.others[0]))
    assert [one for one in found if one["what"] == "job"] == []
    assert demo.json("/find/", q=str(community.others[0]))[0]["what"] == "job"
    [job] = demo.json("/demo_vo/find/", q=str(community.inner[0]))
    assert job["url"] == f"/demo_vo/job/{community.inner[0]}/"


def test_a_task_is_found_where_it_has_jobs(community, demo):
    other = community.panda.task(jeditaskid=7001)
    community.job(vo="other", jeditaskid=other)
    assert [one["what"] for one in demo.json("/find/", q=str(other))] == ["task"]
    assert demo.json("/demo_vo/find/", q=str(other)) == []
    assert demo.json("/demo_vo/find/", q=str(TASK))[0]["url"] == f"/demo_vo/jobs/?jeditaskid={TASK}"


def test_the_search_box_stays_inside(community, demo):
    assert 'action="/demo_vo/find/"' in demo.get("/demo_vo/jobs/").content.decode()
    assert 'action="/find/"' in demo.get("/jobs/").content.decode()


def test_links_stay_inside(community, demo):
    """Below <main> whatever a mounted page links to is below the prefix, but for the reference of all."""
    for address in ("/demo_vo/jobs/", f"/demo_vo/job/{community.inner[0]}/"):
        main = demo.get(address).content.decode().partition("<main")[2].partition("</main>")[0]
        links = set(re.findall(r'href="(/[^"]*)"', main))
        assert links
        assert {link.partition("#")[0] for link in links if "/demo_vo/" not in link} <= {"/api/v1/"}


def test_the_point_of_view_is_told(community, demo):
    assert (
        "Zephyr: only jobs with vo=zephyr&amp;computingsite=ZEPHYR_*."
        in demo.get("/demo_vo/jobs/").content.decode()
    )
    assert "only jobs with" not in demo.get("/jobs/").content.decode()


def test_an_instance_may_override_the_scope(community, monitor):
    m = monitor("quiet_vo", demo_vo='enabled = true\n[scope]\njobs = "vo=zephyr|hush"\n')
    inside = [*community.zephyr, *community.hush, community.others[1]]
    assert numbers(m.json("/demo_vo/jobs/")["jobs"]) == sorted(inside)
    assert numbers(m.json("/quiet_vo/jobs/")["jobs"]) == sorted(community.hush)


def test_own_resources_stand_in_the_scope_too(community, demo):
    error = {"piloterrorcode": 1099, "piloterrordiag": "no wind"}
    for vo in ("zephyr", "hush"):
        community.job(vo=vo, computingsite="ZEPHYR_INNER_1", jobstatus="failed", **error)
    assert demo.json("/demo_vo/shift/") == {
        "hours": 8,
        "rings": [
            {"ring": "inner", "jobs": 3, "failed": 3, "finished": 0},
            {"ring": "outer", "jobs": 1, "failed": 0, "finished": 1},
            {"ring": "Not specified", "jobs": 1, "failed": 0, "finished": 0},
        ],
        "states": {
            "bad": {"ZEPHYR_INNER_1": 2, "ZEPHYR_INNER_2": 1},
            "good": {"ZEPHYR_OUTER_1": 1},
            "running": {"ZEPHYR_CORE": 1},
        },
        "said": {"pilot": 1},
    }


def test_the_number_of_a_page_leads_to_its_rows(community, demo):
    page = demo.get("/demo_vo/shift/?length=8").content.decode()
    [address] = re.findall(r'<a href="(/demo_vo/jobs/[^"]*)">All jobs</a>', page)
    link = urlsplit(html.unescape(address))
    assert "length" not in link.query
    jobs = demo.json(link.path, **dict(parse_qsl(link.query)))["jobs"]
    assert numbers(jobs) == sorted(community.zephyr)
