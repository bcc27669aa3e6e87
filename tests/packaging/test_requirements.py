"""The lock says the whole truth about what an environment holds."""

import re
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from setup import DISTRIBUTIONS
from tests.architecture.repository import ROOT

FOLDER = ROOT / "packaging" / "requirements"
LEVELS = ("run", "check", "test", "lint")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(path: Path) -> set[str]:
    """The packages a level asks for itself."""
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonical(name) for name in wanted}


def lock() -> dict[str, str]:
    lines = (FOLDER / "lock.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    return {canonical(name): version for name, version in pinned.items()}


@pytest.mark.parametrize("level", LEVELS)
def test_level_asks_only_for_what_is_locked(level: str):
    assert names(FOLDER / f"{level}.txt") - set(lock()) == set()


def test_run_level_has_what_core_depends_on():
    core = next(row for row in DISTRIBUTIONS if row.key == "core")
    needed = {canonical(re.split(r"[><=\[]", requirement)[0]) for requirement in core.dependencies}
    assert needed - names(FOLDER / "run.txt") == set()


def test_this_environment_is_the_locked_one():
    here = metadata.distributions(path=[sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    installed = {canonical(one.metadata["Name"]): one.version for one in here}
    locked = {name: version for name, version in lock().items() if name in installed}
    assert {name: installed[name] for name in locked} == locked
