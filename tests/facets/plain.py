"""The plain implementation: rows in a dictionary, looked at one by one. What facets tell must equal it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bigpandamon_core.domain.conditions import holds, minutes_between
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.latest import Latest
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.timings import cpu_seconds
from bigpandamon_core.facets.batch import Place
from bigpandamon_core.summaries.error_times import ErrorsOverTime
from bigpandamon_core.summaries.errors import ByField, ErrorsByPlace
from bigpandamon_core.summaries.jobs import Key, Tally
from tests.queries.odd_values import T

Row = dict[str, Any]
LIVE = (Place.DEFINED, Place.ACTIVE)


def newest(batches: Iterable[Iterable[Row]]) -> list[Row]:
    """The last row of each job, those that are gone left out."""
    told = {row["pandaid"]: row for batch in batches for row in batch}
    return [row for row in told.values() if row["place"] != Place.GONE]


def selected(rows: Iterable[Row], selection: Selection) -> list[Row]:
    return [row for row in rows if _in_window(row, selection) and holds(selection.condition, row)]


def _in_window(row: Row, selection: Selection) -> bool:
    window = selection.window
    assert window is not None
    if row["place"] in LIVE and not window.bounds_active:
        return True
    time = row[window.column]
    inside = time is not None and window.begin <= time <= window.end
    if row["place"] in LIVE or window.column == "modificationtime":
        return inside
    return inside and row["modificationtime"] >= window.begin - timedelta(days=1)


def tally(rows: Iterable[Row], fields: Sequence[Field], all_states: bool = False) -> Tally:
    counted = Tally(fields, all_states)
    counted.add(1, [tuple(_value(row, name) for name in counted.columns) for row in rows])
    return counted


def errors_by_place(
    rows: Iterable[Row], fields: Sequence[Field], all_states: bool, most: int | None
) -> ByField:
    counted = ErrorsByPlace(fields, all_states)
    counted.add(1, [tuple(_value(row, name) for name in counted.columns) for row in rows])
    return counted.told(most)


def errors_over_time(
    rows: Iterable[Row], moments: Sequence[datetime], all_states: bool
) -> dict[Key, list[int]]:
    counted = ErrorsOverTime(moments, all_states)
    counted.add(1, [tuple(_value(row, name) for name in counted.columns) for row in rows])
    return counted.counts


def latest(rows: Iterable[Row], column: str) -> dict[Any, Latest]:
    found: dict[Any, Latest] = {}
    for row in rows:
        one = Latest(row["pandaid"], row["modificationtime"], cpu_seconds(row["cpuconsumptiontime"]) or 0)
        known = found.get(row[column])
        found[row[column]] = known.joined(one) if known else one
    return found


def _value(row: Row, name: str) -> Any:
    if name == "ran_minutes":
        return minutes_between(row["starttime"], row["endtime"] or T)
    if name == "has_gpu":
        return int("nGPU=" in (row["jobmetrics"] or ""))
    return row[name]


def shown(row: Row, field: Field) -> Any:
    return field.show(*(_value(row, name) for name in field.sources))


def results(counted: Any) -> dict[str, Any]:
    """All that a Tally, or what takes its place, tells."""
    return {
        "total": counted.total,
        "failed": counted.failed,
        "finished": counted.finished,
        "states": counted.states(),
        "errors": counted.errors(),
    } | {attribute.field.name: attribute for attribute in counted.attributes()}
