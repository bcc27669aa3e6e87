"""A plugin stands on the public surface and on nothing else of ours."""

import sys

import pytest

from setup import DISTRIBUTIONS
from tests.architecture.imports import imported
from tests.architecture.repository import ROOT, shown, sources

SURFACE = "bigpandamon_core.plugin"
PLUGIN_FOLDERS = [row.key for row in DISTRIBUTIONS if row.plugin]
DEMO_FOLDERS = [f"tests/{name}" for name in ("demo_vo", "quiet_vo") if (ROOT / "tests" / name).is_dir()]


MOST_LINES = 2500
WITH_TABLES = {"htcondor": 3800, "atlas": 2600, "lsst": 2700}
"""Tables of its own, three interfaces that write to them, pages of records that core does not know."""


def is_ours(module: str) -> bool:
    return module.startswith("bigpandamon_")


def is_surface(module: str) -> bool:
    return module == SURFACE or module.startswith(f"{SURFACE}.")


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS + DEMO_FOLDERS)
def test_plugin_imports_only_the_surface(folder: str):
    strays = [
        f"{shown(path)} imports {module}"
        for path in sources(folder)
        if path.stem != "conftest" and not path.stem.startswith("test_")
        for module in sorted(imported(path))
        if is_ours(module) and not is_surface(module) and module.partition(".")[0] not in own_packages(folder)
    ]
    assert strays == []


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_a_plugin_is_a_handful_of_lines(folder: str, capsys: pytest.CaptureFixture[str]):
    """What cannot be said in so many is a word that the contract lacks."""
    package = f"{folder}/bigpandamon_{folder}"
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in sources(package))
    with capsys.disabled():
        print(f" {folder}: {lines} lines of Python ", end="")
    assert 0 < lines <= WITH_TABLES.get(folder, MOST_LINES)


def own_packages(folder: str) -> set[str]:
    """That of the plugin, and what stands beside it."""
    beside = {row.package for row in DISTRIBUTIONS if row.folder == folder}
    return beside or {f"bigpandamon_{folder.rpartition('/')[2]}"}


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_plugin_folder_holds_its_packages_alone(folder: str):
    tops = {path.relative_to(ROOT / folder).parts[0] for path in sources(folder)}
    assert tops == own_packages(folder)


def test_agent_needs_the_standard_library_only():
    """It runs where no Django is; the bindings of what it asks are optional."""
    (row,) = (row for row in DISTRIBUTIONS if row.key == "htcondor_agent")
    known = {*sys.stdlib_module_names, row.package, "htcondor2", "classad2"}
    found = {module for path in sources(f"{row.folder}/{row.package}") for module in imported(path)}
    assert {module.partition(".")[0] for module in found} - known == set()
