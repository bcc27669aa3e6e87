"""A web server on loopback that stands in for one elsewhere, friendly or hostile as its routes are."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.services.process import HOST

Route = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by the routes of its server; notes what it was asked and how much it has sent."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.close_connection = True
        route = self.server.routes.get(self.path.partition("?")[0])
        try:
            route(self) if route else self.reply(b"nothing here", status=404)
        except OSError:
            """The client has gone."""

    def reply(self, body: bytes, media: str = "text/html", status: int = 200, **headers: str) -> None:
        """A whole answer. headers: with _ for -."""
        self.begin(status, Content_Type=media, Content_Length=str(len(body)), **headers)
        self.write(body)

    def begin(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def write(self, piece: bytes) -> None:
        self.wfile.write(piece)
        self.server.sent += len(piece)

    def log_message(self, *_words: Any) -> None:
        """Tests are quiet."""


class Server(ThreadingHTTPServer):
    """routes: by path. asked: (path with parameters, headers) of each request. sent: bytes of bodies."""

    daemon_threads = True

    def __init__(self, routes: Mapping[str, Route]):
        super().__init__((HOST, 0), Handler)
        self.routes = routes
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.sent = 0

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, *_about: Any) -> None:
        """A client that breaks off is what some tests are about."""


@contextmanager
def serving(routes: Mapping[str, Route], certificate: Path | None = None) -> Iterator[Server]:
    """certificate: file with that and its key, for https."""
    with Server(routes) as server:
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def page(text: str, **headers: str) -> Route:
    return lambda handler: handler.reply(text.encode(), "text/html; charset=utf-8", 200, **headers)


def redirect(location: str, status: int = 302) -> Route:
    return lambda handler: handler.reply(b"", status=status, Location=location)


class Doors:
    """Stands where connections are made: records every address, lets through to the stand-in alone.

    names: what is known of names; they lead nowhere by themselves.
    """

    def __init__(self, server: Server, names: Mapping[str, list[str]]):
        self.server = server
        self.names = names
        self.resolved: list[str] = []
        self.tried: list[tuple[str, int]] = []

    def resolve(self, host: str, _port: int) -> list[str]:
        self.resolved.append(host)
        if host == HOST:
            return [host]
        if host not in self.names:
            raise socket.gaierror(f"{host} is not known")
        return self.names[host]

    def connect(self, address: str, port: int, seconds: float) -> socket.socket:
        self.tried.append((address, port))
        if (address, port) != (HOST, self.server.server_port):
            raise ConnectionRefusedError(f"{address}:{port} is not the stand-in")
        return socket.create_connection((address, port), seconds)
