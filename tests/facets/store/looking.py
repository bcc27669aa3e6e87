"""Plain rows, batches of them, and what a store holds."""

from datetime import datetime
from typing import Any

from bigpandamon_core.facets.batch import Batch, Place, encode
from bigpandamon_core.facets.columns import COLUMNS
from bigpandamon_core.facets.store.snapshot import Snapshot
from tests.queries.odd_values import T


def row(pandaid: int, **values: Any) -> dict[str, Any]:
    absent = dict.fromkeys(COLUMNS)
    ended = {"pandaid": pandaid, "place": Place.ARCHIVED, "jobstatus": "finished", "modificationtime": T}
    return absent | ended | values


def running(pandaid: int, **values: Any) -> dict[str, Any]:
    return row(pandaid, place=Place.ACTIVE, jobstatus="running") | values


def batch(number: int, *rows: dict[str, Any], as_of: datetime = T) -> Batch:
    return Batch(number, as_of, encode(rows))


def held(snapshot: Snapshot | None) -> dict[int, tuple[str, Any]]:
    """By job, the part that has its row and the row's queue. Each job may be there once."""
    assert snapshot is not None
    values, found = snapshot.values("computingsite"), dict[int, tuple[str, Any]]()
    for part in [*snapshot.ended, *([snapshot.live] if snapshot.live else [])]:
        alive = part.alive
        pandaids = part.numbers("pandaid").values[alive].tolist()
        queues = values.by_day[part.day][part.codes("computingsite")[alive]].tolist()
        name = "live" if part is snapshot.live else str(part.day)
        assert not found.keys() & set(pandaids)
        found |= {
            pandaid: (name, values.values[queue]) for pandaid, queue in zip(pandaids, queues, strict=True)
        }
    return found
