"""`bigpandamon queries` as an administrator runs it."""

from pathlib import Path

import pytest
from django.db import connections

from bigpandamon_core.management.main import main
from bigpandamon_core.panda.families import FAMILIES
from bigpandamon_core.sources.reading import registry

ROOT = Path(__file__).resolve().parents[2]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["queries", *words]) == 0
    return capsys.readouterr().out


def test_the_list_has_every_query_with_its_bounds(capsys, panda_tables):
    listed = told(capsys)
    assert all(f"\n{name}: " in f"\n{listed}" for name in registry())
    assert "binds pandaid" in listed
    assert "at most 50,000 rows; at most 30 s" in listed


def test_a_noun_is_all_its_queries(capsys, panda_tables):
    listed = told(capsys, "history")
    assert "history.states: " in listed
    assert "jobs.page" not in listed


def test_an_unknown_name_is_told(capsys, panda_tables):
    assert main(["queries", "nosuch"]) == 2
    assert "There is no query nosuch" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("dialect", "part"),
    [
        ("oracle", "FETCH FIRST 100 ROWS ONLY;"),
        ("mysql", "REGEXP %s"),
        ("postgresql", 'COLLATE "C"'),
        ("sqlite", "LIKE %s ESCAPE"),
    ],
)
def test_statements_are_told_for_each_database(capsys, panda_tables, dialect, part):
    """Whatever the instance's own is; nothing is asked."""
    page = told(capsys, "--dialect", dialect, "jobs.page", "--selection", "hours=3&computingsite=q*&cloud=A")
    assert page.startswith("/* jobs.page */ SELECT")
    assert part in page
    assert "jobs.counted" not in page
    assert "-- '" in page


def test_every_query_has_a_statement_in_some_dialect(capsys, panda_tables):
    everything = told(capsys, "--dialect", "mysql")
    untold = {
        name
        for name in registry()
        if f"/* {name} */" not in everything and not name.startswith(("test", "queries."))
    }
    assert untold == set()


def test_a_selection_that_cannot_be_read_is_told(capsys, panda_tables):
    assert main(["queries", "--dialect", "oracle", "--selection", "hours=x"]) == 1
    assert "Illegal value 'x' for hours" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--explain",), ("--dialect", "oracle")])
def test_a_selection_of_unknown_names_is_refused(capsys, panda_tables, words):
    assert main(["queries", *words, "jobs.page", "--selection", "nosuch=1"]) == 1
    assert "Unknown parameter nosuch" in capsys.readouterr().err


@pytest.mark.parametrize("words", [(), ("--markdown",)])
def test_a_selection_without_effect_is_refused(capsys, panda_tables, words):
    assert main(["queries", *words, "--selection", "hours=1"]) == 1
    assert "Add --explain or --dialect" in capsys.readouterr().err


def test_plans_are_those_of_the_configured_database(capsys, panda, own):
    panda.queue("QUEUE_ONE")
    panda.job("jobsactive4", computingsite="QUEUE_ONE")
    plans = told(capsys, "--explain", "jobs.one")
    word = {"sqlite": "SEARCH", "mysql": "PRIMARY", "postgresql": "Index Scan"}[connections["panda"].vendor]
    assert word in plans


def test_the_page_of_documentation_is_up_to_date(capsys, panda_tables):
    foreign = tuple(f"| `{query.name}`" for query in registry().values() if query.example)
    lines = told(capsys, "--markdown").splitlines()
    told_now = [line for line in lines if not line.startswith(("| `test", *foreign))]
    assert (ROOT / "docs" / "queries.md").read_text().splitlines() == told_now, (
        "bigpandamon queries --markdown"
    )


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        ("oracle", "GRANT SELECT ON OWNER_PANDA.JOBSDEFINED4 TO ada;"),
        ("mysql", "GRANT SELECT ON `owner_panda`.`jobsdefined4` TO 'ada'@'%';"),
        ("postgresql", 'GRANT USAGE ON SCHEMA "owner_panda" TO "ada";'),
    ],
)
def test_grants_name_the_schemas_and_the_user_of_the_configuration(bigpandamon, file, kind, first):
    file.write_text(
        '[paths]\nstate = "state"\n[panda]\nurl = "mysql://ada:geheim@127.0.0.1:1/theirs"\n'
        '[panda.schemas]\npanda = "owner_panda"\n'
    )
    done = bigpandamon("queries", "--grants", kind)
    lines = done.stdout.splitlines()
    told = [line for line in lines if not line.startswith("--")]
    assert (done.returncode, done.stderr, told[0]) == (0, "", first)
    unnamed = [line for line in lines if "panda.schemas.arch" in line]
    assert [line for line in lines if line.startswith("-- The owner")] == unnamed
    assert bool(unnamed) == (kind == "oracle")
    assert not any("panda.schemas.panda:" in line or "no user" in line for line in lines)
    assert len([line for line in lines if line.startswith("GRANT SELECT ")]) == sum(
        map(len, FAMILIES.values())
    )
    archived = {
        "oracle": "JOBSARCHIVED ",
        "mysql": "`theirs`.`jobsarchived` ",
        "postgresql": '"jobsarchived" ',
    }
    assert archived[kind] in done.stdout
    assert "geheim" not in done.stdout


def test_grants_are_told_whatever_is_wrong_elsewhere(bigpandamon, file):
    file.write_text('[jobs]\nlimit = 0\n[sections]\noff = ["jbos"]\n')
    done = bigpandamon("queries", "--grants", "oracle")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "-- panda.url names no user: reader stands for it." in lines
    assert lines[0].startswith("-- The owner of tables is named by panda.schemas.panda,")
    assert "GRANT SELECT ON JOBSACTIVE4 TO reader;" in lines


def test_grants_go_by_no_faulty_schemas(bigpandamon, file):
    file.write_text("[panda.schemas]\npanda = 3\n[jobs]\nlimit = 0\n")
    done = bigpandamon("queries", "--grants", "oracle")
    assert (done.returncode, done.stdout) == (2, "")
    assert "panda.schemas.panda" in done.stderr
    assert "jobs.limit" not in done.stderr
