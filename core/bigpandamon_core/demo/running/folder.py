"""The folder of a demonstration: its configuration, its two databases, and a lock so that one runs there."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bigpandamon_core.config.toml import written
from bigpandamon_core.domain.problems import Problem

CONFIGURATION, LOCK, OWN, PANDA = "bigpandamon.toml", "lock", "monitor.sqlite3", "panda.sqlite3"
ENVIRONMENT = "BIGPANDAMON_CONFIG"
EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104  # only compared with, to allow every host name
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

TEMPLATE = """# Made by `bigpandamon demo run`; yours to change, it is not written again.
[instance]
title = {title}

[paths]
state = {state}

[database]
url = {own}

[panda]
url = {panda}

[web]
allowed_hosts = {hosts}

[schedule]
expected = true
warm_up = ["/", "/jobs/"]
"""


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """The folder, made if absent, for us alone. Raises Problem if another demonstration runs there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("w", encoding="utf-8")
    except OSError as error:
        remedy = "Name another one with --folder."
        raise Problem(f"The folder cannot be used: {error.strerror}.", str(folder), remedy) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            remedy = "End it, or name another folder with --folder."
            raise Problem("Another demonstration runs in this folder.", str(folder), remedy) from None
        yield


def environment(folder: Path, title: str, host: str, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the processes of the instance run with: the given configuration, else the one in the folder,
    which is written if it is not there yet."""
    if given.get(ENVIRONMENT):
        return dict(given)
    path = folder.resolve() / CONFIGURATION
    if not path.exists():
        path.write_text(_configuration(folder.resolve(), title, host), encoding="utf-8")
    return {**given, ENVIRONMENT: str(path)}


def _configuration(folder: Path, title: str, host: str) -> str:
    name = f"[{host}]" if ":" in host else host
    hosts = ("*",) if host in EVERY_INTERFACE else dict.fromkeys((*LOOPBACK, name))
    return TEMPLATE.format(
        title=written(title),
        state=written(folder),
        own=written(f"sqlite:///{folder}/{OWN}"),
        panda=written(f"sqlite:///{folder}/{PANDA}"),
        hosts=written(list(hosts)),
    )
