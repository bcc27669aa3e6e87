"""Entries in memcached, shared by processes and hosts. Without it answers are computed, never wrong."""

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from threading import local
from time import monotonic
from typing import Any

from pymemcache.client import base  # type: ignore[import-untyped]  # it carries no types
from pymemcache.client.base import Client  # type: ignore[import-untyped]  # it carries no types
from pymemcache.client.hash import HashClient  # type: ignore[import-untyped]  # it carries no types
from pymemcache.client.rendezvous import RendezvousHash  # type: ignore[import-untyped]  # it carries no types
from pymemcache.exceptions import (  # type: ignore[import-untyped]  # it carries no types
    MemcacheError,
    MemcacheServerError,
)

from bigpandamon_core.caching.claims import Release, unshared
from bigpandamon_core.caching.entry import Entry, sealed, unsealed
from bigpandamon_core.caching.keys import Question
from bigpandamon_core.caching.large import Large
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
base.RECV_SIZE = 65_536  # an entry in one or two pieces: pymemcache reads 4 kB at a time
TROUBLE = (OSError, MemcacheError)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Servers:
    """addresses: each host:port. prefix: keeps instances apart. keep_seconds: how long they keep an entry.
    claim_seconds: how long the right to make one lasts if its holder does not end it."""

    addresses: tuple[str, ...]
    prefix: str
    keep_seconds: int
    claim_seconds: int = 30


class Nearest(RendezvousHash):  # type: ignore[misc]  # it carries no types
    """Which server has a key; with one there is nothing to compute."""

    def get_node(self, key: str) -> str | None:
        found: str | None = self.nodes[0] if len(self.nodes) == 1 else super().get_node(key)
        return found


class Memcached:
    """large: takes what exceeds an item."""

    def __init__(
        self, servers: Servers, secret: bytes, notice: Notice = unnoticed, large: Large | None = None
    ):
        self.servers = servers
        self._secret = secret
        self._notice = notice
        self._large = large
        self._of_thread = local()
        self._limit = LIMIT_BYTES
        self._limit_asked = -float(ASK_AGAIN_SECONDS)
        self._complained = -float(ASK_AGAIN_SECONDS)

    @property
    def _client(self) -> HashClient:
        """One client per thread: its list of dead servers does not bear threads."""
        if not hasattr(self._of_thread, "client"):
            self._of_thread.client = HashClient(
                self.servers.addresses,
                hasher=Nearest,
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
        if stored is None:
            return self._large.get(key) if self._large else None
        entry = unsealed(stored, key, self._secret)
        if entry is None:
            self._notice(Event.FOREIGN)
        return entry

    def put(self, key: str, _question: Question, entry: Entry) -> None:
        stored = sealed(entry, key, self._secret)
        try:
            if len(stored) + ITEM_OVERHEAD_BYTES > self._most_bytes():
                self._put_apart(key, stored)
                return
            self._client.set(self._named(key), stored, expire=min(self.servers.keep_seconds, LONGEST_SECONDS))
        except MemcacheServerError as error:
            self._notice(Event.TOO_LARGE if b"too large" in b"".join(_words(error)) else Event.FAILED)
        except TROUBLE as error:
            self._failed(error)
        else:
            self._notice(Event.KEPT)

    def _put_apart(self, key: str, stored: bytes) -> None:
        """What is too large goes to a file; an older answer that was smaller must not hide it."""
        if self._large is None:
            self._notice(Event.TOO_LARGE)
        elif self._large.put(key, stored):
            self._client.delete(self._named(key))

    def claim(self, key: str) -> Release | None:
        name, began = self._named(f"{key}.claim"), monotonic()
        try:
            won = self._client.add(name, str(os.getpid()), expire=self.servers.claim_seconds)
        except TROUBLE as error:
            self._failed(error)
            return unshared
        return partial(self._release, name, began) if won else None

    def _release(self, name: str, began: float) -> None:
        """Unless it may have ended by itself: another may hold it now. memcached counts whole seconds."""
        if monotonic() - began >= self.servers.claim_seconds - 1:
            return
        try:
            self._client.delete(name)
        except TROUBLE as error:
            self._failed(error)

    def _named(self, key: str) -> str:
        return f"{self.servers.prefix}:{key}"

    def _most_bytes(self) -> int:
        """The smallest item limit of the servers that answer; asked for now and then."""
        if monotonic() - self._limit_asked >= ASK_AGAIN_SECONDS:
            self._limit_asked = monotonic()
            self._limit = min(filter(None, map(_item_limit, self.servers.addresses)), default=LIMIT_BYTES)
        return self._limit

    def _failed(self, error: Exception) -> None:
        self._notice(Event.FAILED)
        if monotonic() - self._complained >= ASK_AGAIN_SECONDS:
            self._complained = monotonic()
            logger.warning("memcached (%s): %s", ", ".join(self.servers.addresses), error)

    def state(self) -> dict[str, object]:
        alive = {server: answers(server) for server in self.servers.addresses}
        return {"kind": "memcached", "servers": alive}


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
