"""What the database finds, and what should be found."""

from collections.abc import Iterable, Mapping
from typing import Any

from bigpandamon_core.domain.conditions import Condition, holds
from bigpandamon_core.panda.jobs import JobsArchived4
from bigpandamon_core.queries.job_counts import COUNTED
from bigpandamon_core.queries.jobs import TEXTS
from bigpandamon_core.queries.known_values import known_values
from bigpandamon_core.queries.where import where
from bigpandamon_core.sources.reading import tuples


def found(condition: Condition) -> set[int]:
    """The jobs of jobsarchived4 that the database finds, names of known values asked for beside."""
    rows = JobsArchived4.objects.using("panda").filter(
        where(condition, TEXTS) & known_values(condition, [JobsArchived4])[0]
    )
    return {row[0] for row in tuples(COUNTED, rows.values_list("pandaid"))}


def expected(condition: Condition, rows: Iterable[Mapping[str, Any]]) -> set[int]:
    return {row["pandaid"] for row in rows if holds(condition, row)}
