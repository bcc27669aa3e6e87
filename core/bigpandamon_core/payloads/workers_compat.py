"""Workers as the BigPanDA JSON API gives them."""

from collections.abc import Iterator
from typing import Any

from bigpandamon_core.domain.parameters import clean, whole_number
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.worker_requests import SUMMARY, TEXTS
from bigpandamon_core.payloads.call import Later
from bigpandamon_core.payloads.tables import plain
from bigpandamon_core.payloads.workers import Workers
from bigpandamon_core.queries.history import WORKER_COLUMNS

Row = dict[str, Any]


def shape(workers: Workers) -> dict[str, Any]:
    """`/harvester/workers/`: the workers, and how many have each value."""
    return {"workers": _rows(workers), "summary": Later(lambda: _summary(workers))}


def array(workers: Workers) -> Iterator[Row]:
    """`/harvester/getworkers/`: the workers alone.

    Raises:
        Problem: it is not asked for with `dt`, as programs do.
    """
    given = clean(workers.call.parameters)
    if "dt" not in given:
        raise Problem(
            "No dt provided",
            parameter="dt",
            code="missing-parameter",
            remedy="Add dt, or ask /harvester/workers/.",
        )
    most = whole_number(given, "display_limit_workers")
    limit = workers.selection.limit if most is None else most
    return (columns(row) for row in workers.rows(WORKER_COLUMNS, limit))


def _rows(workers: Workers) -> Iterator[Row]:
    for row in workers.rows(WORKER_COLUMNS, workers.selection.limit):
        yield columns(row)


def _summary(workers: Workers) -> dict[str, dict[str, int]]:
    return {
        name: {str(workers.told(name, value)): count for value, count in workers.tally[name].most_common()}
        for name in SUMMARY
    }


def columns(row: Row) -> Row:
    """A worker's columns: absent texts are "", times have a T."""
    return {name: "" if row[name] is None and name in TEXTS else plain(row[name]) for name in WORKER_COLUMNS}
