"""The lock says the whole truth about what an environment holds."""

import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest

from setup import DISTRIBUTIONS
from tests.architecture.imports import imported
from tests.architecture.repository import ROOT, sources

FOLDER = ROOT / "packaging" / "requirements"
LEVELS = ("run", "check", "test", "lint")
CORE = next(row for row in DISTRIBUTIONS if row.key == "core")
OURS = {"setup", "tests", "benchmarks", "source_archives", "wheelhouse"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(path: Path) -> set[str]:
    """The packages a level asks for itself."""
    wanted = re.findall(r"^([A-Za-z][\w.-]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {canonical(name) for name in wanted}


def distributions(requirements: tuple[str, ...]) -> set[str]:
    """The bare names in requirements such as `psycopg[binary]>=3.2`."""
    return {canonical(re.split(r"[><=\[]", requirement)[0]) for requirement in requirements}


def foreign(*folders: str) -> set[str]:
    """Distributions that the code of the folders imports, other than Python's own and ours."""
    tops = {module.partition(".")[0] for path in sources(*folders) for module in imported(path)}
    theirs = {top for top in tops if not top.startswith("bigpandamon")} - OURS - set(sys.stdlib_module_names)
    providers = metadata.packages_distributions()
    return {canonical(providers.get(top, [top])[0]) for top in theirs}


def lock() -> dict[str, str]:
    lines = (FOLDER / "lock.txt").read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    return {canonical(name): version for name, version in pinned.items()}


@pytest.mark.parametrize("level", LEVELS)
def test_level_asks_only_for_what_is_locked(level: str):
    assert names(FOLDER / f"{level}.txt") - set(lock()) == set()


def test_run_level_has_what_core_depends_on():
    assert distributions(CORE.dependencies) - names(FOLDER / "run.txt") == set()


def test_the_rpms_have_what_core_can_need_in_the_locked_versions():
    text = (FOLDER / "runtime.txt").read_text(encoding="utf-8")
    packed = {canonical(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}
    needed = distributions((*CORE.dependencies, *(need for _, needs in CORE.extras for need in needs)))
    assert (needed | {"supervisor"}) - set(packed) == set()
    assert {name: version for name, version in packed.items() if name != "pip"}.items() <= lock().items()
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\w)", text)[1:])


@pytest.mark.packaging
def test_core_imports_what_it_declares():
    declared = (*CORE.dependencies, *(need for _, needs in CORE.extras for need in needs))
    assert foreign("core") - distributions(declared) == set()


@pytest.mark.packaging
def test_what_anything_imports_is_locked():
    assert foreign() - set(lock()) == set()


def test_this_environment_is_the_locked_one():
    here = metadata.distributions(path=[sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    installed = {canonical(one.metadata["Name"]): one.version for one in here}
    locked = {name: version for name, version in lock().items() if name in installed}
    assert {name: installed[name] for name in locked} == locked
