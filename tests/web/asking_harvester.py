"""Harvester services with workers, counts and messages as they would be now, and pages about them."""

import html
import re
from datetime import timedelta

import pytest

from bigpandamon_core.panda.harvester import HarvesterDialogs, HarvesterInstances, HarvesterWorkerStats
from bigpandamon_core.panda.workers import HarvesterWorkers
from tests.web.conftest import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOSTILE = "<script>alert(1)</script>"
STATES = ("submitted", "running", "finished", "failed", "missed", "cancelled")
COUNTED = re.compile(r'<td class="n"><a href="([^"]+)">([\d,]+)</a></td>')
INSTANCE = "/harvester/instance/North_A/"


@pytest.fixture
def services(panda):
    for name, minutes, owner in (
        ("North_A", 4, "Ada Secret"),
        ("South_B", 95, None),
        ("Old", 60 * 24 * 30, None),
    ):
        panda.row(HarvesterInstances, harvesterid=name, lastupdate=NOON - minutes * MINUTE, owner=owner,
                  hostname=HOSTILE, starttime=NOON - 90 * HOUR)  # fmt: skip
    panda.row(HarvesterInstances, harvesterid="Never")


@pytest.fixture
def workers(panda):
    made = [
        {
            "harvesterid": ("North_A", "South_B")[place % 2],
            "workerid": 100 + place,
            "status": STATES[place % 6],
            "computingsite": ("ONE", "TWO & MORE", None)[place % 3],
            "computingelement": ("ce1", "ce2")[place % 4 // 2],
            "submittime": NOON - place * 15 * MINUTE,
            "starttime": NOON - 5 * HOUR if place % 6 > 1 else None,
            "endtime": NOON - 3 * HOUR if place % 6 > 1 else None,
            "lastupdate": NOON,
        }
        for place in range(60)
    ]
    panda.rows(HarvesterWorkers, made)
    return made


@pytest.fixture
def stats(panda):
    made = [
        {
            "harvesterid": ("North_A", "South_B")[place % 2],
            "computingsite": ("ONE", "TWO & MORE", "THREE")[place % 3],
            "resourcetype": ("SCORE", "MCORE")[place % 4 // 2],
            "status": STATES[place % 5],
            "jobtype": "managed",
            "nworkers": 3 * place + 1,
            "lastupdate": NOON - (place % 9) * 10 * MINUTE,
        }
        for place in range(58)
    ]
    made = list({tuple(row[name] for name in list(row)[:5]): row for row in made}.values())
    panda.rows(HarvesterWorkerStats, made)
    return made


@pytest.fixture
def messages(panda):
    made = [
        {
            "harvesterid": ("North_A", "South_B")[place % 2],
            "diagid": place,
            "modulename": ("submitter", "monitor")[place % 3 == 0],
            "messagelevel": ("ERROR", "WARNING", "INFO")[place % 4 % 3],
            "creationtime": NOON - place * HOUR,
            "diagmessage": f"Ada Secret said {place} {HOSTILE}",
        }
        for place in range(30)
    ]
    panda.rows(HarvesterDialogs, made)
    return made


def page(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.getvalue()[:300]
    text = answer.getvalue().decode()
    assert HOSTILE not in text
    return text


def counted(text):
    """Link and count of every cell that is a number with a link."""
    found = [(html.unescape(link), int(count.replace(",", ""))) for link, count in COUNTED.findall(text)]
    assert found
    return found


def opened(client, link):
    """How many workers the link opens, or how many its counts add up to."""
    if link.startswith("/harvester/workers/"):
        return len(client.get(link + "&json").json()["workers"])
    rows = client.get(link + "&json&limit=10000").json()["data"]
    return sum(row["nworkers"] for row in rows)
