"""The invented plugins as installed distributions, in a folder that a process gets as PYTHONPATH."""

import os
import subprocess
import sys
from pathlib import Path

from tests.plugins.monitors import NAMES, TESTS

Ran = subprocess.CompletedProcess[str]


def editable(folder: Path) -> Path:
    """What an editable install leaves: metadata with the entry point, and the way to the sources."""
    for name in NAMES:
        information = folder / f"bigpandamon_{name}-1.0.dist-info"
        information.mkdir(parents=True)
        information.joinpath("METADATA").write_text(
            f"Metadata-Version: 2.1\nName: bigpandamon-{name}\nVersion: 1.0\n"
        )
        place = f"bigpandamon_{name}.plugin:{name.title().replace('_', '')}"
        information.joinpath("entry_points.txt").write_text(f"[bigpandamon.plugins]\n{name} = {place}\n")
        folder.joinpath(f"bigpandamon_{name}").symlink_to(TESTS / name / f"bigpandamon_{name}")
    return folder


def installed(wheels: list[Path], folder: Path) -> Path:
    """Wheels unpacked by pip into a folder."""
    command = (
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
    )
    subprocess.run((*command, *map(str, wheels)), check=True)
    return folder


def run(folder: Path, file: Path, *words: str) -> Ran:
    """`python WORDS…` with the distributions of the folder, for a configuration file."""
    environment = os.environ | {"BIGPANDAMON_CONFIG": str(file), "PYTHONPATH": str(folder)}
    return subprocess.run(
        (sys.executable, *words), env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def bigpandamon(folder: Path, file: Path, *words: str) -> Ran:
    return run(folder, file, "-m", "bigpandamon_core.management.main", *words)
