"""What jobs are after their events."""

import re
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO

import pytest

from bigpandamon_htcondor_agent.event_details import machine
from bigpandamon_htcondor_agent.event_log import Clock, Event, events
from bigpandamon_htcondor_agent.folding import changes, of_job
from bigpandamon_htcondor_agent.values import Ad

WRITTEN = datetime(2021, 3, 31)
LINES = {
    0: "Job submitted from host: <10.0.0.1:9618>",
    1: "Job executing on host: <10.0.0.2:9618>",
    4: "Job was evicted.",
    5: "Job terminated.",
    7: "Shadow exception!",
    9: "Job was aborted by the user.\n\tvia condor_rm",
    10: "Job was suspended.",
    11: "Job was unsuspended.",
    12: "Job was held.\n\tDisk full\n\tCode 34 Subcode 104",
    13: "Job was released.\n\tvia condor_release",
    22: "Job disconnected, attempting to reconnect\n    Socket closed",
    23: "Job reconnected to slot1@node",
    24: "Job reconnection failed\n    Lease expired",
}


def folded(content: bytes) -> dict[str, Ad]:
    jobs: dict[str, Ad] = {}
    for _, event in events(BytesIO(content), Clock(WRITTEN)):
        assert isinstance(event, Event)
        if of_job(event):
            ad = jobs.setdefault(f"{event.cluster}.{event.proc}", Ad())
            ad.update(changes(event, ad))
    return jobs


def story(*numbers: int) -> Ad:
    """The job after events a minute apart."""
    lines = (
        f"{number:03d} (7.1.0) 2021-01-01 00:{at:02d}:00 {LINES[number]}\n...\n"
        for at, number in enumerate(numbers)
    )
    return folded("".join(lines).encode())["7.1"]


def at(minute: int) -> int:
    return int(datetime(2021, 1, 1, 0, minute, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("numbers", "state", "since"),
    [
        ((0,), 1, 0),
        ((0, 1), 2, 1),
        ((0, 1, 4), 1, 2),
        ((0, 1, 7), 1, 2),
        ((0, 1, 5), 4, 2),
        ((0, 9), 3, 1),
        ((0, 1, 10), 7, 2),
        ((0, 1, 10, 11), 2, 3),
        ((0, 12), 5, 1),
        ((0, 12, 13), 1, 2),
        ((0, 1, 22), 2, 1),
        ((0, 1, 22, 23), 2, 1),
        ((0, 1, 22, 24), 1, 3),
        ((0, 1, 7, 12), 5, 3),
    ],
)
def test_state_and_since_when(numbers, state, since):
    ad = story(*numbers)
    assert (ad["JobStatus"], ad["EnteredCurrentStatus"], ad["EventTime"]) == (
        state,
        at(since),
        at(len(numbers) - 1),
    )


def test_contact_is_lost_until_it_is_back_or_given_up():
    assert [story(0, 1, 22, *more).get("LostContact") for more in ((), (23,), (24,), (24, 1))] == [
        True,
        False,
        False,
        False,
    ]


def test_runs():
    ad = story(0, 1, 4, 1, 10, 11, 5)
    assert (ad["NumJobStarts"], ad["JobStartDate"], ad["JobLastStartDate"]) == (2, at(1), at(1))
    assert (ad["JobCurrentStartDate"], ad["RemoteWallClockTime"], ad["CompletionDate"]) == (
        at(3),
        60 + 180,
        at(6),
    )
    assert (ad["RemoteHost"], ad["LastRemoteHost"], ad["NumVacates"]) == (None, "10.0.0.2", 1)


@pytest.mark.parametrize("told", ['"x"', "true", '{1, "x"}', "[a = 1]", "1e308", "Memory * 2", '""'])
def test_attributes_of_users_are_no_numbers_to_rely_on(told):
    """Each that is counted with, set to anything, in whatever case, before and between the events."""
    names = ("NUMJOBSTARTS", "NumHolds", "NumVacates", "TotalSuspensions", "NumShadowExceptions", "EventTime",
             "JobCurrentStartDate", "JobStartDate", "RemoteWallClockTime", "JobStatus", "QDate", "ServerTime",
             "LoggedEvents", "ClusterId", "Host", "SlotName")  # fmt: skip
    lines = "".join(f"\t{name} = {told}\n" for name in names)
    content = ""
    for minute, number in enumerate((0, 1, 12, 13, 1, 4, 1, 7, 1, 10, 11, 5)):
        content += (
            f"028 (7.1.0) 2021-01-01 00:{minute:02d}:00 Job ad information event triggered.\n{lines}...\n"
        )
        content += f"{number:03d} (7.1.0) 2021-01-01 00:{minute:02d}:00 {LINES[number]}\n"
        content += f"{lines if number == 1 else ''}...\n"
    (ad,) = folded(content.encode()).values()
    assert (ad["JobStatus"], ad["CompletionDate"], ad["EventTime"], ad["ClusterId"]) == (4, at(11), at(11), 7)
    assert not {"ServerTime", "LoggedEvents"} & ad.keys()


def test_counting_begins_anew_after_what_is_no_number():
    held = "012 (7.1.0) 2021-01-01 00:0{}:00 Job was held.\n...\n"
    told = '033 (7.1.0) 2021-01-01 00:02:00 Changing job attribute NumHolds from 1 to "x"\n...\n'
    content = held.format(1) + told + held.format(3) + held.format(4)
    assert folded(content.encode())["7.1"]["NumHolds"] == 2


def test_reasons():
    held = story(0, 12)
    assert (held["HoldReason"], held["HoldReasonCode"], held["HoldReasonSubCode"], held["NumHolds"]) == (
        "Disk full",
        34,
        104,
        1,
    )
    released = story(0, 12, 13)
    assert (released["HoldReason"], released["HoldReasonCode"], released["LastHoldReason"]) == (
        None,
        None,
        "Disk full",
    )
    assert released["ReleaseReason"] == "via condor_release"
    assert story(0, 9)["RemoveReason"] == "via condor_rm"
    assert story(0, 1, 22, 24)["VacateReason"] == "Lease expired"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("normal_log", {"JobStatus": 4, "ExitCode": 1, "MemoryUsage": 922, "CumulativeRemoteUserCpu": 194}),
        ("abnormal_termination", {"JobStatus": 4, "ExitSignal": 11, "ExitBySignal": True, "CPUsUsage": 0.11}),
        ("aborted_with_errors", {"JobStatus": 3, "HoldReasonCode": 34, "NumJobStarts": 1}),
        ("job_evicted", {"JobStatus": 4, "NumJobStarts": 2, "NumVacates": 1, "DAGNodeName": "1267647_DS"}),
        (
            "job_disconnected",
            {"JobStatus": 4, "NumJobStarts": 2, "LostContact": False, "ResidentSetSize": 42500},
        ),
        ("gpu_usage", {"JobStatus": 4, "GPUsProvisioned": 1, "RequestGPUs": 1, "RequestMemory": 20480}),
        ("running_process", {"JobStatus": 2, "MemoryUsage": 47, "ImageSize": 13000}),
    ],
)
def test_real_jobs(real, name, wanted):
    (ad,) = folded((real / "event_logs" / "htcanalyze" / f"{name}.log").read_bytes()).values()
    assert {attribute: ad.get(attribute) for attribute in wanted} == wanted


def test_real_workflow(real):
    """States of its jobs, as counted by the last event that ends each."""
    content = (real / "dagman" / "group_failed_1.dag.nodes.log").read_bytes()
    jobs = folded(content)
    completed, removed = content.count(b"\n005 ("), content.count(b"\n009 (")
    assert Counter(ad["JobStatus"] for ad in jobs.values()) == {4: completed, 3: removed}
    assert sum(ad["NumJobStarts"] for ad in jobs.values()) == content.count(b"\n001 (")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("<10.0.9.1:9618?addrs=10.0.9.1-9618&noUDP&sock=1608_8860_3>", "10.0.9.1"),
        ("<10.0.0.33:9618?addrs=10.0.0.33-9618&alias=node-2.example.org&noUDP>", "node-2.example.org"),
        ("<[2001:db8::1]:9618>", "2001:db8::1"),
        ("<10.0.0.2>", "10.0.0.2"),
        ("node-2.example.org", "node-2.example.org"),
        ("", ""),
    ],
)
def test_name_of_a_machine(address, name):
    assert machine(address) == name


def test_what_the_slot_gave(real):
    """Each job started has as many cores and as much memory as the lines below its start say."""
    content = (real / "dagman" / "tiny_running.dag.nodes.log").read_bytes()
    jobs = folded(content).values()
    for name, line in (
        ("CpusProvisioned", rb"^\tCpus = (\d+)$"),
        ("MemoryProvisioned", rb"^\tMemory = (\d+)$"),
    ):
        wanted = sorted(map(int, re.findall(line, content, re.M)))
        assert sorted(ad[name] for ad in jobs if name in ad) == wanted
    assert not {"Cpus", "Memory", "CondorScratchDir"} & {name for ad in jobs for name in ad}


def test_events_of_no_job(real):
    jobs = folded((real / "event_logs" / "htcondor_reader_exercise.log").read_bytes())
    assert set(jobs) == {"2758.0", "2759.0"}
