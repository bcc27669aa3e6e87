"""The wheels, built once from what git would hand out, in a folder of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from setup import DISTRIBUTIONS
from tests.architecture.repository import ROOT, files

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
