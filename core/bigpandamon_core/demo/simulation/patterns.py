"""Patterns of names in profiles, and the words they are made of."""

from collections.abc import Iterator, Mapping

JOB_WORDS: Mapping[str, str | int] = {"chain": "a", "run": 1, "part": 1, "number": 1, "attempt": 1}
TASK_WORDS: Mapping[str, str | int] = {"owner": "a", "campaign": "a", "stretch": "a", "count": 1}
FILE_WORDS: Mapping[str, str | int] = {"task": 1, "number": 1, "row": 1, "column": 1}


def mistakes_of_names(taskname: str, filename: str) -> Iterator[str]:
    """What is wrong with the patterns of a kind of work."""
    if taskname and ("{count" not in taskname or not is_made_of(taskname, TASK_WORDS)):
        yield f"taskname is made of {', '.join(TASK_WORDS)}, count among them"
    if filename and ("{number" not in filename or not is_made_of(filename, FILE_WORDS)):
        yield f"filename is made of {', '.join(FILE_WORDS)}, number among them"


def is_made_of(name: str, words: Mapping[str, str | int]) -> bool:
    """Whether a pattern can be filled with these words."""
    try:
        return bool(name.format(**words))
    except (LookupError, ValueError):
        return False
