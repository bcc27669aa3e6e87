"""Shares tell what the tables of the server tell, counted here with csv and collections."""

import csv
from collections import Counter

import pytest

from bigpandamon_atlas.shares import Use, verdict_on
from bigpandamon_atlas.tables import GlobalShares, JobsDefinedShareStats, JobsShareStats
from bigpandamon_core.demo.importing import tables as kind

TREE: tuple[tuple[str, int, str, dict[str, str]], ...] = (
    ("Production", 80, "root", {"prodsourcelabel": "managed"}),
    ("Simulation", 25, "Production", {"campaign": "mc.*", "throttled": "Y"}),
    ("Derivation", 75, "Production", {}),
    ("User Analysis", 20, "root", {"prodsourcelabel": "user"}),
)


@pytest.fixture
def tree(tables):
    for name, value, parent, rule in TREE:
        tables(GlobalShares, name=name, value=value, parent=parent, **rule)
    return tables


@pytest.fixture
def server(tree, imported, shared):
    """The two tables that the server wrote, as csv reads them, imported."""
    found: list[dict[str, str]] = []
    for name, many in (("jobs_share_stats", 115), ("jobsdefined_share_stats", 60)):
        report = imported(kind.KIND, f"server/{name}.csv")
        assert (report.added, report.refused) == (many, 0)
        with open(shared / f"data/panda/server/{name}.csv", encoding="utf-8") as lines:
            found += csv.DictReader(lines)
    return found


def by_share(atlas, **asked):
    return {row["share"]: row for row in atlas.json("/atlas/shares/", **asked)["shares"]}


def test_the_servers_counts(atlas, server):
    told = by_share(atlas)
    for share in ("Simulation", "User Analysis"):
        power, jobs = Counter[str](), Counter[str]()
        for row in server:
            if row["gshare"] == share:
                power[row["jobstatus"]] += int(row["hs"])
                jobs[row["jobstatus"]] += int(row["njobs"])
        row = told[share]
        assert (row["executing"], row["queued"]) == (power["running"], power["activated"])
        assert (row["jobs_executing"], row["jobs_queued"]) == (jobs["running"], jobs["activated"])
        assert row["jobs_other"] == jobs.total() - jobs["running"] - jobs["activated"]
    assert atlas.json("/api/v1/atlas/shares")["data"]["as_of"].startswith("2026-11-21T00:18:43")


def test_queues_of_a_share_add_up_to_it(atlas, server):
    queues = atlas.json("/atlas/shares/", share="Simulation")["queues"]
    expected = Counter[tuple[str, str]]()
    for row in server:
        if row["gshare"] == "Simulation":
            expected[row["computingsite"], row["jobstatus"]] += int(row["njobs"])
    assert {(row["computingsite"], row["jobstatus"]): row["jobs"] for row in queues} == expected
    assert atlas.json("/atlas/shares/", share="nothing")["queues"] == []


@pytest.fixture
def busy(tree):
    """1000 HS06 execute; derivations wait, and something that no rule takes runs, too."""
    for share, state, jobs, power in (
        ("Simulation", "running", 10, 600),
        ("Derivation", "running", 2, 100),
        ("Derivation", "activated", 20, 1000),
        ("User Analysis", "sent", 20, 250),
        ("Elsewhere", "starting", 5, 50),
    ):
        tree(JobsShareStats, gshare=share, jobstatus=state, njobs=jobs, hs=power)
    tree(JobsDefinedShareStats, gshare="Derivation", jobstatus="pending", njobs=7, hs=70)


def test_targets_and_sums_of_parents(atlas, busy):
    told = by_share(atlas)
    assert list(told) == ["Production", "Derivation", "Simulation", "User Analysis", "Elsewhere"]
    targets = {name: row["target"] for name, row in told.items()}
    assert targets == pytest.approx(
        {"Production": 800, "Derivation": 600, "Simulation": 200, "User Analysis": 200, "Elsewhere": None}
    )
    parent = told["Production"]
    assert (parent["executing"], parent["queued"], parent["jobs_queued"], parent["jobs_other"]) == (
        700,
        1000,
        20,
        7,
    )
    assert told["Simulation"]["rule"] == "campaign=mc.*, throttled"


def test_what_is_far_from_its_target_is_said_in_words(atlas, busy):
    told = {name: row["verdict"] for name, row in by_share(atlas).items()}
    assert told == {
        "Production": "near target", "Derivation": "far below target", "Simulation": "far above target",
        "User Analysis": "near target", "Elsewhere": "no target",
    }  # fmt: skip
    page = atlas.get("/atlas/shares/").content.decode()
    assert "far below target" in page
    assert verdict_on(600, Use(executing=100)) == "below, none queued"


def test_a_loop_or_an_unknown_parent_stops_nothing(atlas, tables):
    for name, parent in (("A", "B"), ("B", "A"), ("C", "C"), ("D", "nowhere")):
        tables(GlobalShares, name=name, value=50, parent=parent)
    told = {name: row["rule"] for name, row in by_share(atlas).items()}
    assert told == {"A": "not in the tree", "B": "not in the tree", "C": "", "D": ""}


def test_empty_tables_are_said(atlas, tables):
    page = atlas.get("/atlas/shares/").content.decode()
    assert "there are no targets" in page
    assert "The tables of shares are empty." in page


def test_percents_that_do_not_add_up_are_said(atlas, tables):
    tables(GlobalShares, name="A", value=70, parent="root")
    assert "do not add up to 100 %: root (70 %)" in atlas.get("/atlas/shares/").content.decode()
