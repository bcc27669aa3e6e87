"""A monitor as an instance runs it: gunicorn with its own configuration, asked over loopback."""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.services.folders import make_folder
from tests.services.process import HOST, Process, free_port, listening

ROOT = Path(__file__).resolve().parents[2]
CONFIGURATION = """[paths]
state = "{folder}"

[database]
url = "sqlite:///{folder}/own.sqlite3"

[panda]
url = "{panda_url}"
connect_seconds = 2
statement_seconds = 2

{more}
"""
COMMAND = "import sys; from bigpandamon_core.management.main import main; sys.exit(main())"
APPLICATION = "bigpandamon_core.web.wsgi:application"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Monitor:
    """One process with four threads. more: further sections of its configuration."""

    def __init__(self, panda_url: str, more: str = "", workers: int = 1, **environment: str):
        self.folder = make_folder("monitor")
        file = self.folder / "bigpandamon.toml"
        file.write_text(CONFIGURATION.format(folder=self.folder, panda_url=panda_url, more=more))
        path = os.pathsep.join(("core", os.environ.get("PYTHONPATH", "")))
        self.environment = {"BIGPANDAMON_CONFIG": str(file), "PYTHONPATH": path} | environment
        self.port = free_port()
        told = [f"{name}={value}" for name, value in self.environment.items()]
        words = [f"--bind={HOST}:{self.port}", f"--workers={workers}", "--threads=4", "--no-control-socket"]
        argv = ["env", *told, sys.executable, "-m", "gunicorn", f"--config={os.devnull}", *words]
        self.process = Process([*argv, APPLICATION], self.folder / "log", cwd=ROOT)

    def __enter__(self) -> "Monitor":
        self.process.start(lambda: listening(self.port))
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.stop()
        shutil.rmtree(self.folder)

    def command(self, *words: str, told: str = "") -> None:
        """A command of bigpandamon with the same configuration. told: what it reads."""
        argv = [sys.executable, "-c", COMMAND, *words]
        environment = os.environ | self.environment
        subprocess.run(argv, check=True, cwd=ROOT, env=environment, capture_output=True, input=told.encode())

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=named)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def samples(self, name: str) -> Iterator[tuple[dict[str, str], int]]:
        """Labels and value of each sample of a counter, from /metrics."""
        for family in text_string_to_metric_families(self.get("/metrics").text):
            yield from ((one.labels, int(one.value)) for one in family.samples if one.name == name)

    @property
    def log(self) -> str:
        return self.process.log.read_text()
