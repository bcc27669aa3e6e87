"""Entries in memcached, shared by processes and hosts. Without it answers are computed, never wrong."""

import logging
from collections.abc import Iterable
from threading import local
from time import monotonic
from typing import Any

from pymemcache.client.base import Client  # type: ignore[import-untyped]  # it carries no types
from pymemcache.client.hash import HashClient  # type: ignore[import-untyped]  # it carries no types
from pymemcache.exceptions import (  # type: ignore[import-untyped]  # it carries no types
    MemcacheError,
    MemcacheServerError,
)

from bigpandamon_core.caching.entry import Entry, sealed, unsealed
from bigpandamon_core.caching.keys import Question
from bigpandamon_core.caching.store import Event, Notice, unnoticed

CONNECT_SECONDS = 0.2
ANSWER_SECONDS = 0.5
DEAD_SECONDS = 5
"""A server that fails is left out for so long; its keys go to the others."""
LIMIT_BYTES = 1024 * 1024
"""memcached's own limit of one item, assumed until a server tells another."""
ITEM_OVERHEAD_BYTES = 512
ASK_AGAIN_SECONDS = 60
LONGEST_SECONDS = 30 * 86_400
"""memcached takes a longer lifetime for a date, one long past."""
TROUBLE = (OSError, MemcacheError)
logger = logging.getLogger(__name__)


class Memcached:
    """servers: each host:port. prefix: keeps instances apart. keep_seconds: how long they keep an entry."""

    def __init__(
        self,
        servers: Iterable[str],
        prefix: str,
        secret: bytes,
        keep_seconds: int,
        notice: Notice = unnoticed,
    ):
        self.servers = tuple(servers)
        self._prefix = prefix
        self._secret = secret
        self._keep_seconds = min(keep_seconds, LONGEST_SECONDS)
        self._notice = notice
        self._of_thread = local()
        self._limit = LIMIT_BYTES
        self._limit_asked = -float(ASK_AGAIN_SECONDS)
        self._complained = -float(ASK_AGAIN_SECONDS)

    @property
    def _client(self) -> HashClient:
        """One client per thread: its list of dead servers does not bear threads."""
        if not hasattr(self._of_thread, "client"):
            self._of_thread.client = HashClient(
                self.servers,
                connect_timeout=CONNECT_SECONDS,
                timeout=ANSWER_SECONDS,
                no_delay=True,
                retry_attempts=0,
                dead_timeout=DEAD_SECONDS,
                default_noreply=False,
            )
        return self._of_thread.client

    def get(self, key: str, _question: Question) -> Entry | None:
        try:
            stored = self._client.get(self._named(key))
        except TROUBLE as error:
            self._failed(error)
            return None
        entry = unsealed(stored, key, self._secret)
        if stored is not None and entry is None:
            self._notice(Event.FOREIGN)
        return entry

    def put(self, key: str, _question: Question, entry: Entry) -> None:
        stored = sealed(entry, key, self._secret)
        if len(stored) + ITEM_OVERHEAD_BYTES > self._most_bytes():
            self._notice(Event.TOO_LARGE)
            return
        try:
            self._client.set(self._named(key), stored, expire=self._keep_seconds)
        except MemcacheServerError as error:
            self._notice(Event.TOO_LARGE if b"too large" in b"".join(_words(error)) else Event.FAILED)
        except TROUBLE as error:
            self._failed(error)
        else:
            self._notice(Event.KEPT)

    def _named(self, key: str) -> str:
        return f"{self._prefix}:{key}"

    def _most_bytes(self) -> int:
        """The smallest item limit of the servers that answer; asked for now and then."""
        if monotonic() - self._limit_asked >= ASK_AGAIN_SECONDS:
            self._limit_asked = monotonic()
            self._limit = min(filter(None, map(_item_limit, self.servers)), default=LIMIT_BYTES)
        return self._limit

    def _failed(self, error: Exception) -> None:
        self._notice(Event.FAILED)
        if monotonic() - self._complained >= ASK_AGAIN_SECONDS:
            self._complained = monotonic()
            logger.warning("memcached (%s): %s", ", ".join(self.servers), error)

    def state(self) -> dict[str, object]:
        return {"kind": "memcached", "servers": {server: answers(server) for server in self.servers}}


def _words(error: MemcacheServerError) -> Iterable[bytes]:
    return (word if isinstance(word, bytes) else str(word).encode() for word in error.args)


def _asked(server: str, *words: str) -> dict[Any, Any] | None:
    """What a server says of itself, None if it does not answer."""
    client = Client(server, connect_timeout=CONNECT_SECONDS, timeout=ANSWER_SECONDS)
    try:
        return dict(client.stats(*words))
    except TROUBLE:
        return None
    finally:
        client.close()


def answers(server: str) -> bool:
    return _asked(server) is not None


def _item_limit(server: str) -> int | None:
    told = _asked(server, "settings")
    return int(told.get(b"item_size_max", LIMIT_BYTES)) if told is not None else None
