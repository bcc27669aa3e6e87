"""The page of jobs: which columns its table has, what cells show and where they lead, what is doubtful."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings

from bigpandamon_core.config.options import OPTIONS
from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads import jobs_columns, jobs_page
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.state.imports import ImportedFile, ImportedJob

USUAL = [column.name for column in jobs_columns.USUAL]


def page(*parameters: tuple[str, str]) -> dict[str, Any]:
    return jobs_page.shape(Jobs(Call(parameters, now(), settings.BIGPANDAMON.get, url="/jobs/")))


def names(found: dict[str, Any]) -> list[str]:
    return [column["name"] for column in found["columns"]]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ([], USUAL),
        (["wn,jobstatus"], ["pandaid", "wn", "jobstatus"]),
        (["wn", "jobstatus"], ["pandaid", "wn", "jobstatus"]),
        (["wn,pandaid,wn"], ["pandaid", "wn"]),
        (["no_such_column"], USUAL),
    ],
)
def test_fields_choose_the_columns_once_each_in_their_order(panda, own, asked, shown):
    found = page(*(("fields", text) for text in asked))
    assert names(found) == shown
    checked = {one["name"] for one in found["column_choice"]["columns"] if one["shown"]}
    assert checked == {*shown} - {"pandaid"}


def test_every_column_on_offer_shows_something_of_a_job_that_has_it(panda, own):
    panda.job(
        modificationhost="slot1@node7", pilotid="x|3.1", schedulerid="harvester-h1", cpuconsumptiontime=1800,
        maxpss=2_097_152, jobname="a.b.c", jobsubstatus="x", homepackage="p/1", workinggroup="g", batchid="b",
        actualcorecount=1, nucleus="N", computingelement="ce", container_name="c", specialhandling="s",
        nevents=5, ninputdatafiles=1, noutputdatafiles=2, inputfileproject="d", inputfiletype="t",
        jobstatus="failed", piloterrorcode=1099,
    )  # fmt: skip
    offered = (*jobs_columns.USUAL, *jobs_columns.FURTHER)
    found = page(("fields", ",".join(column.name for column in offered)))
    cells = dict(zip(names(found), found["rows"][0]["cells"], strict=True))
    assert [name for name, cell in cells.items() if not cell["text"]] == []
    assert cells["wn"]["text"] == "node7"
    assert cells["pilotversion"]["text"] == "3.1"
    assert cells["cpuefficiency"] == {"kind": "percent", "value": 50.0, "text": "50.0", "url": ""}
    assert "gshare.is=Share+One" in cells["gshare"]["url"]
    for column in offered[1:]:  # alone, it is read with what it is made of
        alone = page(("fields", column.name))["rows"][0]["cells"]
        assert alone[1]["text"] == cells[column.name]["text"]


def test_a_form_sends_again_what_was_asked_and_nothing_empty(panda, own):
    asked = {"hours": "6", "jobstatus": "failed", "fields": "wn", "dt": "", "timestamp": "1"}
    found = page(*asked.items())
    assert sorted(found["column_choice"]["kept"]) == [("hours", "6"), ("jobstatus", "failed")]
    assert ("fields", "wn") in found["condition_choice"]["kept"]
    assert found["column_choice"]["usual_url"] == "/jobs/?hours=6&jobstatus=failed"


def test_chosen_columns_stay_when_a_value_narrows(panda, own):
    panda.job()
    found = page(("fields", "wn"), ("sort", "pandaid"))
    value = next(one for one in found["attributes"] if one["field"] == "computingsite")["values"][0]
    assert "fields=wn" in value["url"]
    assert "sort" not in value["url"]


def test_a_word_no_job_can_have_is_told_with_what_was_meant(panda, own):
    panda.job()
    notes = page(("jobstatus", "runing"))["notes"]
    assert notes == ["No job can have the jobstatus runing. Did you mean running?"]
    assert page(("jobstatus", "running"))["notes"] == []


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("computingsite", "Astre", "ASTREA"), ("computingsite", "astrea", ""), ("computingsite", "Ast*", ""),
        ("cloud", "NORTH,Soth", "SOUTH"),
        ("resourcetype", "MCOR", "MCORE"), ("resourcetype", "mcore", "MCORE"),
        ("prodsourcelabel", "managd", "managed"), ("prodsourcelabel", "managed", ""),
        ("cloud", "quite another", ""),
    ],
)  # fmt: skip
def test_where_no_job_is_so_named_a_known_word_like_it_is_told(panda, own, name, asked, told):
    panda.queue("ASTREA", cloud="SOUTH")
    panda.queue("BOREAS", cloud="NORTH")
    word = asked.split(",")[-1]
    notes = page((name, asked))["notes"]
    assert notes == ([f"No {name} is known as {word}. Did you mean {told}?"] if told else [])


def test_nothing_is_doubted_where_jobs_are_so_named(panda, own):
    panda.queue("ASTREA", cloud="SOUTH")
    panda.job(computingsite="Astre")
    assert page(("computingsite", "Astre"))["notes"] == []


def test_records_without_a_state_or_times_are_counted_beyond_the_page(panda, own):
    file = ImportedFile.objects.create(name="old.json", first_imported=now(), last_imported=now())
    absent = dict.fromkeys(("modificationtime", "statechangetime", "creationtime", "jobstatus"))
    for _ in range(3):
        ImportedJob.objects.create(file=file, pandaid=panda.job("jobsarchived", **absent))
    ImportedJob.objects.create(file=file, pandaid=panda.job())
    found = page(("origin", "old.json"), ("limit", "1"))
    assert (found["total"], len(found["rows"]), found["incomplete"]) == (4, 1, 3)
    assert [(one["field"], one["text"]) for one in found["conditions"]] == [("origin", "old.json")]
    assert page(("jobstatus", "finished"))["incomplete"] == 0


def test_columns_that_are_not_on_offer_are_named(panda, own):
    assert page(("fields", "wn,nosuch"))["ignored"] == ["nosuch of fields"]


def test_fewer_rows_than_were_asked_for_are_told(panda, own):
    assert page(("limit", "500"))["notes"] == []
    assert "at most 500 rows" in page(("limit", "501"))["notes"][0]


def test_the_largest_page_an_instance_may_choose_is_the_largest_there_is():
    [option] = [option for option in OPTIONS if option.key == "jobs.page_rows"]
    assert option.rule is not None
    assert option.rule.complaint(jobs_page.MOST_ROWS) == ""
    assert option.rule.complaint(jobs_page.MOST_ROWS + 1) != ""


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("workerid=5&harvesterid=H1&cloud=A", {"cloud": "A"}),
        ("harvesterce=ce&harvesterinstance=H1&workerid=5&cloud=A", {"cloud": "A"}),
        ("taskname=a.*&username=ada&cloud=A", {"cloud": "A"}),
        ("datasetid=3&fileid=4&jeditaskid=7&mode=nodrop", {"jeditaskid": "7", "mode": "nodrop"}),
    ],
)
def test_a_condition_is_removed_with_all_that_it_was_made_of(panda, own, asked, left):
    looked_up = page(*parse_qsl(asked))["conditions"][0]
    assert dict(parse_qsl(urlsplit(looked_up["remove_url"]).query)) == left


@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        ([("computingsite.is", "Q|1"), ("computingsite.is", "q2")], {"Q|1": 2, "q2": 1}),
        ([("computingsite", "q2|Q3")], {"q2": 3, "Q3": 4}),
    ],
)
def test_each_value_is_taken_out_alone(panda, own, asked, counts):
    """A queue with a bar in its name is one, and case counts where values are asked for as shown."""
    for queue, jobs in {"Q|1": 1, "q2": 2, "Q2": 2, "Q3": 3, "1": 8}.items():
        for _ in range(jobs):
            panda.job(computingsite=queue)
    found = {one["text"]: one["remove_url"] for one in page(*asked)["conditions"]}
    left = {text: page(*parse_qsl(urlsplit(url).query))["total"] for text, url in found.items()}
    assert left == counts
