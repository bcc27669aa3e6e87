"""`make release-check` tells everything that is missing of a release, on a repository of its own."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.architecture.repository import ROOT
from tests.packaging.test_version import git

pytestmark = pytest.mark.packaging
CHANGELOG = "# Changelog\n\n## Unreleased\n\n## 1.2.0 (2026-01-20)\n\n- First.\n"
KEPT = ("setup.py", "package.json", "package-lock.json", "packaging/release.py", "packaging/requirements")


@pytest.fixture
def checkout(tmp_path):
    """What is a release, v1.2.0."""
    for name in KEPT:
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (tmp_path / "packaging/lint.sh").write_text("exit 0\n")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / ".gitignore").write_text("__pycache__/\n")
    git(tmp_path, "init", "-q")
    commit(tmp_path, "v1.2.0")
    return tmp_path


def commit(folder, *tags):
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    for tag in tags:
        git(folder, "tag", "-a", "-f", "-m", "one", tag)


def missing(folder, **environ):
    """What is told as missing; nothing of a release."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("BIGPANDAMON")}
    command = (sys.executable, "packaging/release.py")
    done = subprocess.run(
        command, cwd=folder, env=clean | environ, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == (1 if done.stderr else 0)
    return [line.strip() for line in done.stderr.splitlines()[1:]]


def again(folder):
    """As committed, with the tag there."""
    commit(folder, "v1.2.0")
    return missing(folder)


def test_a_release(checkout):
    assert missing(checkout) == []


def test_a_plain_tag_will_do(checkout):
    git(checkout, "tag", "-d", "v1.2.0")
    git(checkout, "tag", "v1.2.0")
    assert missing(checkout) == []


@pytest.mark.parametrize("tags", [(), ("v1.3",), ("release",), ("v1.3.0rc1",)])
def test_no_tag_on_this_commit(checkout, tags):
    commit(checkout, *tags)
    assert [line for line in missing(checkout) if line.startswith("this commit has no tag vX.Y.Z")]


def test_a_version_that_is_not_that_of_the_tag(checkout):
    (told,) = missing(checkout, BIGPANDAMON_VERSION="9.9.9")
    assert told.startswith("the tag is v1.2.0, setup.py says 9.9.9")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            CHANGELOG.replace("Unreleased\n", "Unreleased\n\n- More.\n"),
            "CHANGELOG.md has lines under Unreleased",
        ),
        (CHANGELOG.replace("1.2.0", "1.1.0"), "CHANGELOG.md tells nothing of 1.2.0"),
        (CHANGELOG.replace("- First.\n", ""), "CHANGELOG.md tells nothing of 1.2.0"),
        (CHANGELOG.replace("1.2.0", "1.2.0.1"), "CHANGELOG.md tells nothing of 1.2.0"),
    ],
)
def test_a_changelog_that_does_not_tell(checkout, text, words):
    (checkout / "CHANGELOG.md").write_text(text)
    (told,) = again(checkout)
    assert told.startswith(words)


@pytest.mark.parametrize("name", ["CHANGELOG.md", "new.py"])
def test_files_that_are_not_as_committed(checkout, name):
    with (checkout / name).open("a") as file:
        file.write("\n")
    (told,) = missing(checkout)
    assert told.startswith("1 files are not as committed")
    assert name in told


def test_linters_that_complain(checkout):
    (checkout / "packaging/lint.sh").write_text("echo 'Complaints from: pylint' >&2; exit 1\n")
    assert again(checkout) == ["the linters complain (Complaints from: pylint): make lint"]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("packaging/requirements/lock.txt", "orjson==", "orjsom==", "lock.txt lacks orjson of setup.py"),
        ("packaging/requirements/lock.txt", "orjson==", "orjson==9", "runtime.txt is not what"),
        ("packaging/requirements/runtime.in", "supervisor", "supervisor\nmore", "runtime.txt is not what"),
        ("package.json", '"uplot": "1', '"uplot": "2', "package-lock.json is not that of package.json"),
    ],
)
def test_locks_that_are_old(checkout, name, old, new, words):
    path = checkout / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    (told,) = again(checkout)
    assert told.startswith(words)
    assert ": " in told


def test_all_is_told_at_once(checkout):
    (checkout / "packaging/lint.sh").write_text("exit 1\n")
    (checkout / "CHANGELOG.md").write_text(CHANGELOG.replace("Unreleased\n", "Unreleased\n\n- More.\n"))
    commit(checkout)
    (checkout / "new").touch()
    assert len(missing(checkout)) == 4


def test_it_is_a_target():
    told = subprocess.run(
        ("make", "--dry-run", "--assume-old=.venv/ready-lint", "release-check"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "packaging/release.py" in told.stdout
