"""What gunicorn is always told. It reads this file by its path, and so no gunicorn.conf.py that happens to
lie in the current folder; its master still loads none of our code."""

import errno
import gc
import os
import socket
import subprocess
import sys
from pathlib import Path
from runpy import run_path
from time import monotonic, sleep
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

READ_SECONDS = "BIGPANDAMON_READ_SECONDS"
"""web.read_seconds as gunicorn's command line hands it on, to workers only."""
MORE = "BIGPANDAMON_GUNICORN"
"""The file of the instance's own options of gunicorn, if it has one."""
LOG_FORMAT = "BIGPANDAMON_LOG_FORMAT"
"""logging.format when the master began."""
OF_ONE_PROCESS = ("PROMETHEUS_MULTIPROC_DIR",)
"""What is said to the master and not meant for a process that only looks whether another could start."""
LOOK_SECONDS = 25
AGAIN_SECONDS = 1
LEAST_SECONDS = 0.5
"""For a request that had to wait for a thread; what has come by then is read at once."""
LEFT_TO_OTHERS_SECONDS = 0.02
"""So long a process whose threads are all busy accepts nobody after the last."""
MANY_OBJECTS = (50_000, 20, 20)
"""A page of a million jobs makes tens of thousands of objects: the collector of cycles looks through them a
few times, not every 700."""
SWITCH_SECONDS = 0.0005
"""For so long a thread that computes keeps the interpreter from others that are ready: whoever answers a page
asks for it hundreds of times, after each statement and each piece of an answer."""


_logs = run_path(str(Path(__file__).parent.parent / "config" / "logs.py"))


class Words(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn's messages, in lines like all others."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(_logs["lines"](os.environ.get(LOG_FORMAT, "plain")))


class ClientSocket(socket.socket):
    """A connection whose requests must have come, head and body, before the moment `ends`. Who takes nothing
    of an answer for a while is let go: long answers hold places and connections to the database."""

    ends = 0.0
    patience_seconds = 60.0

    def recv(self, *arguments: int) -> bytes:
        """Raises ConnectionResetError when it is too late: gunicorn lets go of the client, and Django takes a
        body for unreadable."""
        try:
            self.settimeout(max(self.ends - monotonic(), 0.001))
            return super().recv(*arguments)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "The request did not come in time") from error
        finally:
            self.settimeout(None)

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Raises ConnectionResetError when nothing more is taken; who takes slowly gets all."""
        rest = memoryview(data)
        try:
            self.settimeout(self.patience_seconds)
            while rest:
                rest = rest[self.send(rest, flags) :]
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "The answer was not taken") from error
        finally:
            self.settimeout(None)


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed
    """gunicorn's worker with threads, which clients that never finish a request cannot occupy for long."""

    read_seconds = 5.0
    _accepts_again = 0.0

    @property
    def worker_connections(self) -> int:
        """How many connections it may have. While its threads are all busy it leaves the next for a moment to
        the others: a burst of clients that keep their connections would all stay with who woke first."""
        waiting = len(self.keepalived_conns) + len(self.pending_conns)
        is_busy = self.nr_conns - waiting >= self.cfg.threads
        return 0 if is_busy and monotonic() < self._accepts_again else self._most_connections

    @worker_connections.setter
    def worker_connections(self, most: int) -> None:
        self._most_connections = most

    def accept(self, listener: Any) -> None:
        self._accepts_again = monotonic() + LEFT_TO_OTHERS_SECONDS
        super().accept(listener)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(timeout if self._accepting else LEFT_TO_OTHERS_SECONDS)

    def init_process(self) -> None:
        self.read_seconds = float(os.environ.get(READ_SECONDS, self.read_seconds))
        super().init_process()

    def load_wsgi(self) -> None:
        """One that takes the place of another and cannot start does not end the others, as gunicorn would
        have it: they go on, and it is tried again."""
        try:
            super().load_wsgi()
        except Exception:  # pylint: disable=broad-exception-caught  # whatever keeps code from loading
            if self.age <= self.cfg.workers:
                raise
            self.log.exception("This process cannot start, another is tried in its place")
            sleep(AGAIN_SECONDS)
            sys.exit(1)

    def enqueue_req(self, conn: Any) -> None:
        if not isinstance(conn.sock, ClientSocket):
            conn.sock = ClientSocket(fileno=conn.sock.detach())
        conn.sock.ends = monotonic() + self.read_seconds
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        """The time runs from when the client could send: those who wait for a thread without a whole request
        do not hold one as long again."""
        conn.sock.ends = max(conn.sock.ends, monotonic() + LEAST_SECONDS)
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.info("Refused an address from %s: %s", addr, exc)
        # Imported here: the worker has loaded our code, the master that reads this file has not.
        from bigpandamon_core.web.problems import too_long  # pylint: disable=import-outside-toplevel

        client.sendall(too_long())


# pylint: disable=invalid-name  # gunicorn's names
worker_class = Worker
logger_class = Words
control_socket_disable = True
limit_request_line = 8190


def post_worker_init(worker: Any) -> None:
    """What a worker has loaded by now stays for as long as it lives: the collector passes it over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*MANY_OBJECTS)
    sys.setswitchinterval(SWITCH_SECONDS)
    worker.log.info("Ready to answer (pid: %s)", worker.pid)


def on_starting(server: Any) -> None:
    """Have a reload look first: gunicorn would end with the last of its old processes where new ones cannot
    start."""
    reload = server.reload

    def reload_if_it_can() -> None:
        if complaint := what_stops_a_start():
            server.log.error("Not reloaded, the processes of before go on: %s", complaint)
        else:
            reload()

    server.reload = reload_if_it_can


def what_stops_a_start() -> str:
    """What gunicorn says that loads everything as this one was told to, and ends; "" if all is well."""
    words = (sys.executable, "-m", "gunicorn", *sys.argv[1:], "--check-config")
    environment = {name: value for name, value in os.environ.items() if name not in OF_ONE_PROCESS}
    try:
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, timeout=LOOK_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"nothing has started within {LOOK_SECONDS} s"
    return done.stderr.strip() or "no reason is given" if done.returncode else ""


def of_instance(path: str) -> dict[str, object]:
    """What the instance's own file sets, by the names of gunicorn."""
    found = run_path(path) if path else {}
    return {name: value for name, value in found.items() if not name.startswith("_")}


globals().update(of_instance(os.environ.get(MORE, "")))
