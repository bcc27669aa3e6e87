"""What users may use: CPU time of one, seven and thirty days, as PanDA's table of users has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DAYS = (1, 7, 30)
KINDS: Mapping[str, str] = {"a": "analysis", "p": "production"}
HOUR_SECONDS = 3600
DISABLED = "disabled"
"""The status of who may not submit."""


@dataclass(frozen=True)
class Quota:
    """Hours of CPU time that a user has used within some days, and may use."""

    kind: str
    days: int
    used_hours: float
    allowed_hours: int

    @property
    def used_percent(self) -> float:
        return 100 * self.used_hours / self.allowed_hours


def quotas(row: Mapping[str, Any]) -> Iterator[Quota]:
    """Those that limit anything. row: of PanDA's users, which have used seconds and may use hours, as its
    server compares them."""
    for letter, kind in KINDS.items():
        for days in DAYS:
            allowed = row[f"quota{letter}{days}"] or 0
            if allowed > 0:
                yield Quota(kind, days, (row[f"cpu{letter}{days}"] or 0) / HOUR_SECONDS, allowed)
