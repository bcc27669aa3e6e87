"""The stack from the checkout: what an instance keeps running, from the same files, beside real servers."""

import json
import os
import re
import signal

import pytest

from tests.stack.stack import running
from tests.waiting import until

pytestmark = [pytest.mark.services, pytest.mark.slow, pytest.mark.once]
HOURS = 1.0
OURS = {"web", "follow", "facets", "schedule"}
SERVERS = {"mariadb", "memcached", "nginx", "panda"}


@pytest.fixture(scope="module")
def stack():
    with running(hours=HOURS) as started:
        yield started


def test_everything_runs_and_is_well(stack):
    until(lambda: stack.states() == dict.fromkeys(OURS | SERVERS, "RUNNING"))
    health = stack.json("/health")
    assert (health["status"], health["databases"]["panda"]["answers"]) == ("well", True)
    assert list(health["cache"]["servers"].values()) == [True]


def test_pages_come_through_nginx_from_a_database_that_lives(stack):
    status, headers, body = stack.ask("/jobs/?json&limit=5")
    assert (status, headers["server"]) == (200, "nginx")
    assert len(json.loads(body)["jobs"]) == 5
    assert stack.ask("/jobs/?json&limit=5")[1]["x-cache"] == "hit"


def test_static_files_are_those_of_nginx(stack):
    page = stack.ask("/jobs/")[2].decode()
    [style] = re.findall(r'href="(/static/bigpandamon/[0-9a-f]{16}/bigpandamon.css)"', page)
    assert (stack.layout.folder / style[1:]).is_file()
    assert stack.ask(style)[1]["cache-control"] == "public, max-age=31536000, immutable"


def test_jobs_are_counted_in_memory(stack):
    def source() -> str:
        return str(stack.json("/api/v1/jobs/summary?hours=1&timestamp=1")["meta"]["source"])

    until(lambda: source() == "facets", 60)


def test_a_server_that_fails_comes_again_and_so_does_the_monitor(stack):
    before = stack.json("/health")
    number = int(stack.control("pid", "mariadb"))
    os.kill(number, signal.SIGKILL)
    until(lambda: stack.json("/health")["status"] == "unwell")
    until(lambda: stack.json("/health")["status"] == "well")
    assert stack.ask("/jobs/?timestamp=1")[0] == 200
    assert before["version"] == stack.json("/health")["version"]
