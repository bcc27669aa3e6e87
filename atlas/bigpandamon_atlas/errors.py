"""What the exit codes of ATLAS transforms mean, and what usually helps."""

import csv
from importlib.resources import files

from bigpandamon_core.plugin import ErrorRule

PAYLOAD = "transform"
ADVICE = (
    ErrorRule(PAYLOAD, (3, 32, 33, 42, 69, 70), "The release could not be set up: compare with other nodes."),
    ErrorRule(
        PAYLOAD,
        (4, 5, 7, 8, 16, 17, 18, 31),
        "The arguments of the transform are wrong: trying again will not help, the definition has to change.",
    ),
    ErrorRule(
        PAYLOAD, (15,), "The job starts behind the last event of its input: look at the task's splitting."
    ),
    ErrorRule(
        PAYLOAD, (9, 74, 222, 223), "An input file cannot be read: see whether others fail on the same file."
    ),
    ErrorRule(PAYLOAD, (65, 68), "A step of the transform failed, often for memory: its own log says where."),
    ErrorRule(PAYLOAD, (66, 38, 75, 102), "The output is not what was expected: compare events in and out."),
    ErrorRule(
        PAYLOAD, (60, 67), "A limit of time, memory or output was reached: split the work or raise it."
    ),
    ErrorRule(
        PAYLOAD, (126, 127), "The transform is not in the release: compare release, cache and platform."
    ),
    ErrorRule(PAYLOAD, (141, 220, 221), "The user's own code or input: nothing that a site can mend."),
    ErrorRule(PAYLOAD, (232, 235, 236), "A file could not be opened remotely: a retry normally helps.", True),
)


def meanings() -> tuple[ErrorRule, ...]:
    """A rule for each exit code that only ATLAS gives."""
    with files("bigpandamon_atlas").joinpath("exit_codes.csv").open(encoding="utf-8") as lines:
        return tuple(
            ErrorRule(PAYLOAD, (int(row["code"]),), acronym=row["acronym"], meaning=row["meaning"])
            for row in csv.DictReader(lines)
        )
