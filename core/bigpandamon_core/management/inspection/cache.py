"""The cache: what cannot be reached makes the monitor slower, never wrong."""

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding, trouble

SUBJECT = "cache"
WAIT_SECONDS = 2


def findings(configuration: Configuration) -> Iterator[Finding]:
    kind = configuration.get("cache.kind")
    yield from _LOOKS.get(kind, _nothing)(configuration)


def _nothing(configuration: Configuration) -> Iterator[Finding]:
    yield Finding(SUBJECT, str(configuration.get("cache.kind")))


def _memcached(configuration: Configuration) -> Iterator[Finding]:
    # Imported here: only this kind needs the client.
    from pymemcache.client.base import Client  # type: ignore[import-untyped]  # pylint: disable=import-outside-toplevel
    from pymemcache.exceptions import MemcacheError  # type: ignore[import-untyped]  # pylint: disable=import-outside-toplevel

    for server in configuration.get("cache.servers"):
        client = Client(server, connect_timeout=WAIT_SECONDS, timeout=WAIT_SECONDS)
        try:
            version = client.version().decode("ascii", "replace")
            yield Finding(SUBJECT, f"memcached {version} at {server}")
        except (OSError, MemcacheError) as error:
            yield trouble(SUBJECT, f"memcached at {server} does not answer: {error}")
        finally:
            client.close()


def _files(configuration: Configuration) -> Iterator[Finding]:
    folder: Path = configuration.get("cache.folder")
    existing = next((place for place in (folder, *folder.parents) if os.path.exists(place)), Path("/"))
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        yield Finding(SUBJECT, f"files in {folder}")
    else:
        yield trouble(SUBJECT, f"{existing} is not a folder this user may write to")


_LOOKS: Mapping[str, Callable[[Configuration], Iterator[Finding]]] = {
    "memcached": _memcached,
    "files": _files,
}
