"""Processes of one instance answer with the same bytes, in whatever order each one's sets are."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from tests.web.conftest import NOON

ADDRESSES = """/ /jobs/ /jobs/?json /jobs/?jobstatus=failed&sort=-pandaid /errors/ /errors/?json /job/9001/
    /job/9001/?json /tasks/ /tasks/?json /task/7000/ /task/7000/?json /users/ /user/Ada+Example/ /sites/
    /site/QUEUE_ONE/ /site/QUEUE_ONE/?json /wns/QUEUE_ONE/ /dash/region/ /dash/region/?json /dash/world/
    /status_summary/?nhours=12 /statistics/ /harvester/workers/ /api/v1/jobs /api/v1/jobs/summary
    /api/v1/openapi.json /api/v1/""".split()
SCRIPT = """
import hashlib, os, re, sys
from datetime import datetime
os.environ["DJANGO_SETTINGS_MODULE"] = "bigpandamon_core.config.django"
from bigpandamon_core.web.wsgi import application
from bigpandamon_core.domain import window
from django.test import Client
window.set_clock(lambda: datetime.fromisoformat(sys.argv[1]))
client = Client(headers={"host": "localhost"})
for address in sys.argv[2:]:
    found = client.get(address)
    body = b"".join(found) if found.streaming else found.content
    body = re.sub(rb"[0-9.]+ s<|[0-9]+ statements?", b"", body)
    print(address, found.status_code, hashlib.sha256(body).hexdigest())
"""


@pytest.fixture
def world(panda, own, clock):
    for number in range(40):
        at = NOON - timedelta(minutes=number)
        state, queue = ("failed", "finished", "running")[number % 3], f"QUEUE_{('ONE', 'TWO')[number % 2]}"
        panda.job(
            "jobsactive4" if state == "running" else "jobsarchived4",
            pandaid=9000 + number, jobstatus=state, modificationtime=at, statechangetime=at,
            computingsite=queue, piloterrorcode=1099 * (state == "failed"), transexitcode=65 * (number % 2),
        )  # fmt: skip
    panda.task(jeditaskid=7000, taskname="task.seven")
    for name in ("QUEUE_ONE", "QUEUE_TWO"):
        panda.queue(name, cloud="WORLD", atlas_site="SITE", status="online")


def answers(seed: int) -> list[str]:
    done = subprocess.run(
        (sys.executable, "-c", SCRIPT, NOON.isoformat(), *ADDRESSES),
        env=os.environ | {"PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.once
def test_answers_are_the_same_bytes_in_every_process(world):
    one, other, third = (answers(seed) for seed in (1, 2, 3))
    assert len(one) == len(ADDRESSES)
    assert one == other == third
    assert {line.split()[1] for line in one} == {"200"}
