"""An instance of several hosts: they tell the same, and what one does another takes over."""

import os
import re
import signal
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.services import namespaces
from tests.stack.host import Host
from tests.stack.several import WEB, running
from tests.waiting import until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(not namespaces.allowed(), reason="hosts are networks of their own, which root makes"),
]
HOUR = timedelta(hours=1)
LEADING = ("follow", "schedule")
SUMMARY = "/api/v1/jobs/summary?hours=1&timestamp=1"


@pytest.fixture(scope="module")
def several():
    with running() as started:
        yield started


def runs(host: Host) -> bool:
    return set(host.states().values()) == {"RUNNING"}


def leader(host: Host, what: str) -> str:
    """The number of the process that leads, as this host tells; "" while none does."""
    told = host.json("/health")["schedule"]["leases"]
    return str(told[what]["holder"].split(":")[1]) if what in told and told[what]["holder"] else ""


def follows(host: Host, what: str, others: set[str]) -> bool:
    return leader(host, what) in others


def test_all_are_well(several):
    for host in several.hosts:
        until(partial(runs, host))
        health = host.json("/health")
        assert health["status"] == "well"
        assert set(health["cache"]["servers"].values()) == {True}


def test_at_the_same_batch_they_tell_the_same(several):
    """Of a period that is over: what runs runs on."""
    now = datetime.fromisoformat(several.hosts[0].json("/health")["as_of"])
    period = f"date_from={(now - HOUR).isoformat()}&date_to={now.isoformat()}&jobstatus=finished|failed"
    path = f"/api/v1/jobs/summary?{period}&timestamp=1"

    def alike() -> bool:
        one, other = (host.json(path) for host in several.hosts)
        both = {answer["meta"]["source"] for answer in (one, other)}
        if both != {"facets"} or one["meta"]["as_of"] != other["meta"]["as_of"]:
            return False
        assert one["data"] == other["data"]
        return int(one["data"]["jobs"]) > 0

    until(alike, 60)


def test_what_one_keeps_the_other_gives(several):
    one, other = several.hosts
    path = "/tasks/?json&limit=3"
    assert one.ask(path, WEB)[1]["x-cache"] == "miss"
    assert other.ask(path, WEB)[1]["x-cache"] == "hit"
    assert other.ask(path)[1]["x-cache"] == "hit"


def test_a_memcached_that_is_gone_costs_its_own_part_only(several):
    one, other = several.hosts
    paths = [f"/tasks/?json&limit={number}" for number in range(5, 35)]
    for path in paths:
        one.ask(path, WEB)
    one.control("stop", "memcached")
    asked = [other.ask(path, WEB) for path in paths]
    assert {status for status, _, _ in asked} == {200}
    assert len([1 for _, headers, _ in asked if headers["x-cache"] == "hit"]) in range(5, 26)
    assert sorted(other.json("/health")["cache"]["servers"].values()) == [False, True]
    one.control("start", "memcached")
    until(lambda: set(other.json("/health")["cache"]["servers"].values()) == {True}, 60)


def test_another_leads_within_half_a_minute(several):
    """Of both programs that lead; those of before are not ended, they hang."""
    here = several.hosts[0]
    pids = {what: {host.control("pid", what).strip() for host in several.hosts} for what in LEADING}
    until(lambda: all(leader(here, what) in pids[what] for what in LEADING))
    before = {what: leader(here, what) for what in LEADING}
    for one in before.values():
        os.kill(int(one), signal.SIGSTOP)
    try:
        for what in LEADING:
            until(partial(follows, here, what, pids[what] - {before[what]}), 30)
    finally:
        for one in before.values():
            os.kill(int(one), signal.SIGCONT)
    assert {host.json("/health")["status"] for host in several.hosts} == {"well"}


def test_a_host_that_is_cut_off_says_so_and_comes_back(several):
    one, other = several.hosts
    one.network.run("ip", "link", "set", "uplink", "down")
    try:
        until(lambda: one.ask("/health", WEB)[0] == 503, 40)
        assert other.ask("/health")[0] == 200
        assert other.ask("/jobs/?timestamp=1")[0] == 200
    finally:
        one.network.run("ip", "link", "set", "uplink", "up")
    until(lambda: one.ask("/health", WEB)[0] == 200, 60)


def test_batches_go_on_whoever_leads(several):
    def told() -> list[str]:
        return [str(host.json(SUMMARY)["meta"]["as_of"]) for host in several.hosts]

    before = told()
    assert all(re.match(r"\d{4}-", moment) for moment in before)
    until(lambda: all(after > moment for after, moment in zip(told(), before, strict=True)), 60)


def test_each_knows_the_others_and_whether_they_sign_with_the_same_key(several):
    one, other = several.hosts
    told = {host["name"]: host["same_key"] for host in one.json("/health")["hosts"]}
    assert told == {"host1": True, "host2": True}
    key = other.layout.folder / "state" / "secret_key"
    key.write_text(f"another {key.read_text()}")
    other.control("restart", "schedule")
    until(lambda: [host["same_key"] for host in one.json("/health")["hosts"]] == [True, False])
    assert "host2 signs with another key" in one.command("check", well=False)
