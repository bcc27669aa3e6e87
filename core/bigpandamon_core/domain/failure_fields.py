"""Jobs that failed, asked for by what is told of their failures."""

from functools import partial

from bigpandamon_core.domain import failures
from bigpandamon_core.domain.conditions import NOTHING, All, AnyOf, Condition
from bigpandamon_core.domain.failures import FAILURE, FAILURE_CLASS, VALUES, Rules
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.job_fields import state_shown_as
from bigpandamon_core.domain.rules import exact_comma_list, split

HELP = {
    FAILURE: "Of jobs that failed: the component and whether trying again helps.",
    FAILURE_CLASS: "Of jobs that failed: application, system, data or timeout; untold without a code.",
}


def fields(rules: Rules) -> tuple[Field, ...]:
    """Of jobs, by the codes that these rules tell so."""
    return tuple(
        Field(
            name,
            HELP[name],
            columns=CODE_COLUMNS,
            rule=partial(_listed, name, rules),
            exactly=partial(_failed, name, rules),
            values=VALUES[name],
        )
        for name in (FAILURE, FAILURE_CLASS)
    )


def as_kept() -> tuple[Field, ...]:
    """The same of rollups, which keep the value itself."""
    return tuple(
        Field(name, HELP[name], rule=exact_comma_list, values=VALUES[name])
        for name in (FAILURE, FAILURE_CLASS)
    )


def _listed(name: str, rules: Rules, _column: str, value: str) -> Condition:
    return AnyOf(tuple(_failed(name, rules, piece) for piece in split(value, "|,")))


def _failed(name: str, rules: Rules, value: str) -> Condition:
    if value not in VALUES[name]:
        return NOTHING
    return All((state_shown_as("failed"), failures.having(name, value, rules)))
