"""The command as an operator runs it: a process with a configuration file of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import IO

import pytest
from django.test import override_settings

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


@pytest.fixture
def within(
    own: None, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """As `bigpandamon`, but in this process, on its databases, and at no terminal."""
    from bigpandamon_core import config
    from bigpandamon_core.management.main import main

    def run(*words: str, **environ: str) -> Ran:
        with monkeypatch.context() as patch, override_settings(BIGPANDAMON=config.load(file, environ={})):
            patch.setattr(sys, "stdin", StringIO())
            for name, value in environ.items():
                patch.setenv(name, value)
            try:
                code = main(list(words))
            except SystemExit as end:
                code = int(end.code or 0)
        told = capsys.readouterr()
        return Ran(words, code, told.out, told.err)

    return run
