"""The kinds of record files that can be imported, the most particular first."""

from collections.abc import Sequence

from bigpandamon_core.demo.importing import answers, jobs, queues, tables
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources.records import RecordKind

KINDS: tuple[RecordKind, ...] = (tables.KIND, answers.KIND, jobs.KIND, queues.KIND)


def by_name(name: str, kinds: Sequence[RecordKind] = KINDS) -> RecordKind:
    """Problem if there is none of that name."""
    for kind in kinds:
        if kind.name == name:
            return kind
    raise Problem(
        f"There is no kind of records {name!r}.",
        remedy=f"Known: {', '.join(kind.name for kind in kinds)}.",
        code="unknown-kind",
    )
