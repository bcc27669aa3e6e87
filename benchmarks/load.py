"""Requests as fast as a server takes them: by wrk, or by threads of our own where there is no wrk."""

import http.client
import re
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import perf_counter

from tests.services.process import HOST
from tests.services.programs import locate

CONNECTIONS = 8
"""As many as two processes with four threads answer at a time."""
WRK = locate("wrk")
GENERATOR = "wrk" if WRK else "threads in Python (slower than a server: rates are too low; install wrk)"
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
Headers = Mapping[str, str]


def rate(port: int, path: str, headers: Headers, seconds: int = 1) -> float:
    """Answers a second.

    Raises:
        SystemExit: some were no answers.
    """
    return _by_wrk(port, path, headers, seconds) if WRK else _by_threads(port, path, headers, seconds)


def _by_wrk(port: int, path: str, headers: Headers, seconds: int) -> float:
    told = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    size = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}"]
    command = [str(WRK), *size, *told, f"http://{HOST}:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = _RATE.search(said)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"{path}:\n{said}")
    return float(found[1])


def _by_threads(port: int, path: str, headers: Headers, seconds: int) -> float:
    def ask(end: float) -> int:
        connection, count = http.client.HTTPConnection(HOST, port, timeout=30), 0
        while perf_counter() < end:
            connection.request("GET", path, headers=dict(headers))
            response = connection.getresponse()
            response.read()
            if response.status >= 400:
                raise SystemExit(f"{path}: {response.status}")
            count += 1
        connection.close()
        return count

    end = perf_counter() + seconds
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return sum(pool.map(ask, [end] * CONNECTIONS)) / seconds


def all_at_once(port: int, path: str, many: int) -> Sequence[tuple[bytes, float]]:
    """Bodies, and seconds until each was there, of many who ask at one moment."""
    gate = Barrier(many)

    def ask(_number: int) -> tuple[bytes, float]:
        connection = http.client.HTTPConnection(HOST, port, timeout=120)
        connection.connect()
        gate.wait()
        began = perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != 200:
            raise SystemExit(f"{path}: {response.status}")
        return body, perf_counter() - began

    with ThreadPoolExecutor(many) as pool:
        return list(pool.map(ask, range(many)))
