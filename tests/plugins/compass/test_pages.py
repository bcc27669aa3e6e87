"""Pages of jobs as they come: names of all forms, what was tried again, wrong requests, what is not there."""

import json
import re
from datetime import timedelta
from functools import partial
from html import unescape
from urllib.parse import quote

import pytest
from django.conf import settings

from bigpandamon_core.demo.importing.tree import import_tree
from bigpandamon_core.domain import window
from bigpandamon_core.sources.reading import recorded
from tests.plugins.compass.conftest import END
from tests.plugins.monitors import asked_of_jobs

VO = "vo.compass.cern.ch"
NAME = "dvcs2016P07t1_mu-"
PATH = f"/compass/production/{NAME}/"


@pytest.fixture
def job(panda):
    """job(name, step): a job of the VO that changed an hour ago."""

    def make(jobname: str, transformation: str = "mass production", **columns):
        usual = {"vo": VO, "taskid": 571, "jeditaskid": None, "modificationtime": END - timedelta(hours=1)}
        return panda.job(**(usual | {"jobname": jobname, "transformation": transformation} | columns))

    return make


def file_job(run: int, chunk: int, attempt: int = 1) -> str:
    return f"{NAME}-2016--{run}-{chunk}-0-7-90-{attempt}"


@pytest.fixture
def chain(job):
    """Two runs as ProdSys of today defines them: merges are per run, the rest happens outside PanDA."""
    for chunk in (11001, 11002):
        job(file_job(276187, chunk))
    job(file_job(276188, 11001), jobstatus="failed", piloterrorcode=1305)
    job(file_job(276188, 11001, 2), jobstatus="running", table="jobsactive4")
    job(f"{NAME}-merge-mdst-276187-ch000", "merging mdst")
    job(f"{NAME}-merge-hist-276187-0-7-ch000", "merging hist", jobstatus="failed", piloterrorcode=1305)
    job(f"{NAME}-merge-dump-276187-ch000", "merging dump", jobstatus="activated", table="jobsactive4")


def cell(row, step):
    (found,) = [one for one in row["steps"] if one["step"] == step]
    return found


def test_what_was_tried_again_is_judged_by_its_last_job(chain, monitor):
    first, second = monitor.json(PATH)["runs"]
    assert (first["run"], second["run"]) == ("276187", "276188")
    assert cell(second, "reconstruction") == {
        "step": "reconstruction",
        "jobs": 2,
        "finished": 0,
        "worst": "running",
        "states": {"failed": 1, "running": 1},
    }
    assert {one["step"]: one["worst"] for one in first["steps"]} == {
        "reconstruction": "finished",
        "merge-mdst": "finished",
        "merge-hist": "failed",
        "merge-dump": "activated",
    }


def test_outputs_of_merges_stand_beside_the_chunks(chain, monitor):
    chunks = monitor.json(f"{PATH}run/276187/")["chunks"]
    assert [row["chunk"] for row in chunks] == ["000", "11001", "11002"]
    assert [one["step"] for one in chunks[0]["steps"]] == ["merge-mdst", "merge-hist", "merge-dump"]


def test_steps_outside_panda_are_said_to_be(chain, monitor):
    page = monitor.get(PATH).content.decode()
    assert "No job of</dt><dd>X-check mDST, X-check dump, To tape, Logs to tape, Deletion" in page
    assert f"PanDA has no job that copies {NAME} to tape" in monitor.get("/compass/tape/").content.decode()
    assert monitor.json("/compass/tape/")["without_jobs_to_tape"] == [NAME]


def test_every_job_is_counted_whatever_its_name(chain, job, monitor):
    job("hello world")
    job("hello again", "runGen", jobstatus="failed", piloterrorcode=1305)
    job(file_job(276188, 11002), "something new")
    told = {row["production"]: row for row in monitor.json("/compass/productions/")["productions"]}
    assert {name: row["jobs"] for name, row in told.items()} == {NAME: 8, "Not specified": 2}
    assert cell(told[NAME], "Not specified")["jobs"] == 1
    assert cell(told["Not specified"], "reconstruction")["worst"] == "finished"
    page = monitor.get("/compass/productions/").content.decode()
    assert "<h1>1 production</h1>" in page
    assert ">Other</th>" in page


def test_hostile_names_are_text(job, monitor):
    evil = '<img src=x onerror="alert(1)">'
    job(f"{evil}-2016--<b>-11001-0-7-90-1")
    page = monitor.get("/compass/productions/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    told = monitor.json(f"/compass/production/{quote(evil, safe='')}/")
    assert [row["run"] for row in told["runs"]] == ["<b>"]
    assert "<b>-" not in monitor.get(f"/compass/production/{quote(evil, safe='')}/").content.decode()


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/compass/production/nowhere/", 404, "No job of nowhere is in this window"),
        (f"{PATH}run/1/", 404, "is in this window"),
        (f"{PATH}?offset=-1", 400, "Illegal value '-1' for offset"),
        (f"{PATH}?offset=one", 400, "Illegal value 'one' for offset"),
        ("/compass/productions/?days=many", 400, "days"),
        ("/api/v1/compass/productions?nonsense=1", 400, "nonsense"),
        ("/api/v1/compass/productions?compass_step=nonsense", 400, "nonsense"),
    ],
)
def test_wrong_requests_are_told_what_is_wrong(chain, monitor, path, status, said):
    response = monitor.client.get(path, headers={"accept": "application/json"})
    assert response.status_code == status
    assert said in response.content.decode()


def test_the_address_decides_which_production(chain, job, monitor):
    job("other-2016--5-1-0-7-90-1")
    told = monitor.client.get(PATH, [("json", ""), ("compass_production.is", "other")]).json()
    assert [row["run"] for row in told["runs"]] == ["276187", "276188"]


def test_a_request_narrows_what_is_counted(chain, job, monitor):
    job(file_job(276189, 11001), modificationtime=END - timedelta(days=40))
    assert [row["run"] for row in monitor.json(PATH)["runs"]] == ["276187", "276188"]
    assert [row["run"] for row in monitor.json(PATH, days=50)["runs"]] == ["276187", "276188", "276189"]
    (row,) = monitor.json("/compass/productions/", compass_step="merge-mdst|merge-hist")["productions"]
    assert row["jobs"] == 2


def test_how_far_pages_look_is_an_option(chain, job, compass):
    job(file_job(276189, 11001), modificationtime=END - timedelta(days=40))
    assert len(compass("days = 50\n").json(PATH)["runs"]) == 3


def test_jobs_of_others_are_not_there(chain, panda, monitor):
    panda.job(jobname=file_job(5, 1), vo="other", modificationtime=END - timedelta(hours=1))
    assert [row["run"] for row in monitor.json(PATH)["runs"]] == ["276187", "276188"]


def test_many_runs_are_told_on_several_pages(job, panda, monitor):
    panda.jobs(
        {"vo": VO, "jobname": file_job(run, 1), "transformation": "mass production", "modificationtime": END}
        for run in range(1, 131)
    )
    first = monitor.get(PATH).content.decode()
    links = dict(re.findall(r'<a href="([^"]*)"(?: aria-current="true")?>(\d+) …</a>', first))
    assert list(links.values()) == ["1", "61", "121"]
    last = monitor.client.get(list(links)[-1].replace("&amp;", "&")).content.decode()
    assert re.findall(r'<th scope="row"><a [^>]*>(\d+)</a>', last) == [str(run) for run in range(121, 131)]
    assert len(monitor.json(PATH)["runs"]) == 130


def test_batch_jobs_of_one_job_are_shown_where_others_have_more(job, monitor):
    hpc = {"computingsite": "BW_COMPASS_MCORE"}
    for place, batch in enumerate(("7", "7", "7", "8")):
        job(file_job(276187, 11001 + place), batchid=batch, **hpc)
    job(file_job(276187, 11009), batchid="9", computingsite="CERN_COMPASS_PROD")
    told = monitor.json("/compass/batches/")["batches"]
    assert {(row["batch"], row["jobs"], row["full"]) for row in told} == {("7", 3, 1.0), ("8", 1, 0.3333)}
    assert len(monitor.json("/compass/jobs/", **{"compass_batch.is": "7"})["jobs"]) == 3


def test_nothing_is_said_to_be_nothing(monitor, panda):
    assert monitor.json("/compass/productions/") == {"productions": []}
    assert "No batch job ran several PanDA jobs" in monitor.get("/compass/batches/").content.decode()
    assert "0 outputs wait for tape" in monitor.get("/compass/tape/").content.decode()


def test_many_jobs_are_read_by_few_statements(panda, monitor):
    same = {"vo": VO, "transformation": "mass production", "modificationtime": END}
    panda.jobs(same | {"jobname": file_job(1, chunk)} for chunk in range(700))
    with recorded() as statements:
        (row,) = monitor.json("/compass/productions/")["productions"]
    assert row["chunks"] == 700
    assert len(statements.executed) <= 12


def test_the_queue_that_was_saved_is_shown(shared, own, panda, job, monitor):
    """The record of the queue is core's to show; the page of batch jobs leads there."""
    path = shared / "data" / "panda" / "queues" / "BW_COMPASS_MCORE_2018.json"
    (report,) = import_tree(path).imported
    assert (report.records, report.refused) == (1, 0)
    saved = json.loads(path.read_text())
    for chunk in (11001, 11002):
        job(file_job(276187, chunk), batchid="7", computingsite=saved["nickname"])
    page = monitor.get("/compass/batches/").content.decode()
    assert f'<a href="/site/{saved["nickname"]}/">{saved["nickname"]}</a>' in page
    told = monitor.json(f"/site/{saved['nickname']}/")
    assert saved["nickname"] in json.dumps(told)
    assert saved["sepath"] in monitor.get(f"/site/{saved['nickname']}/").content.decode()


@pytest.mark.parametrize("path", ["productions/", f"production/{NAME}/", "tape/", "batches/"])
def test_a_kept_answer_asks_for_no_job(chain, kept_monitor, path):
    for form in ({}, {"json": ""}):
        asked = [
            asked_of_jobs("jobname", partial(kept_monitor.get, f"/compass/{path}", **form)) for _ in range(2)
        ]
        assert asked == [1, 0]


def test_a_window_that_moved_on_is_asked_again(chain, kept_monitor):
    """A kept answer is known by its window, not by its age alone."""
    asked = []
    for seconds in (45, 50, 65):
        moment = END + timedelta(seconds=seconds)
        window.set_clock(partial(lambda moment: moment, moment))
        asked.append(asked_of_jobs("jobname", partial(kept_monitor.get, "/compass/productions/")))
    assert asked == [1, 0, 1]


@pytest.mark.parametrize("path", ["productions/", f"production/{NAME}/", "tape/", "batches/"])
def test_an_answer_that_was_cut_says_so(chain, monitor, path, monkeypatch):
    whole = monitor.get(f"/compass/{path}", json="")
    assert "truncated" not in whole.json()
    assert "X-Truncated" not in whole
    monkeypatch.setitem(settings.BIGPANDAMON._values, "panda.row_cap", 2)
    told = "reading stopped at 2 jobs: ask for a shorter window"
    assert monitor.json(f"/compass/{path}")["truncated"] == told
    assert told in monitor.get(f"/compass/{path}").content.decode()
    for form in ("csv", "ndjson", "json"):
        assert monitor.get(f"/compass/{path}", format=form)["X-Truncated"] == told


@pytest.mark.parametrize("field", ["compass_production", "compass_run", "compass_chunk", "compass_step"])
def test_lists_are_as_long_as_may_be(chain, monitor, field):
    values = "|".join(map(str, range(51)))
    refused = monitor.client.get(f"/compass/jobs/?{field}={values}&json")
    assert (refused.status_code, refused.json()["problem"]["parameter"]) == (400, field)
    assert monitor.client.get(f"/compass/jobs/?{field}={values[:100]}&json").status_code == 200


def test_several_runs_are_those_of_each(chain, monitor):
    each = [monitor.json("/compass/jobs/", compass_run=run)["jobs"] for run in ("276187", "276188")]
    both = monitor.json("/compass/jobs/", compass_run="276187|276188|nowhere")["jobs"]
    assert {one["pandaid"] for one in both} == {one["pandaid"] for jobs in each for one in jobs}
    assert all(each)


def test_what_waits_for_tape_leads_to_just_that(chain, job, monitor):
    """Of one production among two, and of one run."""
    live = {"jobstatus": "activated", "table": "jobsactive4"}
    for name, run in ((NAME, 276187), (NAME, 276188), ("other", 5)):
        job(f"{name}-merge-mdst-{run}-ch000", "merging mdst")
        job(f"{name}-merge-mdst-{run}-ch000", "castor mdst", **live)
    for page in ("/compass/productions/", PATH, f"{PATH}run/276187/"):
        text = monitor.get(page).content.decode()
        links = re.findall(r'href="(/compass/tape/[^"]*)"[^>]*>([\d,]+)<', text)
        assert links, page
        for link, count in links:
            told = monitor.client.get(f"{unescape(link)}&json").json()
            assert sum(row["waiting"] for row in told["runs"]) == int(count), link
