"""Event service: ranges of events on the pages of tasks and jobs, and in what programs are told."""

import html
import re

import pytest

from bigpandamon_core.panda.events import JediEvents
from tests.web.asking_tasks import HOUR, dataset, task
from tests.web.compatible import ask
from tests.web.conftest import NOON
from tests.web.test_json_contract_task import rows_of

pytestmark = pytest.mark.usefixtures("own", "clock")
__all__ = ["dataset", "task"]
KEYS = {"totevproc_evst", "pcttotevproc_evst", "accsum", "naccsum"}
STATEMENTS = re.compile(r"<span>(\d+) statements?</span>")


@pytest.fixture
def served(panda, task, dataset):
    """A task with ranges in many states: two jobs, and a job set whose ranges no job has yet."""
    number = task(eventservice=1, username="Ada Secret")
    dataset(number, nfiles=1, nevents=400)
    at = {"jeditaskid": number, "modificationtime": NOON - HOUR, "eventservice": 1, "jobsetid": 90}
    cores = {"actualcorecount": 8, "corecount": 4}
    first = panda.job("jobsactive4", **at, jobstatus="running", hs06=40, **cores)
    second = panda.job("jobsactive4", **at, jobstatus="running", hs06=None, **cores)
    panda.job(**at, jobstatus="finished", hs06=1000, **cores)
    held = [
        (first, 3),
        (first, 6),
        (first, 9),
        (first, 2),
        (second, 7),
        (second, 8),
        (second, 7),
        (90, 0),
        (90, 0),
    ]
    for place, (pandaid, status) in enumerate(held):
        error = {"error_code": 1100 + status, "error_diag": "<b>event</b> of Ada Secret"}
        panda.row(
            JediEvents, jeditaskid=number, pandaid=pandaid, fileid=5, job_processid=place, datasetid=1,
            status=status, def_min_eventid=10 * place, def_max_eventid=10 * place + 9, attemptnr=2,
            **(error if status in (7, 8) else {}),
        )  # fmt: skip
    return {"task": number, "first": first, "second": second}


def test_the_page_of_a_task_tells_ranges_chunks_errors_and_bad_events(client, served):
    page = client.get(f"/task/{served['task']}/").content.decode()
    assert rows_of(page, "ranges") == [
        ["ready", "2", "20"], ["running", "1", "10"], ["finished", "1", "10"], ["done", "1", "10"],
        ["failed", "2", "20"], ["fatal", "1", "10"], ["merged", "1", "10"],
    ]  # fmt: skip
    assert [row[:1] + row[2:] for row in rows_of(page, "chunks")] == [
        [str(served["second"]), "40", "3", "30", "0", "3", "0"],
        ["90", "70", "2", "20", "0", "0", "2"],
        [str(served["first"]), "0", "4", "40", "30", "0", "1"],
    ]
    assert [row[:3] for row in rows_of(page, "range-errors")] == [["1107", "2", "1"], ["1108", "1", "1"]]
    bad = rows_of(page, "bad-events")
    assert [row[2:7] for row in bad] == [
        ["2", "40 to 69", "failed", "2", "1107"],
        ["1", "50 to 59", "fatal", "2", "1108"],
    ]
    assert bad[0][7] == "<b>event</b> of Ada Secret"
    assert "<b>event</b>" not in page


def test_they_cost_a_page_one_statement(client, panda, served, task, dataset):
    plain = task()
    dataset(plain, nfiles=1, nevents=400)
    panda.job("jobsactive4", jeditaskid=plain, jobstatus="running")
    pages = [f"/task/{number}/" for number in (plain, served["task"])]
    for page in pages:
        client.get(page)  # what is asked once a process
    without_ranges, with_ranges = (
        int(STATEMENTS.findall(client.get(page).content.decode())[0]) for page in pages
    )
    assert with_ranges == without_ranges + 1


def test_chunks_lead_to_their_job_but_not_to_a_job_set(client, served):
    page = client.get(f"/task/{served['task']}/").content.decode()
    chunks = page.partition('<table id="chunks">')[2].partition("</table>")[0]
    links = {html.unescape(link) for link in re.findall(r'href="(/job/\d+/)"', chunks)}
    assert links == {f"/job/{served['first']}/", f"/job/{served['second']}/"}
    assert f"/file/?jeditaskid={served['task']}&amp;fileid=5" in chunks


def test_the_page_of_a_job_tells_its_ranges_and_those_of_its_set(client, served):
    page = client.get(f"/job/{served['first']}/").content.decode()
    assert rows_of(page, "ranges") == [
        ["running", "1", "10"], ["finished", "1", "10"], ["done", "1", "10"], ["merged", "1", "10"],
    ]  # fmt: skip
    assert rows_of(page, "set-ranges") == [["ready", "2", "20"]]


def test_programs_are_told_what_was_worked_off(client, served):
    told = ask(client, f"/task/{served['task']}/")["task"]
    assert (told["totevproc_evst"], told["pcttotevproc_evst"]) == (30, 7.5)
    assert (told["accsum"], told["naccsum"]) == (16, 80)
    assert told["eventservice"] == "eventservice"
    data = client.get(f"/api/v1/tasks/{served['task']}").json()["data"]["event_ranges"]
    assert data["states"]["failed"] == {"ranges": 2, "events": 20}
    assert (data["processed_events"], data["chunks"], data["errors"]) == (30, 3, {"1107": 2, "1108": 1})
    assert [(one["ranges"], one["first"], one["last"]) for one in data["bad"]] == [(2, 40, 69), (1, 50, 59)]


@pytest.mark.parametrize("eventservice", [None, 0, 2])
def test_other_tasks_have_none(client, panda, task, eventservice):
    number = task(eventservice=eventservice)
    panda.row(JediEvents, jeditaskid=number, pandaid=1, fileid=1, job_processid=1, datasetid=1, status=7)
    assert not KEYS & ask(client, f"/task/{number}/")["task"].keys()
    assert '<table id="ranges">' not in client.get(f"/task/{number}/").content.decode()
    assert client.get(f"/api/v1/tasks/{number}").json()["data"]["event_ranges"] is None


@pytest.mark.parametrize("eventservice", [None, 3])
def test_other_jobs_have_none(client, panda, task, eventservice):
    number = task(eventservice=1)
    pandaid = panda.job(jeditaskid=number, eventservice=eventservice, jobsetid=90)
    panda.row(
        JediEvents, jeditaskid=number, pandaid=pandaid, fileid=1, job_processid=1, datasetid=1, status=2
    )
    assert '<table id="ranges">' not in client.get(f"/job/{pandaid}/").content.decode()


def test_an_event_service_task_without_ranges_has_no_numbers_of_them(client, task):
    number = task(eventservice=1)
    assert not KEYS & ask(client, f"/task/{number}/")["task"].keys()


def test_where_there_is_no_such_table_that_is_said(client, served, without):
    without("jedi_events")
    for address in (f"/task/{served['task']}/", f"/job/{served['first']}/"):
        assert "This installation has no event ranges." in client.get(address).content.decode()
    assert not KEYS & ask(client, f"/task/{served['task']}/")["task"].keys()
    answer = client.get(f"/api/v1/tasks/{served['task']}").json()
    assert answer["data"]["event_ranges"] is None
    assert "event ranges" in answer["meta"]["missing"]


def test_ranges_without_numbers_of_events_are_counted(client, panda, task):
    number = task(eventservice=1)
    panda.row(JediEvents, jeditaskid=number, pandaid=1, fileid=1, job_processid=1, datasetid=1, status=55)
    page = client.get(f"/task/{number}/").content.decode()
    assert rows_of(page, "ranges") == [["55", "1", "0"]]


def test_hidden_names_are_in_no_message(client, configured, served):
    configured('[privacy]\nanonymous = "pseudonyms"')
    for address in (f"/task/{served['task']}/", f"/api/v1/tasks/{served['task']}"):
        text = client.get(address).getvalue().decode()
        assert "event" in text
        assert "Secret" not in text
