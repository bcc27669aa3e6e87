"""For how long bins are kept, as the clean-up asks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar

from django.db import models

from bigpandamon_core.rollups.declared import BY_NUMBER, Level, Rollup
from bigpandamon_core.rollups.hours import hour_of
from bigpandamon_core.state.rollups import RollupBin, RollupSample, RollupSampled


@dataclass(frozen=True)
class BinRetention:
    """Bins of one length of one rollup. days: as `state.retention.Retention` has it."""

    model: type[models.Model]
    rollup: int
    hours: int
    days: int
    parts: ClassVar[Mapping[type[models.Model], str]] = MappingProxyType({})
    at_once: ClassVar[int] = 1000

    def older(self, moment: datetime, days: int) -> models.QuerySet[models.Model]:
        rows = self.model._default_manager.all()
        if not days:
            return rows.none()
        before = hour_of(moment - timedelta(days=days))
        return rows.filter(rollup=self.rollup, hours=self.hours, hour__lt=before).order_by("pk")


def kept_days(rollup: Rollup, level: Level, configured: Mapping[str, int]) -> int:
    """For how long bins of a length are kept, FOR_EVER for 0. configured: the option schedule.keep_days."""
    return configured.get(_name(rollup, level), level.days)


def _name(rollup: Rollup, level: Level) -> str:
    return f"rollup-{rollup.name}-{level.hours}h"


def _of(rollup: Rollup) -> dict[str, BinRetention]:
    model: type[models.Model] = RollupSample if rollup.is_gauge else RollupBin
    kinds = {"": model} | ({"-samples": RollupSampled} if rollup.is_gauge else {})
    return {
        f"{_name(rollup, level)}{kind}": BinRetention(each, rollup.number, level.hours, level.days)
        for level in rollup.levels
        for kind, each in kinds.items()
    }


BINS: Mapping[str, BinRetention] = MappingProxyType(
    {name: retention for rollup in BY_NUMBER.values() for name, retention in _of(rollup).items()}
)
"""By kind of row."""
