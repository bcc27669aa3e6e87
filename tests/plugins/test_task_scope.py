"""A scope for tasks holds in every form, for everything that leads to one, and for a task's jobs."""

import csv
import html
import io
import json
import re

import pytest

from bigpandamon_core.panda.tasks import JediDatasets
from tests.plugins.community import TASK

FIELDS = ("demo_vo_season", "demo_vo_sponsor")


@pytest.fixture
def demo(community, monitor):
    return monitor("demo_vo", "quiet_vo")


def numbers(rows) -> list[int]:
    return sorted(int(row["jeditaskid"]) for row in rows)


def page(m, url: str) -> str:
    response = m.client.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def lines(m, url: str) -> str:
    return str(m.client.get(url).getvalue().decode())


LISTS = {
    "json": lambda m, base, api: m.json(f"{base}tasks/"),
    "csv": lambda m, base, api: list(csv.DictReader(io.StringIO(lines(m, f"{base}tasks/?format=csv")))),
    "ndjson": lambda m, base, api: [
        row
        for line in lines(m, f"{base}tasks/?format=ndjson").splitlines()
        if "jeditaskid" in (row := json.loads(line))
    ],
    "text": lambda m, base, api: [
        {"jeditaskid": line.split()[0]} for line in lines(m, f"{base}tasks/?format=text").splitlines()[1:-1]
    ],
    "page": lambda m, base, api: [
        {"jeditaskid": number}
        for number in set(re.findall(rf'href="{base}task/(\d+)/"', page(m, f"{base}tasks/")))
    ],
    "v1": lambda m, base, api: m.get(f"{api}tasks").json()["data"],
    "named": lambda m, base, api: m.json(f"{base}task/", taskname="*"),
}


@pytest.mark.parametrize("form", LISTS)
def test_lists_hold_what_is_inside(form, community, demo):
    rows = LISTS[form]
    assert numbers(rows(demo, "/demo_vo/", "/api/v1/demo_vo/")) == sorted(community.windmills)
    assert numbers(rows(demo, "/quiet_vo/", "/api/v1/quiet_vo/")) == sorted(community.hushed)
    everything = [TASK, *community.windmills, *community.hushed, *community.foreign]
    assert numbers(rows(demo, "/", "/api/v1/")) == sorted(everything)


def test_the_request_is_added_not_replaced(community, demo):
    assert numbers(demo.json("/demo_vo/tasks/", vo="*")) == sorted(community.windmills)
    assert demo.json("/demo_vo/tasks/", vo="hush") == []
    asked = ",".join(map(str, [*community.windmills, *community.foreign]))
    assert numbers(demo.json("/demo_vo/tasks/", jeditaskid=asked)) == sorted(community.windmills)


DETAILS = (
    "/demo_vo/task/{}/", "/demo_vo/tasknew/{}/", "/demo_vo/task/{}/?json", "/demo_vo/task?jeditaskid={}",
    "/api/v1/demo_vo/tasks/{}", "/api/v1/demo_vo/tasks/{}/profile", "/api/v1/demo_vo/tasks/{}/resources",
)  # fmt: skip


@pytest.mark.parametrize("address", DETAILS)
def test_one_task_outside_is_not_there(address, community, demo):
    inside, outside = community.windmills, [*community.hushed, *community.foreign]
    assert {demo.client.get(address.format(one)).status_code for one in inside} == {200}
    assert {demo.client.get(address.format(one)).status_code for one in outside} == {404}


def test_a_task_by_its_name_is_the_newest_inside(community, demo):
    inside = community.windmills[2]
    assert demo.json("/demo_vo/task/", taskname="same.name")["task"]["jeditaskid"] == inside
    assert demo.json("/task/", taskname="same.name")["task"]["jeditaskid"] > inside
    [found] = [one for one in demo.json("/demo_vo/find/", q="same.name") if one["what"] == "task by name"]
    assert found["url"] == f"/demo_vo/task/{inside}/"


def test_what_is_found_is_inside(community, demo):
    inside, outside = community.windmills[0], community.foreign[0]
    assert demo.json("/demo_vo/find/", q=str(inside))[0]["url"] == f"/demo_vo/task/{inside}/"
    assert demo.json("/demo_vo/find/", q=str(outside)) == []
    assert [one["what"] for one in demo.json("/find/", q=str(outside))] == ["task"]
    community.job(vo="zephyr", computingsite="ZEPHYR_CORE", jeditaskid=outside)
    [jobs] = demo.json("/demo_vo/find/", q=str(outside))
    assert jobs["url"] == f"/demo_vo/jobs/?jeditaskid={outside}"
    assert demo.json("/demo_vo/find/", q="mill*")[0]["url"].startswith("/demo_vo/tasks/?")
    assert [one for one in demo.json("/quiet_vo/find/", q="mill*") if "task" in one["what"]] == []


def test_relatives_outside_are_not_told(community, demo):
    parent = community.windmills[0]
    inside, outside = (community.task(vo=vo, parent_tid=parent) for vo in ("zephyr", "other"))
    text = page(demo, f"/demo_vo/task/{parent}/")
    assert f"/demo_vo/task/{inside}/" in text
    assert str(outside) not in text
    assert str(outside) in page(demo, f"/task/{parent}/")


@pytest.fixture
def worked(community):
    """A task inside whose jobs are inside and outside."""
    task = community.windmills[0]
    files = {"type": "input", "datasetname": "a:b.c", "nfiles": 5, "nfilesfinished": 2}
    times = {"creationtime": community.now, "modificationtime": community.now}
    community.panda.row(JediDatasets, jeditaskid=task, datasetid=1, **files, **times)
    over = {"jeditaskid": task, "jobstatus": "finished", "endtime": community.now}
    for place in range(3):
        community.job(vo="zephyr", computingsite=f"ZEPHYR_INNER_{place}", **over)
    community.job(vo="other", computingsite="OTHER", **over)
    return task


def test_jobs_of_a_task_count_inside(worked, demo):
    def finished(base: str) -> int:
        steps = demo.get(f"/api/v1/{base}tasks/{worked}/profile").json()["data"]["steps"]
        return int(steps[-1]["finished"])

    assert finished("demo_vo/") == 3
    assert finished("") == 4
    assert "<span>finished</span> <b>3</b>" in page(demo, f"/demo_vo/task/{worked}/")
    counted = demo.json("/demo_vo/tasks/", jeditaskid=worked, extra="jobstatecount")
    assert [one["job_state_count"] for one in counted] == [{"finished": 3}]


def test_links_stay_inside_and_lead_somewhere(worked, community, demo):
    """Below <main> whatever a mounted page links to is below the prefix, but for the reference of all, and is
    there."""
    job = community.job(vo="zephyr", computingsite="ZEPHYR_CORE", jeditaskid=worked)
    for address in ("/demo_vo/tasks/", f"/demo_vo/task/{worked}/", f"/demo_vo/job/{job}/"):
        main = page(demo, address).partition("<main")[2].partition("</main>")[0]
        links = {html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', main)}
        assert links
        outside = {link.partition("#")[0] for link in links if "/demo_vo/" not in link}
        assert outside <= {"/api/v1/"}, address
        assert {link for link in links if demo.client.get(link).status_code != 200} == set(), address
    assert f'href="/demo_vo/task/{worked}/"' in page(demo, f"/demo_vo/job/{job}/")


def test_a_job_leads_to_its_task_only_where_that_is_inside(community, demo):
    job = community.job(vo="zephyr", computingsite="ZEPHYR_CORE", jeditaskid=community.foreign[0])
    assert f"/demo_vo/jobs/?jeditaskid={community.foreign[0]}" in page(demo, f"/demo_vo/job/{job}/")
    assert "/demo_vo/task/" not in page(demo, f"/demo_vo/job/{job}/")
    assert f"/task/{community.foreign[0]}/" in page(demo, f"/job/{job}/")


def test_the_point_of_view_is_told(community, demo):
    assert "Zephyr: only tasks with vo=zephyr|Zephyr." in page(demo, "/demo_vo/tasks/")
    assert "only tasks with" not in page(demo, "/tasks/")


def test_an_instance_may_override_the_scope(community, monitor):
    m = monitor("quiet_vo", demo_vo='enabled = true\n[scope]\ntasks = "demo_vo_season=spring"\n')
    assert numbers(m.json("/demo_vo/tasks/")) == sorted([community.windmills[0], community.foreign[1]])
    assert numbers(m.json("/quiet_vo/tasks/")) == community.hushed


def test_fields_of_tasks_filter_and_count(community, demo):
    assert numbers(demo.json("/demo_vo/tasks/", demo_vo_season="spring")) == [community.windmills[0]]
    assert numbers(demo.get("/api/v1/demo_vo/tasks?demo_vo_sponsor=north").json()["data"]) == [
        community.windmills[0]
    ]
    text = page(demo, "/demo_vo/tasks/")
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>|<span>)([^<]*)<', text)
    assert heads[-2:] == ["Season", "Sponsor"]
    assert "sort=-workinggroup" in text
    for field in FIELDS:
        links = {
            html.unescape(link)
            for link in re.findall(rf'href="(/demo_vo/tasks/\?[^"]*{field}\.is=[^"]*)"', text)
        }
        found = [numbers(demo.client.get(f"{link}&json").json()) for link in links]
        assert sorted(number for some in found for number in some) == sorted(community.windmills)


def test_what_is_personal_of_tasks_is_for_nobody(community, demo):
    assert "demo_vo_owner" not in page(demo, "/demo_vo/tasks/")
    assert demo.get("/api/v1/demo_vo/tasks?demo_vo_owner=x").status_code == 400


@pytest.mark.parametrize("path", ["/tasks/", "/quiet_vo/tasks/", "/demo_vo/jobs/"])
def test_elsewhere_nobody_knows_them(path, demo):
    response = demo.get(f"{path}?json&demo_vo_season=spring")
    assert response["X-Ignored-Parameters"] == "demo_vo_season"
    assert "demo_vo_season" not in response.getvalue().decode()
