"""The four plugins of this repository: whose jobs they show, and what they know of errors."""

import csv

import pytest

from bigpandamon_core.domain.error_codes import published
from bigpandamon_core.domain.error_rules import RULES, advice, meanings
from bigpandamon_core.plugin.discovery import installed
from setup import DISTRIBUTIONS
from tests.plugins.monitors import registry, running

ON = "enabled = true\n"
NAMES = [row.key for row in DISTRIBUTIONS if row.plugin]
ONE_VO_ONLY = "ATLAS only"


@pytest.fixture
def shown(tmp_path):
    found = [one for one in installed() if one.name in NAMES]
    return registry(tmp_path, dict.fromkeys(NAMES, ON), found)


@pytest.fixture
def marked(shared) -> set[int]:
    """Exit codes that only one VO gives."""
    with (shared / "facts" / "error-codes.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["status"] == ONE_VO_ONLY]
    assert {row["component"] for row in rows} == {"trans"}
    return {int(row["code"]) for row in rows if row["code"] != "0"}


def test_all_are_installed_and_in_order(shown):
    assert {one.prefix.strip("/") for one in shown.mounted.values()} == {
        "",
        "atlas",
        "lsst",
        "compass",
        "htcondor",
    }


@pytest.mark.parametrize(
    ("name", "vos"),
    [("atlas", {"atlas"}), ("lsst", {"lsst", "rubin", "wlcg"}), ("compass", {"vo.compass.cern.ch"})],
)
def test_each_shows_the_jobs_of_its_vo(name, vos, shown, panda, own):
    for vo in ("atlas", "atlas.other", "lsst", "rubin", "wlcg", "vo.compass.cern.ch", "", "other"):
        panda.job(vo=vo)
    with running(shown) as monitor:
        assert {job["vo"] for job in monitor.json(f"/{name}/jobs/")["jobs"]} == vos


def test_one_vos_codes_are_told_on_its_pages_only(shown, panda, own):
    job = panda.job(vo="atlas", jobstatus="failed", transexitcode="65")
    with running(shown) as monitor:
        [error] = monitor.json("/atlas/jobs/")["errsByCount"]
        assert error["desc"] == "substep returned non-zero"
        assert "A step of the transform failed" in monitor.get(f"/atlas/job/{job}/").content.decode()
        [error] = monitor.json("/jobs/")["errsByCount"]
        assert error["desc"] == ""
        assert "A step of the transform failed" not in monitor.get(f"/job/{job}/").content.decode()


def test_every_code_of_one_vo_has_its_meaning(marked, shown):
    told = meanings(shown.mounted["atlas-jobs"].error_rules)
    assert {code for component, code in told if component == "transform"} == marked


def test_core_knows_no_code_of_one_vo(marked):
    assert not {code for component, code in published() if component == "transform"} & marked
    assert not {code for rule in RULES if rule.component == "transform" for code in rule.codes} & marked


def test_a_meaning_alone_does_not_hide_advice(shown):
    rule = advice("transform", 253, shown.mounted["atlas-jobs"].error_rules)
    assert rule is not None
    assert rule.advice
