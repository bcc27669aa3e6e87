"""The chain that each chunk of raw data goes through, as `transformation` tells it.

ProdSys defines the jobs of reconstruction and of the three merges; their words are its own. The other links
it does itself today, outside PanDA: their jobs, where an instance has any, are known by the words that stand
here for them.
"""

from dataclasses import dataclass

from bigpandamon_core.plugin import NOT_SPECIFIED, AnyOf, Condition, Not, one_of

COLUMN = "transformation"
TASK_TYPES = (
    "test production",
    "mass production",
    "technical production",
    "DDD filtering",
    "MC generation",
    "MC reconstruction",
)


@dataclass(frozen=True)
class Step:
    """A link of the chain. words: what its jobs have as transformation. is_tape: its outputs go to tape."""

    name: str
    title: str
    words: tuple[str, ...]
    is_tape: bool = False


STEPS = (
    Step("reconstruction", "Reconstruction", TASK_TYPES),
    Step("merge-mdst", "Merge mDST", ("merging mdst",)),
    Step("check-mdst", "X-check mDST", ("x-check mdst",)),
    Step("merge-hist", "Merge hist", ("merging hist",)),
    Step("merge-dump", "Merge dump", ("merging dump",)),
    Step("check-dump", "X-check dump", ("x-check dump",)),
    Step("tape", "To tape", ("copy to tape", "castor mdst", "castor hist", "castor dump"), is_tape=True),
    Step("logs", "Logs to tape", ("archive logs", "castor logs"), is_tape=True),
    Step("deletion", "Deletion", ("delete files",)),
)
BY_NAME = {step.name: step for step in STEPS}
FIRST = STEPS[0].name
TAPE = tuple(step.name for step in STEPS if step.is_tape)
_OF_WORD = {word: step.name for step in STEPS for word in step.words}


def step(transformation: str | None) -> str | None:
    """The link that a job is part of; None of what is none."""
    return _OF_WORD.get(transformation or "")


def of_step(*values: str) -> Condition:
    """Jobs of one of some links, by their names; or of none."""
    words = tuple(word for value in values if value in BY_NAME for word in BY_NAME[value].words)
    none = (Not(one_of(COLUMN, tuple(_OF_WORD))),) if NOT_SPECIFIED in values else ()
    return AnyOf((one_of(COLUMN, words), *none) if words else none)
