"""The wheels and the RPMs, built once from what git would hand out, in a folder of their own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from filelock import FileLock

from setup import DISTRIBUTIONS
from tests.architecture.repository import ROOT, files
from tests.packaging.rpms import AGENT, INVENTED, build

VERSION = "1.2.3"


def copy_repository(target: Path) -> Path:
    """A copy of the files git knows; nothing that earlier builds left behind comes along."""
    for path in files():
        copied = target / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copied)
    return target


def build_wheel(tree: Path, key: str, folder: Path) -> Path:
    """Build one distribution of a tree, offline, with the tools of this environment."""
    command = (sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--no-index", "-q")
    chosen = {**os.environ, "BIGPANDAMON_DIST": key, "BIGPANDAMON_VERSION": VERSION}
    before = set(folder.glob("*.whl"))
    subprocess.run((*command, "-w", str(folder), "."), cwd=tree, env=chosen, check=True)
    (wheel,) = set(folder.glob("*.whl")) - before
    return wheel


@pytest.fixture(scope="session")
def tree(tmp_path_factory) -> Path:
    return copy_repository(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="session")
def wheels(tree, tmp_path_factory) -> Mapping[str, Path]:
    """Every distribution, one after another from the same tree: what one leaves, the next must not take."""
    folder = tmp_path_factory.mktemp("wheels")
    return {row.key: build_wheel(tree, row.key, folder) for row in DISTRIBUTIONS}


@pytest.fixture(scope="session")
def contents(wheels) -> Mapping[str, set[str]]:
    """Names inside each wheel."""
    return {key: set(ZipFile(wheel).namelist()) for key, wheel in wheels.items()}


@pytest.fixture(scope="session")
def rpms(tree, tmp_path_factory) -> Mapping[str, Path]:
    """The libraries, core, one plugin of the table and the invented ones from trees of their own; built once,
    also where several processes run tests."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "rpms"
    with FileLock(f"{folder}.lock"):
        if not (folder / "whole").exists():
            folder.mkdir(exist_ok=True)
            made = {key: build(tree, folder, key) for key in ("runtime", "core", "lsst", AGENT)}
            for name in INVENTED:
                made[name] = build(tree, folder, "", "1.2.3", f"--tree={ROOT}/tests/{name}")
            (folder / "whole").write_text(json.dumps({key: rpm.name for key, rpm in made.items()}))
    names = json.loads((folder / "whole").read_text())
    return {key: folder / name for key, name in names.items()}
