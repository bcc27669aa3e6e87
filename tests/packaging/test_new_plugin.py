"""`make new-plugin` gives a plugin that builds; everything else of the tree stays as it was."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.repository import ROOT
from tests.packaging.conftest import build_wheel, copy_repository

pytestmark = [pytest.mark.packaging, pytest.mark.slow]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree of its own with one plugin more."""
    tree = copy_repository(tmp_path_factory.mktemp("grown"))
    assert new_plugin(tree, "demoland").returncode == 0
    return tree


def new_plugin(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "packaging/new_plugin.py", *arguments)
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def test_it_builds(grown, tmp_path):
    with ZipFile(build_wheel(grown, "demoland", tmp_path)) as wheel:
        names = wheel.namelist()
        (points,) = (wheel.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    assert "demoland = bigpandamon_demoland.plugin:Demoland" in points
    assert {"bigpandamon_demoland/plugin.py", "bigpandamon_demoland/py.typed"} <= set(names)


def test_the_other_rows_stay(grown):
    before = [line for line in (grown / "setup.py").read_text().splitlines() if "demoland" not in line]
    assert before == (Path(__file__).parents[2] / "setup.py").read_text().splitlines()


def test_its_code_satisfies_the_linter(grown):
    pytest.importorskip("ruff", reason="ruff comes with `make lint`")
    command = (sys.executable, "-m", "ruff", "check", "--no-cache", "demoland", "setup.py")
    assert subprocess.run(command, cwd=grown, check=False).returncode == 0


@pytest.mark.parametrize("name", ["", "My-VO", "../away", "core", "demoland", "bigpandamon", "panda", "a b"])
def test_such_a_name_is_refused(grown, name):
    before = (grown / "setup.py").read_text()
    refused = new_plugin(grown, name)
    assert refused.returncode != 0
    assert name in refused.stderr
    assert (grown / "setup.py").read_text() == before


def test_make_hands_a_name_on_as_it_is():
    command = ("make", "--dry-run", "--assume-old=.venv/ready-run", "new-plugin", "NAME=a b")
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 'new_plugin.py "a b"' in told
