"""nginx with the file an instance gets, before `bigpandamon serve`, as supervisor starts it."""

import http.client
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services.nginx import Nginx
from tests.services.process import HOST, Process, free_port, started
from tests.web.holding import Holding
from tests.web.served import COMMAND, ROOT, Answer, Monitor

SNIPPETS = ROOT / "etc" / "nginx"
WEB = "[web]\nworkers = 2\nthreads = 4\n"


class Serving(Monitor):
    """gunicorn: what stands in its file beside the configuration. more: further sections of that one."""

    def __init__(self, panda_url: str, more: str = "", gunicorn: str = ""):
        super().__init__(panda_url, f"{WEB}\n{more}")
        (self.folder / "gunicorn.conf.py").write_text(gunicorn)
        told = [f"{name}={value}" for name, value in self.environment.items()]
        serve = [sys.executable, "-c", COMMAND, "serve", f"--bind={HOST}:{self.port}"]
        self.process = Process(["env", *told, *serve], self.folder / "log", cwd=ROOT)

    @property
    def configuration(self) -> Path:
        return self.folder / "bigpandamon.toml"


class Front:
    """Both, seen from outside."""

    def __init__(self, folder: Path, port: int, monitor: Serving):
        self.folder, self.port, self.monitor = folder, port, monitor

    def ask(self, path: str, method: str = "GET", body: str = "", source: str = "", **headers: str) -> Answer:
        """source: the client's address, of this machine."""
        return ask(self.port, path, method, body, source, **headers)

    @property
    def log(self) -> str:
        """What nginx wrote of requests."""
        return (self.folder / "bigpandamon.log").read_text()


def ask(
    port: int, path: str, method: str = "GET", body: str = "", source: str = "", **headers: str
) -> Answer:
    connection = http.client.HTTPConnection(
        HOST, port, timeout=30, source_address=(source, 0) if source else None
    )
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


@contextmanager
def standing(folder: Path, more: str = "", gunicorn: str = "", **changes: str) -> Iterator[Front]:
    """changes: words of nginx's file by what stands in their place."""
    panda = Holding(folder / "panda.sqlite3")
    monitor = Serving(panda.url, more, gunicorn)
    panda.prepare(monitor)
    with monitor:
        port = free_port()
        nginx = started(lambda: Nginx("", _configuration(folder, monitor.port, port, changes)))
        try:
            yield Front(folder, port, monitor)
        finally:
            nginx.remove()


def _configuration(folder: Path, monitor: int, port: int, changes: dict[str, str]) -> str:
    """The file of an instance, with places of this test for those of a system."""
    text = (SNIPPETS / "bigpandamon.conf").read_text()
    shared = "include /etc/bigpandamon/nginx/cache-http.conf;"
    text = text.replace(shared, (SNIPPETS / "cache-http.conf").read_text())
    places = {
        "    listen [::]:80 default_server;\n": "",
        "listen 80 default_server": f"listen {HOST}:{port}",
        "127.0.0.1:8008": f"{HOST}:{monitor}",
        "/etc/bigpandamon/nginx": str(SNIPPETS),
        "/var/cache/nginx": str(folder),
        "/var/log/nginx": str(folder),
        "/usr/share/bigpandamon": str(folder / "share"),
    }
    for theirs, ours in (places | changes).items():
        assert theirs in text, theirs
        text = text.replace(theirs, ours)
    return text
