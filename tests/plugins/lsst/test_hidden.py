"""Where names are hidden: no operator is told in any form, and every link of the pages works."""

import re
from html import unescape

import pytest

from tests.plugins.lsst.world import LATER, RUN

PEOPLE = re.compile(rb"jdoe|asmith|Jane|rroe", re.IGNORECASE)
DAG = "u_rroe_batch_20260504T093000Z"
NOBODY = "(name not shown)"


@pytest.fixture
def dag(own):
    from datetime import datetime

    from bigpandamon_htcondor.models import Dag

    now = datetime(2026, 5, 4, 11)
    counts = '{"NodesTotal": 4, "NodesDone": 2, "NodesFailed": 1, "NodesQueued": 1}'
    return Dag.objects.create(
        name=DAG, state="STATUS_SUBMITTED", attributes=counts, observed=now, received=now
    )


@pytest.fixture(params=["none", "pseudonyms"])
def stranger(request, dag, rubin, rubin_monitor):
    """Requests of somebody who may not know names."""
    job = rubin.job("02_calibrate_00", jobstatus="running")
    rubin.file("02_calibrate_00", 101, "calibrate_1180_102", pandaid=job)
    return rubin_monitor(more=f'[privacy]\nanonymous = "{request.param}"\n')


def test_no_form_of_the_list_tells_an_operator(stranger):
    for path in ("/lsst/workflows/", "/idds/wfprogress/"):
        for form in ({}, {"json": ""}, {"format": "csv"}, {"format": "ndjson"}):
            answer = stranger.get(path, **form)
            content = answer.getvalue()
            assert (answer.status_code, b"DRP_w_2026" in content) == (200, True)
            assert not PEOPLE.search(content), (path, form)
    assert b"batch_20260504T093000Z" in stranger.get("/lsst/workflows/").content
    for asked in ({"name": "jdoe"}, {"user": "rroe"}):
        assert stranger.get("/lsst/workflows/", **asked).status_code == 403


def test_lists_of_operators_tell_no_account(stranger):
    """Data sets of users are named after them."""
    from bigpandamon_lsst.models import Reported

    lfn = "user.jdoe.DRP.input"
    Reported.objects.create(
        jeditaskid=1, lfn=lfn, component="pilot", code=1305, pipetask="isr", error_type="", log_url="",
        diagnostic=f"{lfn} of /DC=org/CN=Jane Doe",
    )  # fmt: skip
    for form in ({}, {"json": ""}, {"format": "csv"}):
        content = stranger.get("/lsst/reported/", **form).getvalue()
        assert b"DRP.input" in content
        assert not PEOPLE.search(content), form


def test_every_link_works_and_tells_no_operator(stranger, rubin):
    page = stranger.get("/lsst/workflows/").content.decode()
    links = set(re.findall(r'href="(/lsst/workflow/[^"]+|/lsst/tasks/[^"]+|/htcondor/[^"]+)"', page))
    first = {f"/lsst/workflow/{rubin.number('00_pipetaskInit_00', run)}/" for run in (RUN, LATER)}
    assert {link for link in links if link.startswith("/lsst/workflow/")} == first
    for link in list(links):
        answer = stranger.client.get(unescape(link))
        assert answer.status_code == 200, link
        links |= set(re.findall(r'href="(/lsst/(?:retries|data)/[^"]*)"', answer.content.decode()))
    for link in links:
        content = stranger.client.get(unescape(link)).content
        assert not link.startswith("/htcondor/dag")
        if "/lsst/tasks/" not in link:
            assert not PEOPLE.search(content), link
    assert any("/retries/" in link for link in links)
    assert any("run=" in link for link in links)


def test_a_workflow_is_the_same_by_the_number_of_any_task(stranger, rubin, rubin_monitor):
    told = [
        stranger.json(f"/lsst/workflow/{rubin.number(name)}/") for name in ("01_isr_00", "04_finalJob_00")
    ]
    assert told[0] == told[1]
    assert [one["label"] for one in told[0]["labels"]] == [
        "pipetaskInit", "isr", "calibrate", "makeWarp", "finalJob",
    ]  # fmt: skip
    assert stranger.get(f"/lsst/workflow/{RUN}/").status_code == 403
    assert stranger.get("/lsst/workflow/1/").status_code == 404
    assert stranger.get(f"/lsst/workflow/{'9' * 40}/").status_code == 404


def test_data_ids_inside_a_workflow(stranger, rubin):
    number = rubin.number("01_isr_00")
    answer = stranger.get("/lsst/data/", run=number, visit="1180", json="")
    assert [one["fileid"] for one in answer.json()["pieces"]] == [101]
    assert not PEOPLE.search(answer.content)
    assert not PEOPLE.search(stranger.get("/lsst/data/", run=number, visit="1180").content)


def test_the_index_tells_no_operator(stranger):
    from datetime import datetime

    from bigpandamon_lsst.models import IndexedFile, IndexedTask

    IndexedTask.objects.create(jeditaskid=1, run=RUN, files=1, taken_in=datetime(2026, 5, 4))
    IndexedFile.objects.create(jeditaskid=1, fileid=2, run=RUN, label="isr", text="7_1", visit="7")
    for form in ({}, {"json": ""}, {"format": "csv"}):
        content = stranger.get("/lsst/data/", visit="7", **form).getvalue()
        assert b"DRP_w_2026" in content
        assert not PEOPLE.search(content)


def test_beside_a_job(stranger, rubin):
    job = rubin.job("02_calibrate_00")
    aside = stranger.get(f"/job/{job}/").content.decode().partition("<aside")[2]
    assert f'href="/lsst/workflow/{rubin.number("02_calibrate_00")}/"' in aside
    assert not PEOPLE.search(aside.partition("</aside>")[0].encode())


def test_names_are_told_to_those_who_may_know_them(dag, rubin, rubin_monitor):
    m = rubin_monitor()
    listed = m.json("/lsst/workflows/")
    assert [(one["r_name"], one["back_end"]) for one in listed] == [
        (LATER, "PanDA"), (RUN, "PanDA"), (DAG, "HTCondor"),
    ]  # fmt: skip
    assert (listed[2]["total_files"], listed[2]["lost_files"], listed[2]["username"]) == (4, 1, "rroe")
    assert m.json("/lsst/workflow/" + str(rubin.number("01_isr_00")) + "/")["run"] == RUN
    assert f'href="/htcondor/dag/{DAG}/"' in m.get("/lsst/workflows/").content.decode()
    known = m.json("/idds/wfprogress/")
    assert [one["r_name"] for one in known] == [LATER, RUN]
    assert "back_end" not in known[0]
    lines = m.get("/lsst/workflows/", format="csv").getvalue().decode().splitlines()
    assert len(lines) == 1 + len(listed)
