"""Requests of the workflow service, where its tables are in the same database."""

import re

import pytest

from bigpandamon_core.web import presence
from bigpandamon_lsst.service import FAMILIES, STATES, Requests, Transforms
from tests.plugins.further_tables import further_tables
from tests.plugins.lsst.world import LATER, REQUEST, RUN

UNKNOWN = "nothing is known here of requests of the workflow service"


@pytest.fixture
def service(rubin):
    """It knows the request of the first run; another one is of nobody."""
    with further_tables(*FAMILIES["idds"]):
        presence.forget()
        rubin.panda.row(Requests, request_id=REQUEST, status=STATES.index("SubFinished"), transform_tag="w26")
        rubin.panda.row(Requests, request_id=1, status=99)
        for number, kind in enumerate((6, 13, 6)):
            rubin.panda.row(Transforms, transform_id=number, request_id=REQUEST, transform_type=kind)
        yield
    presence.forget()


def test_keys_that_programs_know(service, rubin_monitor):
    told = {one["r_name"]: one for one in rubin_monitor().json("/idds/wfprogress/")}
    names = ("request_id", "r_status", "transform_type", "transform_tag")
    assert [told[RUN][name] for name in names] == [REQUEST, "SubFinished", "Processing,BuildWork", "w26"]
    assert {told[LATER][name] for name in names} == {None}


def test_pages_tell_it(service, rubin_monitor):
    m = rubin_monitor()
    listed = m.get("/lsst/workflows/").content.decode()
    shown = m.get(f"/lsst/workflow/{RUN}/").content.decode()
    assert f"<td>{REQUEST} " in listed
    assert re.search(r'class="state good">.*?SubFinished', listed.partition(f"<td>{REQUEST} ")[2][:200])
    assert f"{REQUEST}, SubFinished" in shown
    assert UNKNOWN not in listed + shown
    told = m.json(f"/lsst/workflow/{RUN}/")
    assert (told["request_id"], told["request_status"]) == (REQUEST, "SubFinished")


def test_without_it_keys_are_null_and_pages_say_so(rubin, rubin_monitor):
    m = rubin_monitor()
    assert {one["request_id"] for one in m.json("/idds/wfprogress/")} == {None}
    listed = m.get("/lsst/workflows/").content.decode()
    assert UNKNOWN in listed
    assert ">Request</th>" not in listed
    assert UNKNOWN in m.get(f"/lsst/workflow/{RUN}/").content.decode()
    assert m.json(f"/lsst/workflow/{RUN}/")["request_id"] is None


def test_a_task_without_a_request_has_its_own_number_there(service, rubin, rubin_monitor):
    name = "u_jdoe_solo_20260504T113500Z_00_isr_00"
    rubin.panda.task(jeditaskid=8100, reqid=8100, taskname=name, vo="wlcg", modificationtime=rubin.now)
    rubin.panda.row(Requests, request_id=8100, status=3)
    [told] = rubin_monitor().json("/idds/wfprogress/", name="solo")
    assert told["request_id"] is None


def test_where_there_is_none_nothing_is_asked_of_it(rubin, rubin_monitor, caplog):
    m = rubin_monitor()
    for number in range(3):
        assert m.get("/lsst/workflows/", timestamp=number).status_code == 200
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []
