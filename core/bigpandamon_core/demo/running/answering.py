"""Whether a place to listen at is free, and whether an instance answers there."""

import http.client
import socket
from collections.abc import Callable
from time import monotonic, sleep

from bigpandamon_core.config.listening import reached_at
from bigpandamon_core.domain.problems import Problem

PATH = "/health"
DEADLINE_SECONDS = 60.0
LOOK_SECONDS = 0.2


def require_free(host: str, port: int) -> None:
    """Raises Problem if nothing can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as error:
        remedy = "Choose another one with --port, or end what listens there."
        what = f"Port {port} cannot be listened on: {error.strerror}."
        raise Problem(what, f"{host}:{port}", remedy, code="port-taken") from error


def wait_for(host: str, port: int, given_up: Callable[[], bool]) -> bool:
    """Whether an instance was well before the deadline and before it was given up."""
    ends = monotonic() + DEADLINE_SECONDS
    while monotonic() < ends and not given_up():
        if _is_well(reached_at(host), port):
            return True
        sleep(LOOK_SECONDS)
    return False


def _is_well(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", PATH)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def url(host: str, port: int) -> str:
    shown = reached_at(host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
