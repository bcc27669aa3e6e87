"""The start page: what it tells beside jobs, each count with the rows behind it."""

import html
import re
from datetime import timedelta

import pytest

from bigpandamon_core.panda.harvester import HarvesterInstances
from bigpandamon_core.state.queues import QueueChange
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
HOUR = timedelta(hours=1)


def facts(client) -> dict[str, dict[str, tuple[str, str]]]:
    """By group the text and the address of each fact, by label."""
    page = client.get("/").content.decode()
    found = {}
    for title, told in re.findall(r"<div><h3>([^<]+)</h3><dl class=\"facts\">(.*?)</dl>", page):
        rows = re.findall(r'<dt>([^<]+)</dt><dd><a href="([^"]+)">([^<]+)</a>', told)
        found[title] = {label: (text, html.unescape(url)) for label, url, text in rows}
    return found


def test_tasks_that_changed_since_the_question_stay(client, panda):
    """A kept page and its links end at different moments: a live task is in both."""
    panda.task(jeditaskid=7000, status="running", modificationtime=NOON + timedelta(minutes=2))
    text, url = facts(client)["Tasks"]["running"]
    assert (text, len(client.get(url + "&json").json())) == ("1", 1)
    assert client.get(f"/tasks/?json&date_to={NOON:%Y-%m-%dT%H:%M:%S}").json() == []


def test_states_of_tasks_beyond_the_most_are_summed_up(client, panda):
    states = "running scouting done failed aborted broken finished exhausted".split()
    for number, status in enumerate(states):
        panda.task(jeditaskid=7000 + number, status=status, modificationtime=NOON - HOUR)
    told = facts(client)["Tasks"]
    assert sum(int(text) for text, _ in told.values()) == len(states)
    assert told["other states"][0] == "2"


def test_tasks_by_state_lead_to_them(client, panda):
    states = {"running": 3, "exhausted": 2, "done": 4}
    numbers = iter(range(7000, 7100))
    for status, many in states.items():
        for _ in range(many):
            panda.task(jeditaskid=next(numbers), status=status, modificationtime=NOON - HOUR)
    panda.task(jeditaskid=next(numbers), status="running", modificationtime=NOON - 200 * HOUR)
    told = facts(client)["Tasks"]
    assert {label: int(text) for label, (text, _) in told.items()} == states
    assert list(told) == ["running", "exhausted", "done"]
    for text, url in told.values():
        assert len(client.get(url + "&json").json()) == int(text)


def test_queues_by_status_lead_to_them(client, panda):
    for name, status in (("ONE", "online"), ("TWO", "online"), ("THREE", "test")):
        panda.queue(name, status=status)
    told = facts(client)["Queues"]
    assert {label: text for label, (text, _) in told.items()} == {"online": "2", "test": "1"}
    for text, url in told.values():
        assert len(client.get(url + "&json").json()) == int(text)


def test_services_that_are_late_are_loud(client, panda):
    for name, hours in (("h1", 0.1), ("h2", 3), ("h3", 0.2), ("h4", 24 * 8)):
        panda.row(HarvesterInstances, harvesterid=name, lastupdate=NOON - hours * HOUR)
    told = facts(client)["Harvester services"]
    assert {heard: text for heard, (text, _) in told.items()} == {"alive": "2", "late": "1", "silent": "1"}


def test_queues_that_changed_their_status_are_told(client, panda):
    panda.queue("ONE", status="test")
    change = {"digest": "", "status": "test"}
    for hours, kind, changes in (
        (1, "changed", {"status": {"old": "online", "new": "test"}}),
        (2, "changed", {"maxrss": {"old": 1, "new": 2}}),
        (3, "appeared", {"status": {"new": "online"}}),
        (30, "changed", {"status": {"old": "brokeroff", "new": "online"}}),
    ):
        QueueChange.objects.create(
            queue="ONE", seen_at=NOON - hours * HOUR, kind=kind, changes=changes, **change
        )
    page = client.get("/").content.decode()
    told = page[page.index("Queues that changed their status") :]
    assert re.findall(r'<a href="/site/ONE/">ONE</a>', told)
    assert told.count("/site/ONE/") == 1
    assert "brokeroff" not in told


def test_new_errors_are_told(client, panda, facets):
    panda.jobs([{"jobstatus": "failed", "piloterrorcode": 1305, "modificationtime": NOON - HOUR}] * 30)
    panda.jobs([{"jobstatus": "failed", "piloterrorcode": 1099, "modificationtime": NOON - 26 * HOUR}] * 9)
    assert "New, growing, gone" not in client.get("/").content.decode()
    facets()
    page = client.get("/").content.decode()
    told = page[page.index("New, growing, gone") :]
    assert "pilot:1305" in told
    assert "pilot:1099" in told


def test_what_an_installation_lacks_is_not_told(client, panda):
    assert facts(client) == {}
