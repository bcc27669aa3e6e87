"""How a record becomes a job: no database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from bigpandamon_core.demo.importing import jobs
from bigpandamon_core.demo.importing.rows import Row, changes
from bigpandamon_core.domain.window import set_clock
from bigpandamon_core.panda.jobs import JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.sources.records import Record, Refused

NOW = datetime(2026, 5, 30, 12)
TIMES = {"creationtime": "2026-05-29T10:00:00", "modificationtime": "2026-05-29T12:00:00"}
OLD = {"creationtime": "2016-06-28T13:27:22", "modificationtime": "2016-06-30T05:30:41"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    set_clock(lambda: NOW)
    yield
    set_clock(None)


def row(**values: Any) -> Row:
    return jobs.job_row(Record("line 2", {"pandaid": 7} | values))


def test_columns_go_by_either_name_in_any_case():
    told = row(gShare="Share One", resource_type="SCORE", JobName="a").values
    assert told == {"pandaid": 7, "gshare": "Share One", "resourcetype": "SCORE", "jobname": "a"}
    assert row(resourcetype="SCORE").values["resourcetype"] == "SCORE"


@pytest.mark.parametrize("number", ["0", -5])
def test_numbers_that_no_page_opens_are_refused(number):
    with pytest.raises(Refused, match=f"pandaid: {number} is below 1"):
        row(pandaid=number)


def test_empty_fields_are_absent():
    assert row(jobname="", reqid=None).values == {"pandaid": 7}


def test_totals_keep_their_kilobytes_and_rates_become_kilobytes():
    told = row(
        IObytesRead="2140772.0", IOcharWritten=5, IObytesReadRate="7140555.0", IOcharWriteRate=1536
    ).values
    assert told == {"pandaid": 7, "totrbytes": 2140772, "totwchar": 5, "raterbytes": 6973, "ratewchar": 2}


def test_timings_become_pilottiming_with_what_is_not_told_empty():
    assert row(timeExe="372", timeStageIn="23", timeStageOut="87").values["pilottiming"] == "|23|372|87|"
    assert (
        row(timeGetJob=1, timeStageIn=2, timeExe=3, timeStageOut=4, timeSetup=5).values["pilottiming"]
        == "1|2|3|4|5"
    )


def test_timings_that_are_all_zero_say_nothing():
    assert "pilottiming" not in row(timeGetJob=0, timeExe=0, timeSetup=0).values


def test_pilottiming_told_is_not_replaced():
    assert row(pilottiming="1|2|3|4|5", timeExe=9).values["pilottiming"] == "1|2|3|4|5"


def test_metrics_are_added_under_the_pilot_s_names():
    told = row(jobmetrics="coreCount=8 workDirSize=5", dbTime="11.61", dbData=100, workDirSize="7.0").values
    assert told["jobmetrics"] == "coreCount=8 workDirSize=5 dbTime=11.61 dbData=100"


def test_derived_values_are_dropped_where_their_sources_are_told():
    times = {"starttime": "2026-05-29T11:00:00", "endtime": "2026-05-29T12:00:00"}
    told = row(**TIMES, **times, wall_time=3600, queue_time=3600, cpu_eff=0.5, cpuconsumptiontime=1800)
    assert "jobmetrics" not in told.values
    assert told.left_out == ()


def test_derived_values_are_kept_where_they_cannot_be_derived():
    told = row(wall_time="587", queue_time="1651", cpu_eff="0.5076661")
    assert told.values["jobmetrics"] == "wall_time=587 queue_time=1651 cpu_eff=0.5076661"
    assert row(wall_time=587, cpuconsumptiontime=298, cpu_eff=0.5).values["jobmetrics"] == "wall_time=587"


def test_derived_zero_of_absent_values_is_no_value():
    assert row(wall_time=0, queue_time=0, cpu_eff=0.0).values == {"pandaid": 7}


def test_metrics_without_room_are_named():
    told = row(jobmetrics="x" * 495, dbTime=1)
    assert told.values["jobmetrics"] == "x" * 495
    assert told.left_out == ("dbTime",)


def test_what_has_no_column_is_named_if_it_has_a_value():
    told = row(colour="red", flavour="", metadata="{}", jobparameters=None)
    assert sorted(told.left_out) == ["colour", "metadata"]


@pytest.mark.parametrize("name", ["dbTime", "timeExe", "wall_time", "IObytesReadRate"])
def test_a_value_that_is_no_number_is_refused_by_its_name(name: str):
    with pytest.raises(Refused, match=f"(?i)^{name}: 'much' is not a number"):
        row(**{name: "much"})


PLACES = [
    ({}, JobsArchived),
    ({"jobstatus": "running"}, JobsArchived),
    ({"jobstatus": "finished", "creationtime": TIMES["creationtime"]}, JobsArchived),
    ({"jobstatus": "finished", **TIMES}, JobsArchived4),
    ({"jobstatus": "failed", **OLD}, JobsArchived),
    ({"jobstatus": "assigned", **TIMES}, JobsDefined4),
    ({"jobstatus": "throttled", **TIMES}, JobsActive4),
    ({"jobstatus": "merging", **TIMES}, JobsActive4),
    ({"jobstatus": "merging", **OLD}, JobsArchived),
    ({"jobstatus": "unheard-of", **TIMES}, JobsArchived),
]


@pytest.mark.parametrize(("job", "table"), PLACES)
def test_place(job: dict[str, str], table: type):
    assert row(**job).table is table


def added(stored: dict[str, Any], told: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    found = changes(JobsArchived, {"pandaid": 7, **stored}, told)
    return dict(found.filled), found.differs


def test_only_what_is_absent_is_filled():
    stored = {"jobname": None, "vo": "", "piloterrorcode": 0, "nevents": 0, "reqid": 5}
    told = {"jobname": "a", "vo": "demo", "piloterrorcode": 1099, "nevents": 9, "reqid": 6}
    assert added(stored, told) == ({"jobname": "a", "vo": "demo", "piloterrorcode": 1099}, True)


def test_nothing_to_add_is_no_contradiction():
    assert added({"reqid": 5, "jobname": "a"}, {"reqid": 5}) == ({}, False)


def test_timings_and_metrics_are_completed_part_by_part():
    stored = {"pilottiming": "|23||87|", "jobmetrics": "wall_time=587"}
    told = {"pilottiming": "1|99|372|87|5", "jobmetrics": "wall_time=600 dbTime=3"}
    filled, _ = added(stored, told)
    assert filled == {"pilottiming": "1|23|372|87|5", "jobmetrics": "wall_time=587 dbTime=3"}


def test_metrics_that_do_not_fit_stay_out():
    assert added({"jobmetrics": "x" * 499}, {"jobmetrics": "dbTime=3"}) == ({}, True)


@pytest.mark.parametrize(
    ("names", "is_job"),
    [(["pandaid", "computingsite"], True), (["PandaID", "jobStatus"], True), (["pandaid", "lfn"], False)],
)
def test_recognised_by_more_than_a_pandaid(tmp_path, names: list[str], is_job: bool):
    assert jobs.recognises(tmp_path, Record("line 2", dict.fromkeys(names, "1"))) is is_job
