"""Reading all jobs of one task at once."""

from datetime import datetime
from typing import Any

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.jobs import IDENTITY, at_once, keep_newest, name_of, parts
from bigpandamon_core.sources.reading import declare, tuples

JOBS = declare("jobs.of_task", "The jobs of a task.", binds=("jeditaskid",), cap=50_000)


def jobs_of(
    selection: Selection, columns: tuple[str, ...], now: datetime
) -> tuple[list[dict[str, Any]], bool]:
    """The newest row of each job of a task, and whether there are more than are read. selection: by
    jeditaskid, which no observation of a job changes."""
    wanted = tuple(dict.fromkeys((*columns, *IDENTITY)))
    found: dict[int, dict[str, Any]] = {}
    read = 0
    for chunk in chunks_by_id(selection):
        asked = parts(chunk, now)
        for place, *values in tuples(JOBS, at_once([part.rows for part in asked], wanted)[: JOBS.cap + 1]):
            row = dict(zip(wanted, values, strict=True))
            keep_newest(found, row | {"_table": name_of(asked[place].table)})
            read += 1
    return list(found.values()), read > JOBS.cap
