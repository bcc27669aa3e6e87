"""What ATLAS calls the activity of a job: its type by source label, and its processing without versions.

Each rule is told as a function of the column and as a condition on it, which take the same jobs.
"""

from collections.abc import Callable

from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    All,
    AnyOf,
    Condition,
    Field,
    Not,
    absent,
    equal,
    like,
    one_of,
    split,
)  # fmt: skip

LABEL, PROCESSING = "prodsourcelabel", "processingtype"
MOST_VALUES = 50
TYPES = {
    "analy": ("user", "panda"),
    "prod": ("managed", "prod_test"),
    "test": ("install", "ptest", "rc_test", "rc_test2", "rc_alrb", "rcm_test", "ddm", "test", "software"),
}
OTHER = "other"
CLIENT = "panda-client-"
ENDS = ("-jedi-athena-trf", "-jedi-athena", "-jedi-run", "-athena-trf")
FAMILIES = ("gangarobot", "hammercloud")
"""Of tests: `gangarobot-pft` and its like are one."""


def job_type(label: str | None) -> str | None:
    """analy, prod, test or other."""
    return next((name for name, labels in TYPES.items() if label in labels), OTHER) if label else None


def of_type(value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return absent(LABEL)
    if value == OTHER:
        known = tuple(label for labels in TYPES.values() for label in labels)
        return All((Not(one_of(LABEL, known)), Not(absent(LABEL))))
    return one_of(LABEL, TYPES[value]) if value in TYPES else AnyOf()


def processing(told: str | None) -> str | None:
    """`panda-client-jedi-run` for any version of that client; tests by their family; others as told."""
    if not told:
        return None
    if told.startswith(FAMILIES):
        return next(name for name in FAMILIES if told.startswith(name))
    end = next((one for one in ENDS if told.startswith(CLIENT) and told.endswith(one)), "")
    return CLIENT + end[1:] if end and len(told) >= len(CLIENT) + len(end) else told


def of_processing(value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return absent(PROCESSING)
    if value in FAMILIES:
        return like(PROCESSING, f"{value}*")
    end = f"-{value.removeprefix(CLIENT)}"
    if value.startswith(CLIENT) and end in ENDS:
        longer = (CLIENT + one[1:] for one in ENDS if one != end and one.endswith(end))
        fits = AnyOf((like(PROCESSING, f"{CLIENT}*{end}"), equal(PROCESSING, value)))
        return All((fits, *(Not(of_processing(one)) for one in longer)))
    return equal(PROCESSING, value) if processing(value) == value else AnyOf()


def _any(exactly: Callable[[str], Condition]) -> Callable[[str, str], Condition]:
    return lambda _column, text: AnyOf(tuple(exactly(one) for one in split(text, "|,", MOST_VALUES)))


TYPE_HELP = "Type of job by its source label: analy, prod, test or other."
KIND_HELP = "Processing type without version numbers."
FIELDS = (
    Field("atlas_jobtype", TYPE_HELP, column=LABEL, rule=_any(of_type), shown=job_type, exactly=of_type,
          counted=True),
    Field("atlas_processing", KIND_HELP, column=PROCESSING, rule=_any(of_processing), shown=processing,
          exactly=of_processing, counted=True),
)  # fmt: skip
