"""Jobs handed in: what is stored, what is refused and why, that nothing is doubled, and who may."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from bigpandamon_core.plugin import now
from bigpandamon_core.state.accounts import AuditEntry
from bigpandamon_htcondor.models import BatchJob, PandaLink
from bigpandamon_htcondor.store import store
from bigpandamon_htcondor.submissions import MOST_BYTES, MOST_ITEMS
from tests.plugins.conftest import NOON
from tests.plugins.htcondor.conftest import JOBS
from tests.plugins.htcondor.world import unix

ONE = "sched@a.example#7.0#1700000000"
OLD = "/api-auth/htcondorapi/jobs/"
REST = "/htcondor/rest/jobs/"


def job(name: str = ONE, **attributes):
    return {"GlobalJobId": name, "JobStatus": 1, "QDate": 1700000000, "ServerTime": 1700000100} | attributes


def states() -> dict[str, str]:
    return dict(BatchJob.objects.values_list("globaljobid", "state"))


def test_the_good_ones_are_stored_and_each_other_is_told(send):
    items = [
        job(),
        {"JobStatus": 2},
        "text",
        job("b#1.0#2", wmsid="17,x"),
        job("c d"),
        job("d#1.0#2", JobStatus=5),
    ]
    answer = send(items)
    assert answer.status_code == 200
    told = answer.json()
    assert told["stored"] == 2
    assert [(one["index"], one["globaljobid"], one["code"]) for one in told["refused"]] == [
        (1, "", 10),
        (2, "", 10),
        (3, "b#1.0#2", 10),
        (4, "c d", 10),
    ]
    assert "'x' is no PanDA job" in told["refused"][2]["reason"]
    assert states() == {ONE: "idle", "d#1.0#2": "held"}


def test_what_an_older_record_says_never_replaces_newer(send):
    send([job(JobStatus=2, ServerTime=1700000300, RemoteHost="slot1@n1", wmsid="5")])
    send([job(JobStatus=1, ServerTime=1700000200, NumHolds=3, RemoteHost="slot1@n0", wmsid="6")])
    found = BatchJob.objects.get()
    assert (found.state, found.node, found.holds, found.observed.minute) == ("running", "slot1@n1", 3, 18)
    assert sorted(PandaLink.objects.values_list("pandaid", flat=True)) == [5, 6]
    send([job(JobStatus=4, ExitCode=0, ServerTime=1700000300, RemoteHost=None)])
    send([job(ServerTime=1700000250, RemoteHost="slot1@n2")])
    found = BatchJob.objects.get()
    assert (found.state, found.node) == ("completed", ""), "what was undone is not filled by an older record"


def test_a_clock_from_the_future_stops_nothing(send):
    """Neither those that come with it, nor what is told of the job by sound ones."""
    ahead = 1_900_000_000
    send([job(JobStatus=2, ServerTime=ahead, EventTime=ahead, EnteredCurrentStatus=ahead)])
    found = BatchJob.objects.get()
    assert (found.state, found.entered) == ("running", None)
    assert found.observed == found.received == found.since
    BatchJob.objects.update(observed=datetime(2030, 1, 1))  # as it was stored once
    moment = unix(now())
    send([job(JobStatus=4, ExitCode=0, ServerTime=moment, CompletionDate=moment)])
    found = BatchJob.objects.get()
    assert (found.state, unix(found.observed), unix(found.since)) == ("completed", moment, moment)
    before = list(BatchJob.objects.values())
    send([job(JobStatus=4, ExitCode=0, ServerTime=ahead, CompletionDate=moment)])
    send([job(JobStatus=4, ExitCode=0, ServerTime=ahead, CompletionDate=moment)])
    after = list(BatchJob.objects.values())
    assert [one["observed"] for one in after] == [one["observed"] for one in before]
    assert "2030" not in send.monitor.get("/htcondor/pools/").content.decode()


def test_a_clock_a_little_ahead_counts(send):
    moment = unix(now()) + 300
    send([job(JobStatus=2, ServerTime=moment)])
    assert unix(BatchJob.objects.get().observed) == moment


def test_one_request_may_tell_of_a_job_twice(send):
    told = send([job(JobStatus=4, ExitCode=2, ServerTime=1700000300), job(ServerTime=1700000200)]).json()
    assert (told["stored"], states()) == (2, {ONE: "failed"})


def test_the_same_again_changes_nothing(send):
    jobs = [job(f"s#{number}.0#1", wmsid=str(number)) for number in range(1, 8)]
    send(jobs)
    before = list(BatchJob.objects.order_by("pk").values())
    assert send(jobs).json() == {"stored": 7, "refused": []}
    assert list(BatchJob.objects.order_by("pk").values()) == before
    assert PandaLink.objects.count() == 7


def test_a_part_of_the_attributes_keeps_the_others(send):
    send([job(Owner="zoe", RequestCpus=4, Iwd="/x")])
    send([{"globaljobid": ONE, "jobstatus": 2, "ServerTime": 1700000400, "requestcpus": None}])
    found = BatchJob.objects.get()
    assert (found.owner, found.state, found.cpus) == ("zoe", "running", None)
    assert json.loads(found.attributes)["Iwd"] == "/x"


def test_spellings_of_2014(send):
    old = {
        "globaljobid": ONE, "wmsid": 2718, "condorid": "7.0", "owner": "zoe", "st": "H", "pri": 3,
        "submitted": "2014-05-05 10:00:00Z", "p_start_time": "2014-05-05T11:00:00", "run_time": 60,
        "size": "1.5", "host": "slot1@n1", "p_factory": "f1", "p_schedd": "q@h.example",
        "cpu_util": "71.2%", "goodput": "99.9",
    }  # fmt: skip
    answer = send([old], OLD)
    assert (answer.status_code, answer.json()) == (201, [old])
    [told] = send.monitor.json(OLD)
    kept = (
        "globaljobid",
        "wmsid",
        "condorid",
        "owner",
        "st",
        "pri",
        "submitted",
        "run_time",
        "host",
        "p_factory",
    )
    assert {name: told[name] for name in kept} == {name: old[name] for name in kept}
    assert (told["p_start_time"], told["size"], told["cpu_util"]) == ("2014-05-05 11:00:00Z", 1.5, "71.2%")
    [v1] = send.monitor.json(JOBS, hours="none")["data"]
    assert (v1["GlobalJobId"], v1["JobStatus"], v1["QDate"], v1["wmsid"]) == (ONE, 5, 1399284000, "2718")


def test_codes_of_2014(send):
    answer = send([{"globaljobid": ONE, "wmsid": 1}, {"wmsid": 2}, {"globaljobid": "x#1.0#1"}], OLD)
    assert answer.status_code == 400
    assert [(one["ret"], one["index"]) for one in answer.json()] == [(10, 1), (10, 2)]
    assert "wmsid" in answer.json()[1]["desc"]
    assert list(states()) == [ONE]
    updated = send([{"globaljobid": ONE, "wmsid": 1, "st": "R"}], OLD, "PUT")
    assert (updated.status_code, states()) == (202, {ONE: "running"})
    unknown = send([{"globaljobid": "nobody#1.0#1"}], OLD, "DELETE")
    assert (unknown.status_code, unknown.json()[0]["ret"]) == (400, 30)


def test_the_database_refuses_one_of_many(send, monkeypatch):
    real = QuerySet.bulk_create

    def refusing(self, rows, *more, **how):
        if any(row.globaljobid.startswith("bad") for row in rows):
            raise IntegrityError("not this one")
        return real(self, rows, *more, **how)

    monkeypatch.setattr(QuerySet, "bulk_create", refusing)
    told = send([job(f"{name}#{n}.0#1") for n, name in enumerate(("a", "b", "bad", "c", "d"))]).json()
    assert (told["stored"], [(one["index"], one["code"]) for one in told["refused"]]) == (
        4,
        [(2, 20)],
    )
    assert BatchJob.objects.count() == 4


@pytest.mark.parametrize("said", [1, "1", True, "yes"])
def test_that_a_job_is_removed_says_nothing_of_when(send, said):
    send([job(removed=said)])
    assert BatchJob.objects.get().removed == datetime(2023, 11, 14, 22, 15)


def test_when_a_job_was_queued_says_nothing_of_when_a_record_is(send):
    send([job()])
    send([{"globaljobid": ONE, "submitted": "2023-11-14 22:13:20Z", "st": "R"}])
    assert states() == {ONE: "running"}


def test_removed_is_marked_and_nothing_is_deleted(send):
    send([job(JobStatus=2)])
    assert send([{"globaljobid": ONE}], OLD, "DELETE").status_code == 202
    found = BatchJob.objects.get()
    assert (found.state, found.removed is not None) == ("running", True)
    assert send.monitor.json(OLD) == []
    send([job(JobStatus=4, ExitCode=0, ServerTime=1700000101)])
    assert states() == {ONE: "completed"}, "what its history tells later still counts"


@pytest.mark.parametrize("name", ["addjob", "updatejob"])
def test_addresses_that_do_one_thing(send, name):
    answer = send([{"globaljobid": ONE, "wmsid": "1001", "JobStatus": "2"}], f"/api-auth/htcondorapi/{name}/")
    assert (answer.status_code, states()) == ({"addjob": 201}.get(name, 202), {ONE: "running"})
    assert send([{"globaljobid": ONE}], "/api-auth/htcondorapi/removejob/").status_code == 202


def test_the_rest_successor(send):
    assert send([{"GlobalJobId": ONE, "Schedd": "q@h", "wmsid": "3,1"}], REST).status_code == 201
    assert send([{"GlobalJobId": ONE, "JobStatus": 2}], REST, "PATCH").status_code == 200
    assert send([{"GlobalJobId": ONE}], REST, "DELETE").status_code == 202
    [told] = send.monitor.json(REST)
    assert (told["id"], told["wmsid"], told["Schedd"], told["state"]) == (ONE, "1,3", "q@h", "running")


def test_bodies_that_are_refused_whole(send):
    assert send({"GlobalJobId": ONE}).status_code == 400
    assert send("[{").status_code == 400
    assert send([job(f"a#{number}.0#1") for number in range(MOST_ITEMS + 1)]).status_code == 413
    assert send("[" + " " * MOST_BYTES + "]").status_code == 413
    assert not BatchJob.objects.exists()


def test_a_record_that_is_too_long_does_not_stop_others(send):
    told = send([job(), job("long#1.0#1", Requirements="x" * 200_000)]).json()
    assert (told["stored"], told["refused"][0]["index"]) == (1, 1)
    assert "longer than" in told["refused"][0]["reason"]


STRANGE: list[dict[str, Any]] = [
    {"JobStatus": "two"}, {"JobStatus": True}, {"QDate": 1e300}, {"QDate": -5}, {"NumHolds": 10**18},
    {"Owner": ["a"]}, {"Owner": "o" * 900}, {"HoldReason": "a\0b"}, {"ExitCode": "0x1"}, {"wmsid": []},
    {"JobUniverse": 99999}, {"RemoteWallClockTime": "/Expr(a+b)/"}, {"CompletionDate": "2014-02-30 00:00:00"},
    {"DAGManJobId": {"a": 1}}, {"Cmd": "\ud800", "HoldReason": "\udfff"}, {"ClusterSize": 2**65},
    {"ScheddName": "é" * 300}, {"ClusterId": None, "ProcId": {}},
]  # fmt: skip


def test_strange_values_are_absent_not_a_failure(send):
    answer = send([job(f"s#{number}.0#1", **one) for number, one in enumerate(STRANGE)])
    assert answer.json() == {"stored": len(STRANGE), "refused": []}
    assert send.monitor.get("/htcondor/jobs/", hours="none").status_code == 200


def test_5000_at_once_cost_few_statements(send):
    jobs = [job(f"s#{number}.0#1", wmsid=str(number)) for number in range(MOST_ITEMS)]
    assert send(jobs).json() == {"stored": MOST_ITEMS, "refused": []}
    again = [one | {"ServerTime": 1700000160} for one in jobs[:1000]]
    with CaptureQueriesContext(connections["default"]) as asked:
        assert send(again).json()["stored"] == len(again)
    assert BatchJob.objects.count() == MOST_ITEMS
    most = 40 if connections["default"].vendor != "sqlite" else 200
    assert len(asked) < most


@pytest.mark.parametrize("scope", ["", "read"])
def test_only_who_may_operate_hands_in(send, accounts, scope):
    token = accounts.token("ada", scope) if scope else ""
    for path, method in ((JOBS, "POST"), (OLD, "PUT"), (OLD, "DELETE"), (REST, "PATCH")):
        assert send([job()], path, method, token).status_code == (403 if scope else 401)
    assert not BatchJob.objects.exists()


def test_it_is_written_down_who_did(send):
    send([job(), {}])
    entry = AuditEntry.objects.get(act="handed-in")
    assert (entry.who, entry.target) == ("ada", "htcondor-jobs-v1 POST")


def test_those_who_write_at_once_lose_nothing(own):
    """Each hands in the same jobs many times, in an order of its own; the newest record of each stays."""
    rounds, many = 6, 40

    def write(seed: int) -> int:
        order = Random(seed)
        try:
            stored = 0
            for turn in order.sample(range(rounds), rounds):
                told = {"ServerTime": 1700000000 + turn, "NumHolds": turn}
                ads = [job(f"s#{n}.0#1", wmsid=str(n), **told) for n in range(many)]
                with transaction.atomic():
                    stored += store(order.sample(ads, many), NOON).stored
            return stored
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(write, range(3))) == [rounds * many] * 3
    assert list(BatchJob.objects.values_list("holds", flat=True)) == [rounds - 1] * many
    assert PandaLink.objects.count() == many
