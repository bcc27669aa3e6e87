"""One host of an instance: its files, what supervisord keeps running there, and how others see it."""

import http.client
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from tests.architecture.repository import ROOT
from tests.services.namespaces import Namespace
from tests.services.process import HOST, Process
from tests.services.programs import program
from tests.stack.layout import Layout

MAIN = (sys.executable, "-m", "bigpandamon_core.management.main")
SUPERVISORD, SUPERVISORCTL = ((sys.executable, "-m", f"supervisor.supervisor{it}") for it in ("d", "ctl"))
Answer = tuple[int, dict[str, str], bytes]


class Host:
    """network: one of its own, else this machine's."""

    def __init__(self, layout: Layout, network: Namespace | None = None):
        self.layout = layout
        self.network = network
        self.process = Process(
            self.inside(*SUPERVISORD, "--configuration", str(layout.supervisord)),
            layout.folder / "supervisord.words",
            cwd=ROOT,
            environment=layout.environment,
        )

    def inside(self, *words: str) -> Sequence[str]:
        return self.network.inside(*words) if self.network else words

    def add_memcached(self, port: int, address: str = HOST) -> None:
        command = f"{program('memcached', 'memcached')} -l {address} -p {port} -U 0"
        self.layout.add_program("memcached", command, "nobody", "priority = 1")

    def add_nginx(self) -> None:
        front = f"{program('nginx', 'nginx-light')} -e stderr -c {self.layout.folder}/etc/nginx.conf"
        self.layout.add_program("nginx", front, more="priority = 40\nstopsignal = QUIT")

    def command(self, *words: str, well: bool = True) -> str:
        """The output of `bigpandamon` there, which must go well, or must not."""
        done = subprocess.run(
            self.inside(*MAIN, *words),
            env=self.layout.environment,
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert (done.returncode == 0) is well, done.stdout + done.stderr
        return done.stdout

    def control(self, *words: str) -> str:
        """What supervisorctl says."""
        command = (*SUPERVISORCTL, "--configuration", str(self.layout.supervisord), *words)
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT).stdout

    def states(self) -> dict[str, str]:
        """The state of each program."""
        return {line.split()[0]: line.split()[1] for line in self.control("status").splitlines()}

    def ask(self, path: str, port: int = 0, **headers: str) -> Answer:
        """Status, headers and body of an answer through nginx, or of who listens at another port of loopback;
        status 0 as long as nobody listens."""
        connection = http.client.HTTPConnection(HOST, port or self.layout.port, timeout=30)
        try:
            with self._reached():
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                body = response.read()
        except OSError:
            return 0, {}, b""
        finally:
            connection.close()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body

    def _reached(self) -> AbstractContextManager[None]:
        return self.network.connected() if self.network else nullcontext()

    def json(self, path: str, port: int = 0) -> Any:
        return json.loads(self.ask(path, port)[2])

    def start(self) -> None:
        """Until it answers."""
        self.process.start(lambda: self.ask("/health")[0] == 200)
