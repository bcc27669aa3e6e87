"""A plugin stands on the public surface and on nothing else of ours."""

import pytest

from setup import DISTRIBUTIONS
from tests.architecture.imports import imported
from tests.architecture.repository import ROOT, shown, sources

SURFACE = "bigpandamon_core.plugin"
PLUGIN_FOLDERS = [row.key for row in DISTRIBUTIONS if row.plugin]
DEMO_FOLDERS = [f"tests/{name}" for name in ("demo_vo", "quiet_vo") if (ROOT / "tests" / name).is_dir()]


MOST_LINES = 2500


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
        if is_ours(module) and not is_surface(module) and own_package(folder) != module.partition(".")[0]
    ]
    assert strays == []


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_a_plugin_is_a_handful_of_lines(folder: str, capsys: pytest.CaptureFixture[str]):
    """What cannot be said in so many is a word that the contract lacks."""
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in sources(folder))
    with capsys.disabled():
        print(f" {folder}: {lines} lines of Python ", end="")
    assert 0 < lines <= MOST_LINES


def own_package(folder: str) -> str:
    return f"bigpandamon_{folder.rpartition('/')[2]}"


@pytest.mark.parametrize("folder", PLUGIN_FOLDERS)
def test_plugin_folder_holds_its_package_alone(folder: str):
    tops = {path.relative_to(ROOT / folder).parts[0] for path in sources(folder)}
    assert tops == {own_package(folder)}
