"""Superseded attempts of a task by number, for jobs that are counted outside the PanDA database."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F

from bigpandamon_core.domain.conditions import All, AnyOf, Condition, Superseded, one_of, replaced
from bigpandamon_core.domain.rules import MOST_IDS
from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.queries.where import JOBSET_RETRIES, MERGES, RETRIES, UNMERGED
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

REPLACED = declare(
    "lookups.replaced", "Attempts of a task that newer ones replaced.", binds=("jeditaskid",), cap=MOST_IDS
)


def looked_up(condition: Condition) -> Condition:
    """The condition with numbers of jobs in place of superseded attempts; where those of a task are more than
    50,000 as it was."""
    return replaced(condition, lambda leaf: _numbers(leaf) if isinstance(leaf, Superseded) else leaf)


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


def _any(older: dict[str, set[int]], relations: Collection[str], column: str) -> Condition:
    return one_of(column, tuple(sorted(set[int]().union(*(older[relation] for relation in relations)))))
