"""An instance that lives below a path of its host (web.base_path)."""

from collections.abc import Callable, Iterable
from typing import Any

OUTSIDE = "bigpandamon.outside"
"""Set in what is told of a request for an address that is not below the path."""


class Below:
    """A WSGI application in front of another, which sees the addresses below the path as its own and is told
    of those outside. What the server has taken off already is left as it is."""

    def __init__(self, base: str, application: Callable[[dict[str, Any], Any], Iterable[bytes]]):
        self._base = base
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == self._base or path.startswith(f"{self._base}/"):
            environ |= {"SCRIPT_NAME": self._base, "PATH_INFO": path.removeprefix(self._base)}
        elif environ.get("SCRIPT_NAME") != self._base:
            environ[OUTSIDE] = True
        return self._application(environ, start_response)
