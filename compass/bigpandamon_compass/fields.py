"""What COMPASS asks and counts jobs by."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from bigpandamon_compass import names, steps
from bigpandamon_core.plugin import NOT_SPECIFIED, Column, Condition, Field, split

Rule = Callable[..., Condition]
MOST_VALUES = 50


def _told(part: str) -> Callable[[str | None], str | None]:
    tell = attrgetter(part)

    def shown(name: str | None) -> str | None:
        found = names.place(name)
        return tell(found) if found else None

    return shown


def _exactly(of_part: Rule) -> Rule:
    return lambda value: names.nameless(value) if value == NOT_SPECIFIED else of_part(value)


def _listed(of_parts: Rule) -> Callable[[str, str], Condition]:
    """A parameter names one value, or several with | between."""
    return lambda _column, text: of_parts(*split(text, "|", MOST_VALUES))


def _named(name: str, help_text: str, part: str, of_part: Rule) -> Field:
    rule: dict[str, Any] = {"rule": _listed(of_part), "exactly": _exactly(of_part), "shown": _told(part)}
    return Field(name, help_text, column=names.NAME, counted=True, **rule)


PRODUCTION = _named(
    "compass_production", "Production, from the job's name.", "production", names.of_production
)
RUN = _named("compass_run", "Run of data taking, from the job's name.", "run", names.of_run)
CHUNK = _named(
    "compass_chunk", "Chunk of raw data, or the number of a merged output.", "chunk", names.of_chunk
)
STEP = Field(
    "compass_step",
    "Link of the chain from reconstruction to deletion.",
    column=steps.COLUMN,
    rule=_listed(steps.of_step),
    shown=steps.step,
    exactly=steps.of_step,
    counted=True,
    values=tuple(steps.BY_NAME),
)
BATCH = Field("compass_batch", "Number of the batch job that the job ran in.", column="batchid")
FIELDS = (PRODUCTION, RUN, STEP, CHUNK, BATCH)
COLUMNS = (
    Column("compass_production", "Production"),
    Column("compass_run", "Run"),
    Column("compass_step", "Step"),
    Column("compass_chunk", "Chunk"),
)
