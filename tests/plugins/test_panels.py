"""What plugins tell beside core's page of one record: only there, inside their scope, never in its way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from django.test import override_settings

from bigpandamon_core.plugin import Call, Panel
from bigpandamon_core.web.access import SESSION_COOKIE
from tests.plugins.conftest import ON
from tests.plugins.monitors import announced, configured, plugin, registry, running
from tests.plugins.right import complaints

TWO = {"demo_vo": ON, "quiet_vo": ON}


def aside(page) -> str:
    """What stands after <main>, up to the foot."""
    assert page.status_code == 200
    text: str = page.content.decode()
    return text.partition("</main>")[2].partition("<footer")[0]


def test_beside_a_job_of_its_scope(community, monitor):
    shown = monitor("demo_vo", "quiet_vo")
    told = aside(shown.get(f"/job/{community.inner[0]}/"))
    assert told.startswith("<aside")
    assert "At the mills" in told
    assert '<a href="/demo_vo/jobs/?demo_vo_ring=inner">inner</a>' in told
    assert told.split() == aside(shown.get("/job/", pandaid=community.inner[0])).split()


@pytest.mark.parametrize("asked", ["/job/{hush}/", "/demo_vo/job/{inner}/", "/jobs/", "/find/?q=same.name"])
def test_nothing_beside_other_pages(community, monitor, asked):
    shown = monitor("demo_vo", "quiet_vo")
    page = shown.client.get(asked.format(hush=community.hush[0], inner=community.inner[0]))
    assert aside(page).strip() == ""


def failing(_call: Call, _job: Mapping[str, Any]) -> NoReturn:
    raise ZeroDivisionError


def test_one_that_fails_is_left_out_and_told_in_the_log(community, tmp_path, caplog):
    demo_vo = plugin("demo_vo")
    [panel] = demo_vo.panels["jobs"]
    panels = {"jobs": (replace(panel, build=failing), panel)}
    broken = type("DemoVo", (demo_vo,), {"__module__": demo_vo.__module__, "panels": panels})
    found = [announced(broken), announced(plugin("quiet_vo"))]
    with running(registry(tmp_path, TWO, found)) as shown:
        told = aside(shown.get(f"/job/{community.inner[0]}/"))
    assert told.count("At the mills") == 1
    assert "panel demo_vo-mills failed" in caplog.text


def test_one_of_a_section_that_is_off_is_left_out(community, tmp_path):
    with running(registry(tmp_path, TWO, more='\n[sections]\noff = ["demo_vo"]\n')) as shown:
        assert shown.client.get("/demo_vo/shift/").status_code == 404
        assert aside(shown.get(f"/job/{community.inner[0]}/")).strip() == ""


def test_one_of_a_restricted_section_is_for_those_who_may(community, accounts, tmp_path):
    accounts.make("ada", "staff")
    more = '\n[accounts.roles]\noperate = ["staff"]\n[sections.restricted]\ndemo_vo = "operate"\n'
    cookie = {"cookie": f"{SESSION_COOKIE}={accounts.cookie('ada')}"}
    with (
        override_settings(BIGPANDAMON=configured(tmp_path, TWO, more)),
        running(registry(tmp_path, TWO, more=more)) as shown,
    ):
        page, restricted = f"/job/{community.inner[0]}/", "/demo_vo/shift/"
        assert shown.client.get(restricted).status_code == 403
        assert aside(shown.get(page)).strip() == ""
        assert shown.client.get(restricted, headers=cookie).status_code == 200
        assert "At the mills" in aside(shown.client.get(page, headers=cookie))


def test_what_is_wrong_with_one_is_told(tmp_path):
    panel = Panel("wrong-name", "", lambda *_: (), "rihgt")
    assert complaints(tmp_path, panels={"jobs": (panel,)}) == [
        'panels.jobs.wrong-name: expected a name that begins with right, found "wrong-name"',
        'panels.jobs.wrong-name: expected a title, found ""',
        'panels.jobs.wrong-name: expected a section of the plugin, found "rihgt"',
    ]
    [told] = complaints(tmp_path, panels={"job": ()})
    assert told.startswith('panels: expected a noun whose records have pages, found "job"')
