"""The command as an operator runs it: a process with a configuration file of its own."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import pytest

from bigpandamon_core import __version__, config
from bigpandamon_core.config import Configuration, loading
from bigpandamon_core.management.inspection import Finding, Level, folders
from tests.services.elsewhere import Route, serving
from tests.services.process import HOST

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
def silent() -> Iterator[int]:
    """A port that takes connections and never says anything."""
    with socket.create_server((HOST, 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def answering() -> Iterator[Callable[[Route], str]]:
    """`answering(route)` starts a web process of sorts, whose /health is the route; where it listens."""
    with ExitStack() as opened:
        yield lambda route: f"{HOST}:{opened.enter_context(serving({'/health': route})).server_port}"


@pytest.fixture
def web_of_this_release(answering: Callable[[Route], str]) -> str:
    """Where a web process of the installed release listens."""
    return answering(saying({"status": "well", "version": __version__}))


def saying(told: object, status: int = 200) -> Route:
    """A route that answers with this as JSON."""
    return lambda handler: handler.reply(json.dumps(told).encode(), status=status)


@pytest.fixture
def configuration(file: Path, folder: Path) -> Callable[..., Configuration]:
    """The configuration of a text; its state is the folder `state`, which is there."""
    (folder / "state").mkdir()

    def read(text: str = "") -> Configuration:
        file.write_text(f'[paths]\nstate = "state"\n{text}')
        file.chmod(0o644)
        return config.examine(file, environ={})[0]

    return read


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The files lie as the packages put them."""
    monkeypatch.setattr(loading, "ETC", folder)
    monkeypatch.setattr(folders, "LOGS", folder / "log")
    (folder / "log").mkdir()


def bad(found: Iterable[Finding]) -> list[tuple[Level, str, str]]:
    """(level, text, remedy) of what is not well."""
    return [(one.level, one.text, one.remedy) for one in found if one.level is not Level.OK]
