"""The board of held jobs: why, since when, who else; each number leads to so many rows."""

import re
from collections import Counter
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qsl

from bigpandamon_htcondor.models import BatchJob
from bigpandamon_htcondor.store import store
from tests.plugins.conftest import NOON
from tests.plugins.htcondor.world import NOW, jobs, listed, unix


def test_the_longest_held_are_first_and_those_without_a_time_last(pool, noon):
    store(
        [
            {"GlobalJobId": f"{name}#1.0#1", "ClusterId": at, "ProcId": 0, "JobStatus": 5, **times}
            for at, (name, times) in enumerate(
                (
                    ("timeless", {}),
                    ("new", {"EnteredCurrentStatus": unix(NOON) - 60}),
                    ("old", {"EnteredCurrentStatus": unix(NOON) - 6000}),
                )
            )
        ],
        NOON,
    )
    page = pool().get("/htcondor/held/").content.decode()
    assert re.findall(r"/job/(\w+)%23", page.partition('id="longest"')[2]) == ["old", "new", "timeless"]


def test_what_its_source_lost_is_not_held_and_links_agree(stored):
    """Each number of the board leads to so many rows; those that are gone are asked for apart."""
    [gone, *_] = BatchJob.objects.filter(state="held")
    BatchJob.objects.filter(pk=gone.pk).update(removed=NOW)
    page = stored.get("/htcondor/held/").content.decode()
    links = re.findall(r'<td[^>]*><a href="(/htcondor/jobs/[^"]*holdcode[^"]*)">([\d,]+)</a>', page)
    assert links
    for link, count in links:
        asked = dict(parse_qsl(unescape(link).partition("?")[2]))
        assert listed(stored, **asked)["meta"]["total"] == int(count)
    assert listed(stored, state="held", gone="yes")["meta"]["total"] == 1
    assert stored.get("/htcondor/jobs/", gone="maybe").status_code == 400


def test_held_by_reason(stored):
    held = [one for one in jobs() if one["JobStatus"] == 5]
    told = {one["reason_code"]: one for one in stored.json("/htcondor/held/")["reasons"]}
    assert {code: one["jobs"] for code, one in told.items()} == Counter(one["HoldReasonCode"] for one in held)
    assert told[34]["why"] == "it used more than it asked for: memory"
    of_policy = [one for one in held if one["HoldReasonCode"] == 3]
    assert told[3]["owners"] == len({one["Owner"] for one in of_policy})
    minutes = max(int(one["GlobalJobId"].split("#")[1][:-2]) for one in of_policy)
    assert told[3]["first"] == (NOW - timedelta(hours=1, minutes=minutes)).isoformat()
    store([{"GlobalJobId": "z#1.0#1", "JobStatus": 5, "HoldReasonCode": 3, "HoldReasonSubCode": 7}], NOW)
    for one in stored.json("/htcondor/held/", timestamp=1)["reasons"]:
        asked = {"holdcode": one["reason_code"], "holdsubcode": one["reason_subcode"]}
        assert listed(stored, state="held", **asked)["meta"]["total"] == one["jobs"], asked


def test_what_was_lost_while_it_ran_runs_no_more(stored):
    """Nobody told its end: it is counted nowhere but where lost ones or itself are asked for."""
    running = listed(stored, state="running")["meta"]["total"]
    lost, *_ = BatchJob.objects.filter(state="running")
    BatchJob.objects.filter(pk=lost.pk).update(removed=NOW)
    assert listed(stored, state="running", timestamp="1")["meta"]["total"] == running - 1
    assert listed(stored, state="running", gone="yes")["meta"]["total"] == 1
    [found] = listed(stored, globaljobid=lost.pk)["data"]
    assert found["GlobalJobId"] == lost.pk
    ended, *_ = BatchJob.objects.filter(state="completed")
    BatchJob.objects.filter(pk=ended.pk).update(removed=NOW)
    assert ended.pk in {one["GlobalJobId"] for one in listed(stored, state="completed")["data"]}
