"""Versions come from tags, else from the number of commits, else they say that nobody knows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT

pytestmark = pytest.mark.packaging


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    command = ("git", *identity, *arguments)
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def version(folder: Path, **environ: str) -> str:
    """What setup.py of that folder calls itself."""
    script = "import setup; print(setup.version())"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BIGPANDAMON")}
    command = (sys.executable, "-c", script)
    clean.update(environ)
    answer = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def commit(folder: Path) -> str:
    """One more commit; its short name as git describe gives it."""
    git(folder, "add", "setup.py")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    return "g" + git(folder, "rev-parse", "--short", "HEAD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "setup.py", tmp_path)
    return tmp_path


@pytest.fixture
def checkout(folder: Path) -> Path:
    git(folder, "init", "-q")
    return folder


def test_an_archive_without_git(folder):
    assert version(folder) == "0.0.0"
    assert version(folder, BIGPANDAMON_VERSION="2.0.1") == "2.0.1"


def test_no_tag_yet(checkout):
    commit(checkout)
    name = commit(checkout)
    assert version(checkout) == f"0.0.0+git2.{name}"


def test_a_tag_and_what_follows(checkout):
    commit(checkout)
    git(checkout, "tag", "-a", "-m", "one", "v1.2.0")
    assert version(checkout) == "1.2.0"
    name = commit(checkout)
    assert version(checkout) == f"1.2.0.post1+{name}"


def test_other_tags_are_not_versions(checkout):
    name = commit(checkout)
    git(checkout, "tag", "-a", "-m", "one", "verified")
    assert version(checkout) == f"0.0.0+git1.{name}"
