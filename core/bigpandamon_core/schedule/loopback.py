"""Asking the web process of this host, past whatever stands in front of it."""

import http.client
import socket

from bigpandamon_core.config.listening import reached_at

UNIX = "unix:"


class _Unix(http.client.HTTPConnection):
    """Over the socket of a file."""

    def __init__(self, path: str, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def connection(bind: str, timeout: float) -> http.client.HTTPConnection:
    """To where a web process listens: host:port or unix:/path, as in web.bind."""
    if bind.startswith(UNIX):
        return _Unix(bind.removeprefix(UNIX), timeout)
    host, _, port = bind.rpartition(":")
    return http.client.HTTPConnection(reached_at(host.strip("[]")), int(port), timeout=timeout)
