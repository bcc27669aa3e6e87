"""The hosts of an instance: what each says of itself, so that one that does not fit can be told."""

import hashlib
import socket
from datetime import timedelta

from django.db import DatabaseError, connections, models

from bigpandamon_core.domain.window import now
from bigpandamon_core.state.pending import OWN

RECENT = timedelta(hours=3)
"""Who has said nothing for longer is not there any more."""
LENGTH = 16


class HostRow(models.Model):
    """name: as the host calls itself. version: of the release that runs there. fingerprint: of the key that
    it signs with. seen: when it said so, naive UTC."""

    name = models.CharField(primary_key=True, max_length=150)
    version = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=LENGTH)
    seen = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} ({self.version})"


def name_here() -> str:
    return socket.gethostname()[:150]


def fingerprint(secret_key: str) -> str:
    """Tells keys apart and nothing of them."""
    return hashlib.blake2b(secret_key.encode(), person=b"host", digest_size=LENGTH // 2).hexdigest()


def announce(version: str, secret_key: str) -> bool:
    """Say of this host what runs there. False on the tables of the release before, which have no place for
    it."""
    told = {"version": version[:80], "fingerprint": fingerprint(secret_key), "seen": now()}
    try:
        HostRow.objects.update_or_create(name=name_here(), defaults=told)
    except DatabaseError:
        if _is_there():
            raise
        return False
    return True


def hosts() -> list[HostRow]:
    """Those that are there, by name."""
    try:
        return list(HostRow.objects.filter(seen__gte=now() - RECENT).order_by("name"))
    except DatabaseError:
        if _is_there():
            raise
        return []


def _is_there() -> bool:
    return HostRow._meta.db_table in connections[OWN].introspection.table_names()
