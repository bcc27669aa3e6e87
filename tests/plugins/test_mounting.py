"""Where what a plugin shows is found, what opens it, and what cannot stand beside each other."""

import re
from dataclasses import replace

import pytest

from bigpandamon_core.config import ConfigurationErrors
from bigpandamon_core.panda.families import Presence
from bigpandamon_core.plugin.discovery import Installed
from bigpandamon_core.sections.openapi import document
from bigpandamon_core.sections.types import Section
from bigpandamon_core.web import presence
from tests.plugins.monitors import announced, plugin, registry, running

ON = "enabled = true\n"
BOTH = {"demo_vo": ON, "quiet_vo": ON}


@pytest.fixture
def shown(tmp_path):
    return registry(tmp_path, BOTH)


def variant(name: str, **words) -> Installed:
    """One of the invented plugins with other words."""
    found = plugin(name)
    words |= {"__doc__": "A variant.", "__module__": found.__module__}
    return announced(type(name.title(), (found,), words), name)


def other(also_at: str) -> Installed:
    """A third plugin whose resource has a further address."""
    [section] = plugin("quiet_vo").sections
    greeting = replace(section.resources[0], name="third-hello", path="third/hello/", also_at=(also_at,))
    words = {"name": "third", "words": ("third",), "sections": (Section("third", "Third", (greeting,)),)}
    return announced(type("Third", (plugin("quiet_vo"),), {"__doc__": "Third.", **words}), "third")


def test_addresses(shown):
    routes = {one.name: one.routes for one in shown.mounted.values() if one.prefix == "demo_vo/"}
    assert routes == {
        "demo_vo-shift": ("demo_vo/shift/", "zephyr/shiftlist/"),
        "demo_vo-v1-ring": ("api/v1/demo_vo/shift/<str:ring>",),
        "demo_vo-jobs": ("demo_vo/jobs/",),
        "demo_vo-job": ("demo_vo/job/<path:pandaid>/",),
        "demo_vo-job-by-parameter": ("demo_vo/job/", "demo_vo/job"),
        "demo_vo-v1-jobs": ("api/v1/demo_vo/jobs",),
        "demo_vo-v1-jobs-summary": ("api/v1/demo_vo/jobs/summary",),
        "demo_vo-v1-jobs-trend": ("api/v1/demo_vo/jobs/trend",),
        "demo_vo-v1-job": ("api/v1/demo_vo/jobs/<str:pandaid>",),
        "demo_vo-find": ("demo_vo/find/", "demo_vo/search/"),
        "demo_vo-tasks": ("demo_vo/tasks/",),
        "demo_vo-task": ("demo_vo/task/<str:jeditaskid>/", "demo_vo/tasknew/<str:jeditaskid>/"),
        "demo_vo-task-by-parameter": ("demo_vo/task/", "demo_vo/task"),
        "demo_vo-v1-tasks": ("api/v1/demo_vo/tasks",),
        "demo_vo-v1-task": ("api/v1/demo_vo/tasks/<str:jeditaskid>",),
        "demo_vo-v1-task-profile": ("api/v1/demo_vo/tasks/<str:jeditaskid>/profile",),
        "demo_vo-v1-task-resources": ("api/v1/demo_vo/tasks/<str:jeditaskid>/resources",),
        "demo_vo-quiet_vo-greeting": ("demo_vo/quiet_vo/greeting/",),
        "demo_vo-wind": ("demo_vo/wind/",),
        "demo_vo-alarms": ("demo_vo/alarms/",),
        "demo_vo-load": ("demo_vo/load/",),
        "demo_vo-notes": ("demo_vo/notes/",),
    }


def test_the_same_resource_from_three_points_of_view_has_three_keys(shown):
    keys = {shown.mounted[name].key for name in ("jobs", "demo_vo-jobs", "quiet_vo-jobs")}
    assert len(keys) == 3
    assert shown.mounted["demo_vo-jobs"].key == shown.mounted["demo_vo-jobs"].key


def test_keys_are_those_of_the_effective_scope(tmp_path, shown):
    changed = registry(tmp_path, BOTH | {"demo_vo": ON + '[scope]\njobs = "vo=other"\n'})
    assert changed.mounted["demo_vo-jobs"].key != shown.mounted["demo_vo-jobs"].key
    assert changed.mounted["quiet_vo-jobs"].key == shown.mounted["quiet_vo-jobs"].key
    assert (
        registry(tmp_path, BOTH | {"demo_vo": ON}).mounted["demo_vo-jobs"].key
        == shown.mounted["demo_vo-jobs"].key
    )


def test_navigation(monitor, panda):
    m = monitor("demo_vo", "quiet_vo")
    page = m.get("/jobs/").content.decode()
    nav = page.partition('aria-label="Main"')[2].partition("</nav>")[0]
    of_core = [item for item in m.registry.nav if not m.registry.mounted[item.resource].prefix]
    assert nav.count("<a ") == len(of_core) + 1
    assert nav.endswith('<a href="/demo_vo/jobs/">Zephyr</a>')
    assert '<a href="/jobs/" aria-current="page">' in nav
    assert 'class="nav below' not in page


def test_navigation_of_a_plugin_is_on_its_pages(monitor, panda, own):
    page = monitor("demo_vo", "quiet_vo").get("/demo_vo/tasks/").content.decode()
    above, below = re.findall(r"<nav class=\"nav.*?</nav>", page, re.DOTALL)
    assert re.findall(r'aria-current="page">([^<]*)<', above) == ["Zephyr"]
    entries = (("jobs", "Zephyr jobs"), ("tasks", "Zephyr tasks"), ("shift", "Zephyr shift"))
    assert re.findall(r'href="(/demo_vo/[a-z]+/)"[^>]*>([^<]*)<', below) == [
        (f"/demo_vo/{part}/", title) for part, title in entries
    ]


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/demo_vo/jobs/", "Zephyr jobs"),
        ("/demo_vo/shift/", "Zephyr shift"),
        ("/demo_vo/tasks/", "Zephyr tasks"),
        ("/demo_vo/find/?q=none", "Zephyr jobs"),
    ],
)
def test_one_entry_is_current(address, entry, monitor, panda, own):
    page = monitor("demo_vo", "quiet_vo").client.get(address).content.decode()
    nav = page.partition('aria-label="Zephyr"')[2].partition("</nav>")[0]
    assert re.findall(r'aria-current="page">([^<]*)<', nav) == [entry]


def test_addresses_that_programs_use_already(community, monitor):
    m = monitor("demo_vo", "quiet_vo")
    assert m.json("/zephyr/shiftlist/") == m.json("/demo_vo/shift/")
    assert m.get("/zephyr/shiftlist").status_code == 301


@pytest.mark.parametrize("taken", ["zephyr/shiftlist/", "zephyr/shiftlist", "demo_vo/job/5/"])
def test_a_taken_address_is_refused_with_the_file(taken, tmp_path):
    found = [announced(plugin("demo_vo")), announced(plugin("quiet_vo")), other(taken)]
    with pytest.raises(ConfigurationErrors) as caught:
        registry(tmp_path, BOTH | {"third": ON}, found)
    [mistake] = caught.value.mistakes
    assert (mistake.file, mistake.key) == (__file__, "resource third-hello")
    assert mistake.found.startswith(f"the address /{taken} belongs to demo_vo-")


def test_a_free_address_beside_it_is_not(tmp_path):
    found = [announced(plugin("demo_vo")), announced(plugin("quiet_vo")), other("zephyr/shiftlist/all/")]
    assert "third-hello" in registry(tmp_path, BOTH | {"third": ON}, found).mounted


@pytest.mark.parametrize("name", ["demo_vo", "quiet_vo"])
def test_a_section_that_is_off_is_not_there(name, tmp_path, panda):
    off = {"demo_vo": '"demo_vo", "demo_vo-tasks"', "quiet_vo": '"quiet_vo"'}[name]
    shown = registry(tmp_path, BOTH, more=f"\n[sections]\noff = [{off}]\n")
    with running(shown) as monitor:
        response = monitor.get(f"/{name}/jobs/")
        assert response.status_code == 404
        assert "is switched off here" in response.content.decode()
        assert f'href="/{name}/' not in monitor.get("/jobs/").content.decode()
        assert monitor.get("/jobs/").status_code == 200
    paths = document(presence.open_parts(shown), "", "", "/")["paths"]
    assert not [path for path in paths if path.startswith((f"/{name}/", f"/api/v1/{name}/"))]


def test_names_that_nothing_declares_are_refused(tmp_path):
    more = '\n[sections]\noff = ["demo_v", "find"]\n[cache.points]\n"demo_vo-shift" = 5\njob = 60\njbs = 5\n'
    with pytest.raises(ConfigurationErrors) as caught:
        registry(tmp_path, BOTH, more=more)
    told = [(mistake.key, mistake.found, mistake.remedy) for mistake in caught.value.mistakes]
    assert told == [
        ("sections.off", '"demo_v"', "did you mean demo_vo?"),
        ("cache.points", '"jbs"', "did you mean jobs?"),
    ]


def test_what_lacks_its_tables_is_off_and_says_why(community, monitor, monkeypatch):
    m = monitor("demo_vo", "quiet_vo")
    states = {"jobs": Presence.FORBIDDEN}
    monkeypatch.setattr(presence, "family_presence", lambda family: states.get(family, Presence.PRESENT))
    for address in ("/demo_vo/jobs/", "/demo_vo/shift/", "/jobs/?json", "/api/v1/demo_vo/jobs"):
        response = m.get(address)
        assert response.status_code == 503
        assert "This PanDA database has no readable tables of jobs (forbidden)." in response.content.decode()
    assert "<nav" in m.get("/demo_vo/jobs/").content.decode()
    assert "Zephyr shift</a>" not in m.get("/demo_vo/jobs/").content.decode()
    paths = document(presence.open_parts(m.registry), "", "", "/")["paths"]
    assert "/quiet_vo/greeting/" in paths
    assert not [path for path in paths if path.startswith(("/job/", "/jobs/", "/demo_vo", "/find"))]
    presence.forget()
    states.clear()
    assert m.get("/demo_vo/jobs/").status_code == 200


def test_a_plugin_needs_its_families_for_all_it_shows(community, tmp_path, monkeypatch):
    found = [variant("demo_vo", needs=("harvester",)), announced(plugin("quiet_vo"))]
    monkeypatch.setattr(
        presence,
        "family_presence",
        lambda family: Presence.ABSENT if family == "harvester" else Presence.PRESENT,
    )
    with running(registry(tmp_path, BOTH, found)) as monitor:
        assert "harvester (absent)" in monitor.get("/demo_vo/jobs/").content.decode()
        assert monitor.get("/jobs/").status_code == monitor.get("/quiet_vo/jobs/").status_code == 200


def test_the_description_knows_the_plugins_parameters(shown):
    paths = document(shown, "", "", "/")["paths"]
    of_demo = {one["name"] for one in paths["/api/v1/demo_vo/jobs"]["get"]["parameters"]}
    of_core = {one["name"] for one in paths["/api/v1/jobs"]["get"]["parameters"]}
    assert of_demo - of_core == {"demo_vo_ring", "demo_vo_size", "demo_vo_campaign"}
    assert of_core <= of_demo


def test_a_plugins_settings_reach_its_builders(community, monitor):
    m = monitor("quiet_vo", demo_vo=ON + "shift_hours = 6\n")
    assert m.json("/demo_vo/shift/")["hours"] == 6
    assert m.json("/demo_vo/shift/", length=2)["hours"] == 2
    assert m.get("/demo_vo/shift/", length=99).status_code == 400


def test_a_mounted_section_of_another_plugin_is_seen_from_here(community, monitor):
    m = monitor("demo_vo", "quiet_vo")
    assert (
        m.get("/demo_vo/quiet_vo/greeting/", format="text").getvalue().decode().split("\n")[1]
        == "Hush at /demo_vo/"
    )
    assert (
        m.get("/quiet_vo/greeting/", format="text").getvalue().decode().split("\n")[1] == "Hush at /quiet_vo/"
    )
