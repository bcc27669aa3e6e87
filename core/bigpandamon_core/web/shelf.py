"""What holds for good and was counted once, in files of this host."""

from functools import cache
from hashlib import blake2b

from django.conf import settings

from bigpandamon_core import __version__
from bigpandamon_core.caching.entry import compressed, entry_of, sealed
from bigpandamon_core.caching.keys import secret_of
from bigpandamon_core.caching.large import Large
from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Shelf
from bigpandamon_core.web import metrics

MEGABYTE = 1_000_000


class Files:
    """Bounded in bytes; another release, configuration or plugin begins anew."""

    def __init__(self, files: Large, secret: bytes, identity: str):
        self._files, self._secret, self._identity = files, secret, identity

    def get(self, key: str) -> bytes | None:
        entry = self._files.get(self._name(key))
        return entry.plain() if entry else None

    def put(self, key: str, content: bytes) -> bool:
        name = self._name(key)
        entry = compressed(entry_of(content, "application/json", now()))
        return self._files.put(name, sealed(entry, name, self._secret))

    def _name(self, key: str) -> str:
        return blake2b(f"{self._identity} {key}".encode(), key=self._secret, digest_size=16).hexdigest()


@cache
def shelf(plugins: str) -> Shelf | None:
    """That of this process, None where nothing is to be kept. plugins: digest of the active ones."""
    option = settings.BIGPANDAMON.get
    most_bytes = option("cache.days_mb") * MEGABYTE
    if not most_bytes or option("cache.kind") == "none":
        return None
    secret = secret_of(settings.SECRET_KEY)
    files = Large(option("cache.folder") / "days", most_bytes, secret, metrics.of_entry)
    return Files(files, secret, f"{__version__} {settings.BIGPANDAMON.digest()} {plugins}")
