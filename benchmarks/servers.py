"""Servers that give the same bytes: ours, a bare WSGI application in the same gunicorn, nginx from a file."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.instance import Instance
from bigpandamon_core.management.serve import SETTINGS
from tests.services.nginx import Nginx
from tests.services.process import HOST, Process, free_port, listening, started

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 4
KEEP_SECONDS = 3600


@contextmanager
def _running(argv: list[str], environment: Mapping[str, str], log: Path, port: int) -> Iterator[int]:
    told = [f"{name}={value}" for name, value in environment.items()]
    process = Process(["env", *told, *argv], log, cwd=ROOT)
    process.start(lambda: listening(port))
    try:
        yield port
    finally:
        process.stop()


@contextmanager
def ours(instance: Instance, kind: str, memcached: str, counting: bool = False) -> Iterator[int]:
    """The whole stack, its answers kept in `kind`. memcached: a server's address. counting: its processes
    count together."""
    text = (instance.folder / "bigpandamon.toml").read_text()
    text = re.sub(r"(?m)^workers = .*", f"workers = {WORKERS}\nthreads = {THREADS}", text)
    cache = f'[cache]\nkind = "{kind}"\ndefault_seconds = {KEEP_SECONDS}\n'
    cache += f'servers = ["{memcached}"]\n' if memcached else ""
    text = re.sub(r"(?m)^\[cache\]\n(?:\w.*\n)*", cache, text)
    name = f"{kind}-counting" if counting else kind
    folder = instance.folder / name
    folder.mkdir()
    (folder / "bigpandamon.toml").write_text(text)
    environment = {"BIGPANDAMON_CONFIG": str(folder / "bigpandamon.toml")}
    environment |= {"PROMETHEUS_MULTIPROC_DIR": str(folder)} if counting else {}
    port = free_port()
    argv = [sys.executable, "-m", "bigpandamon_core.management.main", "serve", "--bind", f"{HOST}:{port}"]
    with _running(argv, environment, folder / "log", port):
        yield port


@contextmanager
def bare(folder: Path, name: str, body: bytes) -> Iterator[int]:
    """gunicorn, set up as for ours, with an application that does nothing."""
    file, port = folder / f"{name}.body", free_port()
    file.write_bytes(body)
    size = [f"--workers={WORKERS}", f"--threads={THREADS}", "--log-level=warning"]
    argv = [sys.executable, "-m", "gunicorn", f"--config={SETTINGS}", f"--bind={HOST}:{port}", *size]
    environment = {"BARE_BODY": str(file)}
    with _running([*argv, "benchmarks.bare:application"], environment, folder / f"{name}.log", port):
        yield port


@contextmanager
def static(folder: Path, body: bytes) -> Iterator[int]:
    """nginx, which reads the bytes from a file."""
    (folder / "static").mkdir()
    (folder / "static" / "body").write_bytes(body)
    server = started(lambda: Nginx(f"root {folder}/static; location / {{ try_files /body =404; }}"))
    try:
        yield server.port
    finally:
        server.remove()
