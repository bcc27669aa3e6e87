"""Leases: of the processes that could do something, one does it.

A lease is judged by the clock of the database, so that hosts whose clocks differ agree. Every tenure has a
number, its fence, higher than any before it. What a holder writes it writes inside `fenced`: one that was
away for too long finds its fence outdated there instead of writing over its successor.
"""

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections, models, transaction

from bigpandamon_core.domain.window import now

ALIAS = "default"
NEVER = datetime(1970, 1, 1)
LEAST_IDLE_SECONDS = 1
CLOCKS = {
    "mysql": "SELECT UTC_TIMESTAMP(6)",
    "postgresql": "SELECT clock_timestamp() AT TIME ZONE 'UTC'",
}
IDLE_LIMITS = {
    "mysql": "SET SESSION idle_transaction_timeout = %s",
    "postgresql": "SELECT set_config('idle_in_transaction_session_timeout', %s || 's', true)",
}


class LeaseRow(models.Model):
    """One lease, held or lapsed. seconds: how long it was taken for. since: of this tenure. A row is never
    removed: its fence must go on growing."""

    name = models.CharField(primary_key=True, max_length=100)
    holder = models.CharField(max_length=200, default="")
    fence = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} of {self.holder} until {self.until}"

    def is_held(self, moment: datetime) -> bool:
        """An end further away than any holder can have asked for tells that the clock was set back: nobody
        has to wait for that."""
        return moment < self.until <= moment + 2 * timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Lease:
    """A tenure as it was when it was taken or renewed. Times are the database's, naive UTC."""

    name: str
    holder: str
    fence: int
    seconds: float
    since: datetime
    until: datetime


class LeaseLost(Exception):
    """Somebody else has had the lease since."""

    def __init__(self, lease: Lease):
        super().__init__(f"{lease.holder} has lost the lease {lease.name} (fence {lease.fence})")


def holder_here() -> str:
    """A name for this process that no other has, nor this one after a restart."""
    return f"{socket.gethostname()[:150]}:{os.getpid()}:{secrets.token_hex(4)}"


def acquire(name: str, holder: str, seconds: float) -> Lease | None:
    """The lease for so long, renewed if the holder has it. None: another has it, or is writing just now.

    Raises:
        django.db.Error: the own database does not answer.
    """
    LeaseRow.objects.get_or_create(name=name, defaults={"since": NEVER, "until": NEVER})
    with transaction.atomic(using=ALIAS):
        row = _locked(name, wait=False)
        if row is None:
            return None
        moment = _clock()
        held = row.is_held(moment)
        if held and row.holder != holder:
            return None
        if not held:
            row.holder, row.since, row.fence = holder, moment, row.fence + 1
        return _extended(row, moment, seconds)


def renew(lease: Lease, seconds: float) -> Lease:
    """The lease for so long from now. One that has lapsed is renewed too, as long as nobody took it.

    Raises:
        LeaseLost: somebody did.
        django.db.Error: the own database does not answer.
    """
    with transaction.atomic(using=ALIAS):
        return _extended(_of(lease), _clock(), seconds)


def release(lease: Lease) -> None:
    """Let the next one have it at once; nothing happens if it is lost already."""
    with transaction.atomic(using=ALIAS):
        row = _locked(lease.name)
        if row is not None and row.fence == lease.fence:
            _extended(row, _clock(), 0)


@contextmanager
def fenced(lease: Lease) -> Iterator[None]:
    """One transaction on the own database, in which nobody else can take the lease.

    A holder that stops in its middle (its host sleeps) is let go by MariaDB and PostgreSQL after as long as
    the lease was taken for; on SQLite all writers share one host and wait.

    Raises:
        LeaseLost: before anything inside runs, when the fence is no longer the present one.
    """
    with transaction.atomic(using=ALIAS, durable=True):
        _limit_idleness(lease.seconds)
        _of(lease)
        yield


@contextmanager
def apart_from(name: str) -> Iterator[None]:
    """One transaction on the own database, in which nobody writes under the lease of this name."""
    with transaction.atomic(using=ALIAS, durable=True):
        _locked(name)
        yield


def holders() -> list[Lease]:
    """The leases that are held at this moment, by name."""
    moment = _clock()
    return [_lease(row) for row in LeaseRow.objects.order_by("name") if row.is_held(moment)]


def _locked(name: str, wait: bool = True) -> LeaseRow | None:
    """The row, for this transaction alone. None: it is absent, or somebody has it and we do not wait."""
    skip = not wait and connections[ALIAS].features.has_select_for_update_skip_locked
    return LeaseRow.objects.select_for_update(skip_locked=skip).filter(name=name).first()


def _of(lease: Lease) -> LeaseRow:
    row = _locked(lease.name)
    if row is None or row.fence != lease.fence:
        raise LeaseLost(lease)
    return row


def _extended(row: LeaseRow, moment: datetime, seconds: float) -> Lease:
    row.seconds, row.until = seconds, moment + timedelta(seconds=seconds)
    row.save()
    return _lease(row)


def _lease(row: LeaseRow) -> Lease:
    return Lease(row.name, row.holder, row.fence, row.seconds, row.since, row.until)


def _clock() -> datetime:
    """The database's. SQLite has none but its host's."""
    statement = CLOCKS.get(connections[ALIAS].vendor)
    if statement is None:
        return now()
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(statement)
        moment: datetime = cursor.fetchone()[0]
        return moment


def _limit_idleness(seconds: float) -> None:
    """MySQL, unlike MariaDB, has no such limit."""
    connection = connections[ALIAS]
    statement = IDLE_LIMITS.get(connection.vendor)
    if statement is None or not getattr(connection, "mysql_is_mariadb", True):
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, [max(LEAST_IDLE_SECONDS, round(seconds))])
