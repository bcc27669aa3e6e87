"""Job objects of `/jobs/`: every column and computed key with its type, as programs parse them."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bigpandamon_core.payloads.job_records import KEYS
from tests.instance.factory import Panda
from tests.truth.columns import ALL, DECIMALS, FLOATS, INTEGERS, TEXTS, TIMES
from tests.web.compatible import ask, jobs, numbers
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
CLOCK = re.compile(r"\d+:\d+:\d\d:\d\d")
ALWAYS: dict[str, Callable[[Any], bool]] = {
    "category": lambda value: value in ("run", "build", "merge"),
    "jobinfo": lambda value: isinstance(value, str),
    "homecloud": lambda value: value is None or isinstance(value, str),
    "processor_type": lambda value: value in ("CPU", "GPU"),
    "wn": lambda value: isinstance(value, str) and value != "",
    "durationsec": lambda value: isinstance(value, int | float) and value >= 0,
    "waittimesec": lambda value: isinstance(value, int | float) and value >= 0,
    "durationmin": lambda value: isinstance(value, int),
    "duration": lambda value: bool(CLOCK.fullmatch(value)),
    "waittime": lambda value: bool(CLOCK.fullmatch(value)),
    "priorityrange": lambda value: bool(re.fullmatch(r"-?\d+:-?\d+", value)),
    "consumer": lambda value: value is None or isinstance(value, int),
    "pilotversion": lambda value: isinstance(value, str) and value != "",
}
SOMETIMES = frozenset(
    "jobsetrange maxpssgbpercore cpuefficiency errorinfo error_desc error_category transformerrordiag".split()
)
AT = NOON - timedelta(minutes=5)


def test_every_key_may_be_asked_for_by_name():
    """Else `fields` would be told to name something unknown."""
    assert {*ALL, *ALWAYS, *SOMETIMES} - KEYS == set()


def the_job(client: Client, panda: Panda, table: str = "jobsarchived4", /, **columns: Any) -> dict[str, Any]:
    """The job object of a job with these columns."""
    number = panda.job(table, **({"modificationtime": AT} | columns))
    [found] = jobs(client, pandaid=number)
    return found


@pytest.fixture(params=["full", "bare", "live"])
def job(request: pytest.FixtureRequest, client: Client, panda: Panda) -> dict[str, Any]:
    """A job with a value in each column, one with as few as can be, and one that runs."""
    if request.param == "live":
        return the_job(client, panda, "jobsactive4", jobstatus="holding", piloterrorcode=1099)
    nothing = dict.fromkeys(ALL - {"pandaid", "eventservice"}) if request.param == "bare" else {}
    table = "jobsarchived" if request.param == "bare" else "jobsarchived4"
    return the_job(client, panda, table, **(_full() if request.param == "full" else _without(nothing)))


def _full() -> dict[str, Any]:
    told: dict[str, Any] = {name: name[:3] for name in TEXTS} | dict.fromkeys(INTEGERS - {"pandaid"}, 3)
    told |= dict.fromkeys(TIMES, AT) | {"eventservice": 1, "cpuconsumptiontime": 1234, "cpuconversion": 2}
    return told | {"jobstatus": "failed", "jobsubstatus": "", "transexitcode": "65", "memoryleakx2": 0.25}


def _without(nothing: dict[str, Any]) -> dict[str, Any]:
    never_null = (
        "jobdefinitionid assignedpriority currentpriority attemptnr maxattempt maxcpucount maxdiskcount"
    )
    codes = [name for name in INTEGERS if name.endswith("errorcode")]
    zeros = dict.fromkeys([*never_null.split(), *codes, "minramcount", "cpuconsumptiontime"], 0)
    return nothing | zeros | {"jobstatus": "closed", "creationtime": AT, "modificationtime": AT}


def test_every_column_with_its_type(job: dict[str, Any]):
    assert len(ALL) == 125
    assert not ALL - job.keys()
    assert {name for name in INTEGERS if not _is(job[name], int, float)} == set()
    assert {name for name in FLOATS if not _is(job[name], float)} == set()
    assert {name for name in DECIMALS if not _is(job[name], str)} == set()
    assert {name for name in TEXTS if not isinstance(job[name], str)} == set()
    assert {name for name in TIMES if job[name] is not None and not MOMENT.fullmatch(job[name])} == set()
    assert job["eventservice"] in "ordinary eventservice esmerge clone jumbo cojumbo finegrained".split()


def _is(value: Any, *kinds: type) -> bool:
    return value is None or (isinstance(value, kinds) and not isinstance(value, bool))


def test_computed_keys_and_no_others(job: dict[str, Any]):
    assert {name for name, fits in ALWAYS.items() if not fits(job[name])} == set()
    assert job.keys() - ALL - ALWAYS.keys() <= SOMETIMES
    assert ("errorinfo" in job) == (job["jobstatus"] in ("failed", "holding"))


@pytest.mark.parametrize(
    ("column", "stored", "told"),
    [
        ("transformation", "http://server/path/runGen-00-00-02", "runGen-00-00-02"),
        ("transformation", "Reco_tf.py", "Reco_tf.py"),
        ("corecount", None, 1),
        ("corecount", 0, 0),
        ("schedulerid", "harvester-north_central_A", "north_central_A"),
        ("schedulerid", "aipanda157", "Not specified"),
        ("schedulerid", None, "Not specified"),
        ("produsername", "", "Unknown"),
        ("produsername", None, "Unknown"),
        ("eventservice", None, "ordinary"),
        ("eventservice", 0, "ordinary"),
        ("eventservice", 4, "jumbo"),
        ("cpuconsumptiontime", 12, 12.0),
        ("maxpss", 2048, 2048),
        ("transexitcode", None, ""),
        ("computingelement", None, ""),
        ("starttime", None, None),
        ("reqid", None, None),
        ("modificationtime", AT.replace(microsecond=250_000), "2026-03-01T11:55:00"),
    ],
)
def test_columns_that_are_told_otherwise(client: Client, panda: Panda, column: str, stored: Any, told: Any):
    found = the_job(client, panda, **{column: stored})
    assert (found[column], type(found[column])) == (told, type(told))


@pytest.mark.parametrize(
    ("stored", "substatus", "told"),
    [
        ("finished", "fg_partial", "subfinished"),
        ("closed", "fg_stumble", "failed"),
        ("finished", "fg_done", "finished"),
    ],
)
def test_the_state_of_fine_grained_jobs(client: Client, panda: Panda, stored: str, substatus: str, told: str):
    found = the_job(client, panda, jobstatus=stored, jobsubstatus=substatus, piloterrorcode=1305)
    assert found["jobstatus"] == told
    assert ("errorinfo" in found) == (told == "failed")


def test_times_of_a_job_that_ran(client: Client, panda: Panda):
    begin = datetime(2026, 3, 1, 8)
    found = the_job(
        client, panda, creationtime=begin, starttime=begin + timedelta(hours=1, seconds=5),
        endtime=begin + timedelta(hours=2, minutes=30, seconds=10), cpuconsumptiontime=40_000,
        actualcorecount=8, maxpss=8 * 1024 * 1024, currentpriority=987, jobsetid=12345,
        modificationhost="slot1@node7", jobmetrics="nGPU=1 leak=2", pilotid="url|opts|batch|PR|3.10.1.1",
    )  # fmt: skip
    assert {name: found[name] for name in (*ALWAYS, "jobsetrange", "maxpssgbpercore", "cpuefficiency")} == {
        "category": "run", "jobinfo": "", "homecloud": None, "processor_type": "GPU", "wn": "node7",
        "durationsec": 5405, "waittimesec": 3605, "durationmin": 90, "duration": "0:1:30:05",
        "waittime": "0:1:00:05", "priorityrange": "900:999", "consumer": None, "pilotversion": "3.10.1.1",
        "jobsetrange": "12300:12399", "maxpssgbpercore": 1.0, "cpuefficiency": 0.93,
    }  # fmt: skip


def test_the_home_cloud_is_the_queue_s(client: Client, panda: Panda):
    panda.queue("QUEUE_ONE", cloud="DE")
    assert the_job(client, panda)["homecloud"] == "DE"


def test_errors_in_words(client: Client, panda: Panda):
    found = the_job(
        client, panda, jobstatus="failed", piloterrorcode=1099, piloterrordiag="no <file> & none",
        exeerrorcode=65, exeerrordiag="y" * 400, transexitcode="65",
    )  # fmt: skip
    assert found["errorinfo"].startswith("executor:65 yyy")
    assert len(found["errorinfo"]) == 303
    assert found["errorinfo"].endswith("...")
    assert all(
        isinstance(found[name], str) for name in ("error_desc", "error_category", "transformerrordiag")
    )
    short = the_job(
        client, panda, jobstatus="holding", piloterrorcode=1099, piloterrordiag="no <file> & none"
    )
    assert short["errorinfo"] == "pilot:1099 no <file> & none "


def test_event_service_jobs_tell_what_their_pilots_report(client: Client, panda: Panda):
    metrics = "coreCount=48 mode=jumbo HPCStatus=running x=1"
    found = the_job(client, panda, eventservice=4, jobmetrics=metrics)
    assert (found["jobmode"], found["substate"]) == ("jumbo", "running")
    assert not {"jobmode", "substate"} & the_job(client, panda, jobmetrics=metrics).keys()


def test_newest_first_and_by_attempt_within_a_task(client: Client, panda: Panda):
    for number, minutes, attempt in ((1, 30, 2), (2, 10, 0), (3, 20, 1), (4, 20, 3)):
        panda.job(pandaid=number, modificationtime=NOON - timedelta(minutes=minutes), attemptnr=attempt)
    panda.job("jobsactive4", pandaid=5, modificationtime=NOON - timedelta(minutes=15), attemptnr=4)
    assert numbers(client) == [2, 5, 4, 3, 1]
    assert numbers(client, jeditaskid=7000) == [5, 4, 1, 3, 2]
    assert numbers(client, limit=2) == [2, 5]
    assert numbers(client, jeditaskid=7000, limit=3) == [5, 4, 1]


@pytest.mark.parametrize(
    ("word", "order"),
    [
        ("pandaid-ascending", [1, 2, 3]), ("pandaid-descending", [3, 2, 1]),
        ("create-ascending", [2, 3, 1]), ("create-descending", [1, 3, 2]),
        ("time-ascending", [3, 1, 2]), ("time-descending", [2, 1, 3]),
        ("statetime-ascending", [1, 2, 3]), ("statetime-descending", [3, 2, 1]),
        ("priority-ascending", [2, 1, 3]), ("priority-descending", [3, 1, 2]),
        ("attemptnr-ascending", [3, 2, 1]), ("attemptnr-descending", [1, 2, 3]),
        ("duration-ascending", [3, 1, 2]), ("duration-descending", [2, 1, 3]),
        ("queuetime-ascending", [1, 3, 2]), ("queuetime-descending", [2, 3, 1]),
        ("count", [2, 1, 3]), ("alpha", [2, 1, 3]), ("nonsense", [2, 1, 3]),
    ],
)  # fmt: skip
def test_orders(client: Client, panda: Panda, word: str, order: list[int]):
    minute = timedelta(minutes=1)
    told = ((1, 90, 60, 30, 12, 5, 500, 9), (2, 200, 70, 20, 5, 4, 400, 8), (3, 100, 40, 15, 14, 3, 900, 7))
    for number, created, started, ended, modified, changed, priority, attempt in told:
        panda.job(
            pandaid=number, creationtime=NOON - created * minute, starttime=NOON - started * minute,
            endtime=NOON - ended * minute, modificationtime=NOON - modified * minute,
            statechangetime=NOON - changed * minute, currentpriority=priority, attemptnr=attempt,
        )  # fmt: skip
    assert numbers(client, sortby=word) == order


def test_only_the_wanted_keys(client: Client, panda: Panda):
    panda.job(jobstatus="failed", piloterrorcode=7, modificationtime=AT)
    answer = ask(client, fields="jobstatus,computingsite,piloterrorcode,no_such_key")
    assert answer["jobs"] == [{"jobstatus": "failed", "computingsite": "QUEUE_ONE", "piloterrorcode": 7}]
    assert answer["errsByCount"][0]["error"] == "pilot:7"
    assert len(answer["selectionsummary"]) == 33


def test_metadata_only_where_asked_for_and_stored(client: Client, panda: Panda):
    with_it, other, broken = (panda.job(modificationtime=AT, currentpriority=p) for p in (3, 2, 1))
    panda.metadata(with_it, '{"executor": [{"name": "evgen"}], "nevents": 10}')
    panda.metadata(broken, "<xml/>")
    order = {"sortby": "priority-descending"}
    assert jobs(client, fields="metastruct", **order) == [
        {"metastruct": {"executor": [{"name": "evgen"}], "nevents": 10}}, {}, {},
    ]  # fmt: skip
    assert jobs(client, fields="metastruct,pandaid", **order)[1:] == [{"pandaid": other}, {"pandaid": broken}]
    assert all("metastruct" not in job for job in jobs(client))


@pytest.mark.parametrize("wanted", ["jobs", "selectionsummary", "errsByCount", "jobs,errsByCount", "nothing"])
def test_only_the_wanted_sections(client: Client, panda: Panda, wanted: str):
    panda.job(jobstatus="failed", piloterrorcode=7, modificationtime=AT)
    answer = ask(client, outputs=wanted)
    assert answer.keys() == {"jobs", "selectionsummary", "errsByCount"}
    assert {name for name, part in answer.items() if part} == set(wanted.split(",")) & answer.keys()


def test_memory_as_text_for_requests_of_a_task(client: Client, panda: Panda):
    panda.job(maxpss=1536, maxvmem=2048, avgvmem=1000, modificationtime=AT)
    panda.job(maxpss=None, maxvmem=None, avgvmem=None, modificationtime=AT)
    told, bare = sorted(jobs(client, jeditaskid=7000), key=lambda job: job["pandaid"])
    assert (told["maxpss"], told["maxvmemmb"], told["avgvmemmb"]) == ("1.50", "2.00", "0.98")
    assert bare["maxpss"] is None
    assert not {"maxvmemmb", "avgvmemmb"} & (bare.keys() | jobs(client)[0].keys())


def test_the_limit_is_that_of_the_instance_but_for_requests_by_id(
    client: Client, panda: Panda, configured: Any
):
    configured("[jobs]\nlimit = 3\n[cache]\nkind = 'none'")
    panda.jobs({"modificationtime": AT, "jobname": "one.name"} for _ in range(5))
    panda.jobs(({"modificationtime": AT, "jobname": "one.name"} for _ in range(2)), "jobsdefined4")
    every = ",".join(map(str, numbers(client, limit=100)))
    assert len(numbers(client)) == 3
    for asked in ({"jeditaskid": 7000}, {"jobname": "one.name"}, {"pandaid": every}):
        assert len(numbers(client, **asked)) == 7
        assert len(numbers(client, **asked, limit=4)) == 4


def test_a_region_of_very_many_queues(client: Client, panda: Panda):
    for number in range(1200):
        panda.queue(f"QUEUE_{number:04}", cloud="WORLD")
    for name in ("QUEUE_0000", "QUEUE_1199", "queue_0001", "QUEUE_0002 "):
        panda.job(modificationtime=AT, computingsite=name)
    found = [job["computingsite"] for job in jobs(client, region="WORLD", sortby="alpha")]
    assert sorted(found) == ["QUEUE_0000", "QUEUE_1199"]
    assert len(jobs(client, region="!WORLD")) == 0
