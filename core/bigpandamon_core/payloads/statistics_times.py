"""Where the time of jobs went and how well it was used, as a table of a page."""

from collections.abc import Iterable, Mapping
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads.tables import table

_SECONDS_OF_A_MINUTE = 60
_COLUMNS = (
    Column("efficiency_percent", "CPU efficiency", "percent"),
    Column("busy_cores", "Cores busy", "number"),
    Column("lost_percent", "Lost to failures", "percent"),
    Column("waited", "Waited, min", "number"),
    Column("mean_get_seconds", "Get, s", "number"),
    Column("mean_setup_seconds", "Set-up, s", "number"),
    Column("mean_stagein_seconds", "Stage-in, s", "number"),
    Column("ran", "Run, min", "number"),
    Column("mean_stageout_seconds", "Stage-out, s", "number"),
)
_SUB = "means of jobs; efficiency and cores by wall-clock time, lost: its share of jobs that failed"


def times(by: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The table, none where no times are known. rows: as `Sum.told`, with the cell of the value."""
    known = [row for row in rows if row["efficiency_percent"] is not None]
    if not known:
        return []
    columns, told = (Column("value", by), *_COLUMNS), ({**row, **_minutes(row)} for row in known)
    return [table("times", "Where the time went", columns, told, sub=_SUB)]


def _minutes(row: Mapping[str, Any]) -> dict[str, float | None]:
    named = {"waited": "mean_wait_seconds", "ran": "mean_run_seconds"}
    return {
        name: None if row[of] is None else round(row[of] / _SECONDS_OF_A_MINUTE, 1)
        for name, of in named.items()
    }
