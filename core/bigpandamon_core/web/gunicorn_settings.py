"""What gunicorn is always told. It reads this file by its path, and so no gunicorn.conf.py that happens to
lie in the current folder; its master still loads none of our code."""

import errno
import gc
import os
import socket
import sys
from runpy import run_path
from time import monotonic
from typing import Any

from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

READ_SECONDS = "BIGPANDAMON_READ_SECONDS"
"""web.read_seconds as gunicorn's command line hands it on, to workers only."""
MORE = "BIGPANDAMON_GUNICORN"
"""The file of the instance's own options of gunicorn, if it has one."""
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


class ClientSocket(socket.socket):
    """A connection whose requests must have come, head and body, before the moment `ends`."""

    ends = 0.0

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
control_socket_disable = True
limit_request_line = 8190


def post_worker_init(_worker: object) -> None:
    """What a worker has loaded by now stays for as long as it lives: the collector passes it over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*MANY_OBJECTS)
    sys.setswitchinterval(SWITCH_SECONDS)


def of_instance(path: str) -> dict[str, object]:
    """What the instance's own file sets, by the names of gunicorn."""
    found = run_path(path) if path else {}
    return {name: value for name, value in found.items() if not name.startswith("_")}


globals().update(of_instance(os.environ.get(MORE, "")))
