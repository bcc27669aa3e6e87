"""How long rows of our own tables are kept. What is not named here stays: leases, for their fences must grow;
which records were imported, for origin= asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import models

from bigpandamon_core.state.accounts import ApiToken, AuditEntry, SignIn
from bigpandamon_core.state.hosts import HostRow
from bigpandamon_core.state.periodic import PeriodicState
from bigpandamon_core.state.queues import QueueChange


@dataclass(frozen=True)
class Retention:
    """A kind of rows. column: the time that decides. days: how long they are kept unless the instance says
    otherwise (`schedule.keep_days`), 0: for ever. parts: models of what goes with a row, with the column that
    holds its key. at_once: most rows in one transaction, fewer where each has many parts."""

    model: type[models.Model]
    column: str
    days: int
    parts: Mapping[type[models.Model], str] = field(default_factory=dict)
    at_once: int = 1000

    def older(self, moment: datetime, days: int) -> models.QuerySet[models.Model]:
        """Those that were kept for so many days, none for 0."""
        rows = self.model._default_manager.all()
        before = moment - timedelta(days=days)
        return rows.filter(**{f"{self.column}__lt": before}).order_by(self.column) if days else rows.none()


RETENTIONS: Mapping[str, Retention] = MappingProxyType(
    {
        "queue-changes": Retention(QueueChange, "seen_at", 0),
        "hosts": Retention(HostRow, "seen", 30),
        "periodic-tasks": Retention(PeriodicState, "last_start", 400),
        "audit": Retention(AuditEntry, "moment", 400),
        "sign-ins": Retention(SignIn, "expires", 1),
        "tokens": Retention(ApiToken, "expires", 400),
    }
)
"""By kind of row. Without a queue's first record its history is read backwards, from what it is now."""
