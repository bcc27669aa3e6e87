"""Beside core's page of a job: what the names of its task and files tell."""

import re

import pytest

from tests.plugins.lsst.world import RUN
from tests.plugins.test_panels import aside
from tests.web.test_statements import MOST, statements

NAME, LFN = "02_calibrate_00", "861192d5-2e1d-45db-b656-5e658b10a101_calibrate_1180_102+qgraphNodeId:x"


@pytest.fixture(params=["of the job", "of its task alone"])
def job(request, rubin, panda):
    """Its input stands among its files, or only among those of its task."""
    found: int = rubin.job(NAME, jobstatus="failed", piloterrorcode=1305)
    rubin.file(NAME, 101, "calibrate_1180_102", pandaid=found)
    rubin.file(NAME, 102, "calibrate_1180_103", pandaid=found + 1)
    if request.param == "of the job":
        panda.file(found, lfn=f"000101:{LFN}", type="pseudo_input")
    panda.file(found, lfn="panda.log.tgz", type="log")
    return found


def test_workflow_label_and_data_id(job, rubin_monitor):
    told = aside(rubin_monitor().get(f"/job/{job}/"))
    for words in (f'href="/lsst/workflow/{RUN}/"', ">calibrate<", "visit 1180, detector 102"):
        assert words in told
    assert 'href="/lsst/data/?visit=1180&amp;detector=102"' in told
    assert "panda.log" not in told
    assert "103" not in told


def test_nothing_of_tasks_that_are_none_of_a_run(rubin, panda, rubin_monitor):
    panda.task(jeditaskid=4711, taskname="something.else", vo="wlcg")
    other = panda.job(jeditaskid=4711, vo="wlcg", jobstatus="running")
    assert aside(rubin_monitor().get(f"/job/{other}/")).strip() == ""


def test_nothing_of_jobs_outside_its_scope(rubin, rubin_monitor):
    foreign = rubin.job(NAME, vo="other")
    assert aside(rubin_monitor().get(f"/job/{foreign}/")).strip() == ""


@pytest.mark.parametrize("anonymous", ["none", "pseudonyms"])
def test_names_that_are_hidden(job, rubin_monitor, anonymous):
    m = rubin_monitor(more=f'[privacy]\nanonymous = "{anonymous}"\n')
    told = aside(m.get(f"/job/{job}/"))
    assert re.search(r'href="/lsst/workflow/\d+/"', told)
    assert "DRP_w_2026_20260504T100000Z" in told
    assert "jdoe" not in told


def test_the_page_takes_few_statements(job, rubin_monitor, monkeypatch):
    """One more where the job itself has no files of that kind."""
    names = statements(rubin_monitor().client, monkeypatch, f"/job/{job}/")
    assert len(names) <= MOST + names.count("files.page"), names
