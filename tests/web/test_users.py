"""`/users/` and `/user/`: counted from the rows with plain loops, from the database and from facets."""

import html
import re
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest

from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
STATES = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()
NOT_STARTED = set(STATES[:8])
MINUTE = timedelta(minutes=1)
NO_JOBS_SECONDS = 10**18
NAMES = ("Ann Ek", "Bo Ås", "Joann Éa", None)
Job = dict[str, Any]


@pytest.fixture
def jobs(panda) -> list[Job]:
    made = [_job(place) for place in range(120)]
    tables = {"running": "jobsactive4", "activated": "jobsactive4", "defined": "jobsdefined4"}
    for row in made:
        row["pandaid"] = panda.job(tables.get(row["jobstatus"], "jobsarchived4"), **row)
    panda.jobs([_job(place) | {"prodsourcelabel": "managed"} for place in range(20)])
    return made


def _job(place: int) -> Job:
    return {
        "produsername": "" if place % 8 == 7 else NAMES[place % 4],
        "prodsourcelabel": ("user", "panda")[place % 2],
        "jobstatus": ("finished", "failed", "running", "activated", "defined")[place % 5],
        "computingsite": ("ONE", "TWO", "THREE")[place % 3],
        "cloud": ("NORTH", "SOUTH")[place % 2],
        "cpuconsumptiontime": 1800 * (place % 7) if place % 11 else NO_JOBS_SECONDS,
        "modificationtime": NOON - place * MINUTE,
    }


def by_user(jobs: list[Job]) -> dict[str, list[Job]]:
    found: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        found[job["produsername"] or "Not specified"].append(job)
    return found


def test_users_are_counted_from_the_rows(client, jobs, source):
    found = ask(client, "/users/", view="dynamic")
    assert {one["name"] for one in found} == set(by_user(jobs))
    for one in found:
        mine, told = by_user(jobs)[one["name"]], one["dict"]
        states = Counter(job["jobstatus"] for job in mine)
        assert (told["name"], told["njobs"]) == (one["name"], len(mine))
        assert one["latest"] == told["pandaid"] == max(job["pandaid"] for job in mine)
        newest = max(job["modificationtime"] for job in mine)
        assert told["latest"] == newest.isoformat()
        assert told["sites"] == Counter(job["computingsite"] for job in mine)
        assert told["clouds"] == Counter(job["cloud"] for job in mine)
        assert (told["nsites"], told["nclouds"]) == (len(told["sites"]), len(told["clouds"]))
        assert told["nqueued"] == sum(states[state] for state in NOT_STARTED)
        assert {state: told[state] for state in STATES} == {state: states[state] for state in STATES}
        assert all(told[f"n{state}"] == states[state] for state in STATES)
        consumed = [job["cpuconsumptiontime"] for job in mine]
        assert told["cputime"] == str(round(sum(each for each in consumed if each < NO_JOBS_SECONDS) / 3600))


def test_without_a_view_the_option_says_what_there_is(client, jobs, configured):
    assert ask(client, "/users/") == []
    assert ask(client, "/users/", view="database") == []
    configured('[cache]\nkind = "none"\n[users]\nview = "dynamic"')
    assert len(ask(client, "/users/")) == 4


def test_users_for_v1(client, jobs, source):
    answer = client.get("/api/v1/users?hours=1").json()
    bound = [job for job in jobs if job["modificationtime"] >= NOON - 60 * MINUTE]
    assert {one["name"]: one["jobs"] for one in answer["data"]} == {
        name: len(mine) for name, mine in by_user(bound).items()
    }
    assert answer["meta"]["total"] == 4


@pytest.mark.parametrize("path", ["/users/", "/users/?hours=1", "/users/?activity=production", "/user/Ek/"])
def test_links_of_the_page_open_what_they_count(client, jobs, half, path):
    page = client.get(path).content.decode()
    links = re.findall(r'<td class="n"><a href="(/jobs/[^"]+)">([\d,]+)</a></td>', page)
    assert links
    for link, count in half(path, dict(links)).items():
        opened = client.get(html.unescape(link) + "&json&fields=pandaid").json()
        assert len(opened["jobs"]) == int(count), html.unescape(link)


@pytest.fixture
def tasks(panda) -> None:
    for number, (name, days) in enumerate(
        (("Ann Ek", 1), ("Ann Ek", 6), ("Ann Ek", 9), ("Bo Ås", 1), ("Joann Éa", 2))
    ):
        panda.task(
            jeditaskid=7000 + number,
            username=name,
            taskname=f"user.{number}/",
            status="running",
            modificationtime=NOON - timedelta(days=days),
        )


def test_the_tasks_of_a_user(client, tasks):
    def numbers(path: str, **asked: object) -> list[int]:
        found = ask(client, path, **asked)
        assert found.keys() == {"tasks"}
        return [task["jeditaskid"] for task in found["tasks"]]

    assert numbers("/user/Ann Ek/") == [7001, 7000]
    assert numbers("/user/ANN/") == [7004, 7001, 7000]
    assert numbers("/user/", user="ann ek") == [7001, 7000]
    assert numbers("/user/Ann Ek/", days=10) == [7002, 7001, 7000]
    assert numbers("/user/nobody/") == []
    [one, *_] = ask(client, "/user/Ann Ek/")["tasks"]
    whole = next(task for task in ask(client, "/tasks/") if task["jeditaskid"] == one["jeditaskid"])
    assert one == {name: value for name, value in whole.items() if name != "datasets"}


def test_the_classic_view_is_that_of_lists_of_users(client, jobs):
    found = ask(client, "/user/Ann/", view="classic")
    assert [one["name"] for one in found] == ["Ann Ek", "Joann Éa"]
    assert found[0]["dict"]["njobs"] == len(by_user(jobs)["Ann Ek"])


def test_a_page_of_a_user(client, jobs, tasks, source):
    page = client.get("/user/Ann Ek/").content.decode()
    assert "<h1>Ann Ek</h1>" in page
    assert "All 2 tasks" in page
    assert "/task/7001/" in page
    assert "7002" not in page
    several = client.get("/user/ann/").content.decode()
    assert "Several users are meant: Ann Ek, Joann Éa" in several
    nobody = client.get("/user/nobody/")
    assert nobody.status_code == 200
    assert "No task changed in this window." in nobody.content.decode()


@pytest.mark.parametrize(
    "name", ["Zed O'Novak", "Zed #2", "Zed a+b", "Zed 50%", "Zed %41", "Zed a/b", "Zed a?b|c"]
)
def test_any_name_leads_to_its_page(client, panda, name):
    panda.task(jeditaskid=7001, username=name, modificationtime=NOON - MINUTE)
    panda.job(produsername=name, prodsourcelabel="user", modificationtime=NOON - MINUTE)
    [link] = set(re.findall(r'href="(/user/[^"]+)"', client.get("/users/").content.decode()))
    told = client.get(html.unescape(link) + "?json").json()
    assert [task["jeditaskid"] for task in told["tasks"]] == [7001]
    page = client.get(html.unescape(link)).content.decode()
    own = {html.unescape(found) for found in re.findall(r'href="(/user/[^"]+)"', page)}
    assert own
    for found in own:
        assert "/task/7001/" in client.get(found.replace("&json", "")).content.decode(), found


def test_a_name_is_needed(client, panda):
    status, body = refused(client, "/user/?json")
    assert (status, body["error"]) == (400, "No user is named")
    assert client.get("/user/").status_code == 400


@pytest.mark.parametrize(
    "path", ["/users/?json&view=dynamic", "/user/Ann/?json", "/user/Ann/?json&view=classic"]
)
@pytest.mark.parametrize("mode", ["pseudonyms", "none"])
def test_where_names_are_hidden_nobody_is_listed(client, jobs, tasks, configured, path, mode):
    configured(f'[cache]\nkind = "none"\n[privacy]\nanonymous = "{mode}"')
    status, body = refused(client, path)
    assert status == 403
    assert "Ann Ek" not in str(body)


@pytest.mark.parametrize("query", ["hours=x", "jobstatus=", "days=q"])
def test_what_cannot_be_read_is_refused(client, panda, query):
    for path in ("/users/", "/user/Ann/"):
        if path == "/user/Ann/" and query == "jobstatus=":
            continue
        status, body = refused(client, f"{path}?{query}&json")
        assert status == 400
        assert query.partition("=")[0] in body["error"]
