"""A kept answer: its bytes as they leave, what is said about them, and when they were made."""

import gzip
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

LEAST_BYTES = 1024
"""Shorter bodies stay as they are: a client would not notice."""
WORTH = 0.9
"""A body is kept compressed when that leaves less than this part of it."""
LEVEL = 4
REMEMBERED, REMEMBERED_BYTES = 50, 300_000
"""So many unpacked bodies up to that size are at hand for clients that take no compression."""
MAC_BYTES = 20
_LENGTH_BYTES = 4
_OVERHEAD_BYTES = 600
"""What an entry takes in memory beside its body and headers, roughly."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer.

    body: as it is stored, gzip if `compressed`. etag: of the body before that. made: naive UTC.
    edition: version of the content it was made from. headers: further ones that go with it.
    """

    body: bytes
    content_type: str
    etag: str
    made: datetime
    edition: str = ""
    compressed: bool = False
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers) + _OVERHEAD_BYTES

    def age_seconds(self, moment: datetime) -> float:
        """Negative when the clock of its maker is ahead."""
        return (moment - self.made) / timedelta(seconds=1)

    def plain(self) -> bytes:
        if not self.compressed:
            return self.body
        length = int.from_bytes(self.body[-4:], "little")  # as gzip writes it at the end
        return _unpacked(self.body) if length <= REMEMBERED_BYTES else gzip.decompress(self.body)


@lru_cache(REMEMBERED)
def _unpacked(body: bytes) -> bytes:
    return gzip.decompress(body)


def entry_of(
    body: bytes,
    content_type: str,
    made: datetime,
    edition: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Entry:
    """An entry of an answer that was just made."""
    return Entry(body, content_type, etag_of(body), made, edition, headers=headers)


def etag_of(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def compressed(entry: Entry) -> Entry:
    """The entry with its body compressed, if that pays."""
    if entry.compressed or len(entry.body) < LEAST_BYTES:
        return entry
    smaller = gzip.compress(entry.body, LEVEL, mtime=0)
    return replace(entry, body=smaller, compressed=True) if len(smaller) < WORTH * len(entry.body) else entry


def sealed(entry: Entry, key: str, secret: bytes) -> bytes:
    """The entry as bytes that only an instance with this secret can have written, for this key."""
    moment = entry.made.isoformat()
    told = (entry.content_type, entry.etag, moment, entry.edition, entry.compressed, entry.headers)
    about = json.dumps(told).encode()
    content = len(about).to_bytes(_LENGTH_BYTES, "big") + about + entry.body
    return _mac(content, key, secret) + content


def unsealed(stored: object, key: str, secret: bytes) -> Entry | None:
    """The entry, or None for anything that we did not write for this key."""
    if not isinstance(stored, bytes) or len(stored) < MAC_BYTES + _LENGTH_BYTES:
        return None
    mac, content = stored[:MAC_BYTES], stored[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(content, key, secret)):
        return None
    end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    content_type, etag, made, edition, is_compressed, headers = json.loads(content[_LENGTH_BYTES:end])
    pairs, moment = tuple((name, value) for name, value in headers), datetime.fromisoformat(made)
    return Entry(content[end:], content_type, etag, moment, edition, is_compressed, pairs)


def _mac(content: bytes, key: str, secret: bytes) -> bytes:
    digest = hashlib.blake2b(key.encode(), key=secret, digest_size=MAC_BYTES, person=b"entry 1")
    digest.update(content)
    return digest.digest()
