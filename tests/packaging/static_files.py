"""Static files of an instance, as a browser gets them and as they lie there."""

import gzip
import re
from collections.abc import Mapping

from tests.packaging.root import Root
from tests.packaging.service import Service

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "no-store"


def statics(service: Service, page: str) -> list[str]:
    """Addresses of static files on a page."""
    return re.findall(r'"(/static/[^"]+)"', service.ask(f"{page}?timestamp=1")[2].decode())


def assert_held_for_good(root: Root, service: Service, addresses: list[str]) -> None:
    """nginx gives each as it lies there and, where that is less, its compressed twin."""
    for address in addresses:
        status, headers, plain = service.ask(address)
        assert (status, headers["cache-control"]) == (200, FOR_GOOD), address
        assert "x-request-id" not in headers, f"{address} came from the monitor"
        assert plain == (root.folder / f"usr/share/bigpandamon{address}").read_bytes()
        _, headers, packed = service.ask(address, **{"Accept-Encoding": "gzip"})
        assert (headers["content-encoding"], headers["vary"]) == ("gzip", "Accept-Encoding")
        assert gzip.decompress(packed) == plain


def assert_no_other_is_given_for_good(service: Service, held: Mapping[str, bytes]) -> None:
    """The files are gone from the disk: a worker that began before has what was in them, and so has nginx
    what it kept of that; another worker says that its own are not to be kept."""
    for address, before in held.items():
        status, headers, body = service.ask(address)
        assert status == 200
        assert (headers["cache-control"], body == before) == (FOR_GOOD, True) or headers[
            "cache-control"
        ] == FOR_NOW
