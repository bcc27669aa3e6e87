"""The command as an operator runs it: a process with a configuration file of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

Ran = subprocess.CompletedProcess[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plugins.d").mkdir()
    return tmp_path


@pytest.fixture
def file(folder: Path) -> Path:
    """The configuration file of `bigpandamon`; its state is in the folder `state` beside it."""
    path = folder / "bigpandamon.toml"
    path.write_text('[paths]\nstate = "state"\n')
    return path


@pytest.fixture
def bigpandamon(file: Path) -> Callable[..., Ran]:
    """Run `bigpandamon WORDS…` to its end."""

    def run(*words: str, stdin: IO[str] | int = subprocess.DEVNULL, **environ: str) -> Ran:
        command = [sys.executable, "-m", "bigpandamon_core.management.main", *words]
        environment = os.environ | {"BIGPANDAMON_CONFIG": str(file)} | environ
        return subprocess.run(
            command, stdin=stdin, capture_output=True, text=True, check=False, env=environment, timeout=60
        )

    return run
