"""A WSGI application asked as a server asks it, without a server."""

from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from bigpandamon_core.web.shortcut import Application, Shortcut

HOST = "localhost"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def outcome(self) -> str:
        return self.headers.get("X-Cache", "")


class Gateway:
    """The whole monitor with its shortcut, unless another application is given."""

    def __init__(self, application: Application | None = None):
        self.application = application or Shortcut(WSGIHandler())

    def get(self, url: str, method: str = "GET", **headers: str) -> Answer:
        """headers: with _ for -, e.g. accept_encoding="gzip"."""
        named = {"host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
        environ = RequestFactory().generic(method, url, headers=named).environ
        told: list[Any] = []
        chunks = self.application(environ, lambda *start: told.extend(start))
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, pairs = told
        assert len({name.lower() for name, _ in pairs}) == len(pairs), f"a header twice: {pairs}"
        return Answer(int(status.split()[0]), dict(pairs), body)
