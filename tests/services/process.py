"""A server started as a direct child, waited for with a deadline and stopped with its whole group."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, TypeVar

HOST = "127.0.0.1"
START_SECONDS = 30.0
STOP_SECONDS = 15.0
ATTEMPTS = 3
DIE_WITH_PARENT = ("setpriv", "--pdeathsig", "KILL", "--")
TAIL_BYTES = 2000


class ServiceFailed(Exception):
    """A server did not come up; the message holds the end of what it said."""


def free_port() -> int:
    return free_ports(1)[0]


def free_ports(many: int) -> list[int]:
    """Ports of this machine that nobody uses, each another one."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(many)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def listening(port: int) -> bool:
    """Whether somebody accepts connections on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def as_user(name: str) -> dict[str, Any]:
    """Arguments for subprocess that drop root for the server's own user; none when we are not root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam(name)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class Server(Protocol):
    """What every private server of ours can do."""

    def start(self) -> None: ...

    def remove(self) -> None: ...


Kind = TypeVar("Kind", bound=Server)


def started(make: Callable[[], Kind]) -> Kind:
    """A started server; again with another port when somebody took its port in the meantime."""
    for _ in range(ATTEMPTS - 1):
        server = make()
        try:
            server.start()
        except ServiceFailed as failure:
            server.remove()
            if "address already in use" not in str(failure).lower():
                raise
        else:
            return server
    last = make()
    last.start()
    return last


class Process:
    """One running server: argv, what it needs to be ready, where its words go."""

    def __init__(
        self,
        argv: Sequence[str],
        log: Path,
        user: str = "",
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ):
        self.argv = [*DIE_WITH_PARENT, *argv] if shutil.which(DIE_WITH_PARENT[0]) else list(argv)
        self.log = log
        self.user = user
        self.cwd = cwd
        self.environment = environment
        self.child: subprocess.Popen[bytes] | None = None

    def start(self, ready: Callable[[], bool]) -> None:
        """Start and wait until ready. Raises ServiceFailed when it dies before that or takes too long."""
        identity = as_user(self.user) if self.user else {}
        with self.log.open("ab") as words:
            self.child = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                cwd=self.cwd,
                env=self.environment,
                **identity,
            )
        self._await(ready)

    def _await(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if self.child is None or self.child.poll() is not None:
                raise ServiceFailed(f"{self.argv[0]} ended at once:\n{self.tail()}")
            if time.monotonic() > deadline:
                self.kill()
                raise ServiceFailed(f"{self.argv[0]} is not ready after {START_SECONDS} s:\n{self.tail()}")
            time.sleep(0.02)

    @property
    def pid(self) -> int | None:
        return self.child.pid if self.child is not None else None

    @property
    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it in its own way; after STOP_SECONDS without mercy. Nothing happens if it does not run."""
        if not self.alive:
            return
        self._signal(number)
        try:
            assert self.child is not None
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, as when a machine fails; waits until the process is gone."""
        if self.child is not None:
            self._signal(signal.SIGKILL)
            self.child.wait(STOP_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        assert self.child is not None
        try:
            os.killpg(self.child.pid, number)
        except ProcessLookupError:
            return

    def tail(self) -> str:
        return self.log.read_bytes()[-TAIL_BYTES:].decode("utf-8", "replace") if self.log.exists() else ""
