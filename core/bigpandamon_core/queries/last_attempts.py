"""Superseded attempts of a task by number, for jobs that are counted outside the PanDA database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from django.db.models import F

from bigpandamon_core.domain.conditions import (
    All,
    AnyOf,
    Condition,
    Superseded,
    absent,
    one_of,
)
from bigpandamon_core.domain.conditions import replaced as changed
from bigpandamon_core.domain.rules import MOST_IDS
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.queries.where import (
    JOBSET_RETRIES,
    MERGES,
    RELATIONS,
    RETRIES,
    UNMERGED,
    in_chunks,
    listed,
    where,
)
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

MOST_REPLACED = 200_000
"""Jobs of one statement; where there are more, its tasks are asked about in halves."""
REPLACED = declare(
    "lookups.replaced", "Attempts of a task that newer ones replaced.", binds=("jeditaskid",), cap=MOST_IDS
)

REPLACED_IN_TASKS = declare(
    "lookups.replaced_in_tasks",
    "Jobs of tasks that a retry replaced.",
    binds=("jeditaskids",),
    cap=MOST_REPLACED,
)


def looked_up(condition: Condition) -> Condition:
    """The condition with numbers of jobs in place of superseded attempts; where those of a task are more than
    50,000 as it was."""
    return changed(condition, lambda leaf: _numbers(leaf) if isinstance(leaf, Superseded) else leaf)


def _numbers(leaf: Superseded) -> Condition:
    """The rule is that of queries.where."""
    history = JediJobRetryHistory.objects.using(ALIAS).filter(jeditaskid=leaf.jeditaskid)
    pairs = history.exclude(newpandaid=F("oldpandaid")).values_list("oldpandaid", "relationtype").distinct()
    found = list(tuples(REPLACED, pairs[: MOST_IDS + 1]))
    if len(found) > MOST_IDS:
        return leaf
    older: dict[str, set[int]] = defaultdict(set)
    for number, relation in found:
        older[relation or RETRIES[0]].add(number)
    merged = All((_any(older, MERGES, "pandaid"), UNMERGED))
    return AnyOf((_any(older, RETRIES, "pandaid"), _any(older, JOBSET_RETRIES, "jobsetid"), merged))


def replaced(jeditaskids: Iterable[int]) -> frozenset[int]:
    """Jobs of tasks that a retry replaced, by number: of one task 200,000 at most."""
    return frozenset[int]().union(*map(_replaced, in_chunks(jeditaskids)))


def _replaced(jeditaskids: Sequence[int]) -> set[int]:
    retried = where(AnyOf((one_of("relationtype", RETRIES), absent("relationtype"))), RELATIONS)
    history = JediJobRetryHistory.objects.using(ALIAS).filter(retried, listed("jeditaskid", jeditaskids))
    older = history.exclude(newpandaid=F("oldpandaid")).values_list("oldpandaid")
    found = [number for (number,) in tuples(REPLACED_IN_TASKS, older[:MOST_REPLACED])]
    if len(found) < MOST_REPLACED or len(jeditaskids) == 1:
        return set(found)
    middle = len(jeditaskids) // 2
    return _replaced(jeditaskids[:middle]) | _replaced(jeditaskids[middle:])


def _any(older: dict[str, set[int]], relations: Collection[str], column: str) -> Condition:
    return one_of(column, tuple(sorted(set[int]().union(*(older[relation] for relation in relations)))))
