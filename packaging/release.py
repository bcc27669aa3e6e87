"""`make release-check`: is this commit a release? All that is missing is told at once, with what to do."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import setup as packages  # noqa: E402  # of this checkout  # pylint: disable=wrong-import-position

TAG = re.compile(r"v\d+\.\d+\.\d+")
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
NAMED = re.compile(r"^([A-Za-z0-9][\w.-]*)", re.MULTILINE)
LOCKS = ROOT / "packaging" / "requirements"
NODE = ("dependencies", "devDependencies")


def git(*arguments: str) -> str:
    done = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def tag() -> str:
    """The tag of a release on this commit, "" if none; the one setup.py goes by if there are several."""
    found = [name for name in git("tag", "--points-at", "HEAD").split() if TAG.fullmatch(name)]
    described = f"v{packages.version()}"
    return described if described in found else (found or [""])[0]


def tagged() -> Iterator[str]:
    version = packages.version()
    if not tag():
        yield "this commit has no tag vX.Y.Z: git tag -a vX.Y.Z -m 'bigpandamon X.Y.Z'"
    elif tag() != f"v{version}":
        yield f"the tag is {tag()}, setup.py says {version}: leave one tag, unset BIGPANDAMON_VERSION"


def described() -> Iterator[str]:
    """The changelog: nothing is to be told any more, and the release has told it."""
    sections = _sections((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if sections.get("Unreleased"):
        yield "CHANGELOG.md has lines under Unreleased: move them below a heading of the release"
    version = tag().removeprefix("v")
    if version and not sections.get(version):
        yield f"CHANGELOG.md tells nothing of {version}: add '## {version} (date)' with what operators notice"


def _sections(text: str) -> dict[str, str]:
    """What stands below each heading, by its first word."""
    _, *parts = HEADING.split(text)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return {heading.split()[0]: body.strip() for heading, body in pairs}


def clean() -> Iterator[str]:
    changed = git("status", "--porcelain").splitlines()
    if changed:
        yield f"{len(changed)} files are not as committed ({changed[0].strip()}, …): commit or git stash -u"


def locked() -> Iterator[str]:
    """What is asked for is what is locked, as far as that can be told without a network."""
    versions = _pinned(LOCKS / "lock.txt")
    lacking = sorted(_asked_for() - versions.keys())
    if lacking:
        yield f"lock.txt lacks {', '.join(lacking)} of setup.py: pin it (docs/howto.md)"
    runtime, wanted = _pinned(LOCKS / "runtime.txt"), _named(LOCKS / "runtime.in")
    other = {name for name, version in runtime.items() if versions.get(name, version) != version}
    if differing := sorted(other | (wanted - runtime.keys())):
        remedy = "python packaging/rpm/wheelhouse.py lock"
        yield f"runtime.txt is not what runtime.in and lock.txt say ({', '.join(differing)}): {remedy}"
    asked, kept = (
        json.loads((ROOT / name).read_text("utf-8")) for name in ("package.json", "package-lock.json")
    )
    if any(asked.get(kind, {}) != kept["packages"][""].get(kind, {}) for kind in NODE):
        yield "package-lock.json is not that of package.json: npm install --package-lock-only"


def _asked_for() -> set[str]:
    rows = packages.DISTRIBUTIONS
    asked = [need for row in rows for need in row.dependencies]
    asked += [need for row in rows for _, needs in row.extras for need in needs]
    return {_canonical(NAMED.findall(need)[0]) for need in asked} - {row.name for row in rows}


def _pinned(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    return {_canonical(name): version for name, version in PINNED.findall(text)}


def _named(path: Path) -> set[str]:
    return {_canonical(name) for name in NAMED.findall(path.read_text(encoding="utf-8"))}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def linted() -> Iterator[str]:
    """As where everything must run: no linter is left out because it is not installed."""
    command, environment = ("sh", "packaging/lint.sh"), os.environ | {"CI": "true"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        yield f"the linters complain ({''.join(last)}): make lint"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (tagged, described, clean, locked, linted)


def main() -> int:
    missing = [words for check in CHECKS for words in check()]
    if not missing:
        print(f"This is {tag()}: make repo, then docs/packaging.md tells how it is signed.")
        return 0
    print("This is no release yet:", *missing, sep="\n  ", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
