"""RPMs built from a tree, and what they say of themselves."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.repository import ROOT

MOMENT = "1780000000"
AGENT = "htcondor_agent"
INVENTED = ("demo_vo", "quiet_vo")
"""Plugins that have trees of their own, in tests/."""


def build(tree: Path, folder: Path, key: str, version: str = "1.2.3", *options: str) -> Path:
    """One RPM of a tree. key: of the table, "runtime", or "" with `--tree=…` among the options."""
    chosen = {"BIGPANDAMON_DIST": "core" if key in ("", "runtime") else key, "BIGPANDAMON_VERSION": version}
    what = ["--runtime"] if key == "runtime" else []
    where = (f"--sources={ROOT}/build/sources", f"--build-folder={folder}/build", f"--dist-dir={folder}")
    before = set(folder.glob("*.rpm"))
    subprocess.run(
        (sys.executable, "setup.py", "-q", "bdist_rpm", *what, *where, *options),
        cwd=tree,
        env=os.environ | chosen | {"SOURCE_DATE_EPOCH": MOMENT},
        check=True,
    )
    shutil.rmtree(folder / "build")
    (rpm,) = set(folder.glob("*.rpm")) - before
    return rpm


def asked(rpm: Path, *question: str) -> list[str]:
    """The lines of `rpm -qp` about a package."""
    command = ("rpm", "-qp", "--nosignature", *question, str(rpm))
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def repository(folder: Path) -> None:
    """Make the folder's RPMs known to dnf."""
    subprocess.run(("createrepo_c", "--quiet", "--update", str(folder)), check=True)
