"""The point of view of a call: the only place where a selection or a record meets its scope.

Builders ask for selections and single jobs here, so that no representation can forget the scope.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.conditions import EVERYTHING, Condition, holds
from bigpandamon_core.domain.nouns import REPRESENTATION, Noun
from bigpandamon_core.domain.parameters import repeated
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.domain.unaskable import hidden, personal
from bigpandamon_core.domain.vocabulary import without_effect
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries import tasks as task_queries
from bigpandamon_core.queries.lookups import resolve


def noun(call: Call) -> Noun:
    """Jobs as requests see them there."""
    return job_requests.noun(
        call.option("jobs.window_hours"),
        call.option("jobs.lookback_days"),
        call.more_fields.get("jobs", ()),
        call.error_rules,
    )


def selection(
    call: Call, pairs: Iterable[tuple[str, str]], strict: bool = False, of: Noun | None = None
) -> Selection:
    """The records of a noun, jobs without one, that parameters ask for, inside the scope.

    Raises:
        Problem: the parameters cannot be read, they ask by what the caller may not see (403), or for a list
            that is kept no more (404).
    """
    of = of or noun(call)
    of = replace(of, choices={**of.choices, **call.words})
    asked = parse(pairs, of, call.until, strict, call.understood)
    _refuse_hidden(call, asked)
    if strict:
        without_effect = asked.noun.steering - REPRESENTATION - call.understood
        refuse_unknown([name for name, _ in asked.parameters if name in without_effect])
    if asked.has("reqtoken"):
        raise Problem(
            "The list behind this link has expired",
            parameter="reqtoken",
            status=404,
            code="expired",
            remedy="Go back to the page that linked here and load it again.",
        )
    inside = call.scope.get(asked.noun.name)
    return asked if inside is None else replace(asked, extra=(inside,))


def refuse_unknown(names: Collection[str]) -> None:
    """Raises Problem: there is a parameter that has no effect where it was given."""
    for name in names:
        raise Problem(
            f"{name[:60]} has no effect here",
            parameter=name[:60],
            code="unknown-parameter",
            remedy="Leave it out; the parameters of each address are in /api/v1/openapi.json.",
        )


def ignored(call: Call) -> tuple[str, ...]:
    """Parameters without effect where there is no selection, and those of which but one value counts."""
    given = {name.lower(): value for name, value in call.parameters}
    words = without_effect(given, call.words)
    return tuple(sorted({*undeclared(call), *repeated(call.parameters), *words}))


def undeclared(call: Call) -> tuple[str, ...]:
    """Parameters that an address does not know."""
    known = call.understood | REPRESENTATION | (frozenset() if call.strict else {"theme"})
    return tuple(sorted({name.lower() for name, _ in call.parameters} - known))


def _refuse_hidden(call: Call, asked: Selection) -> None:
    """Conditions on hidden values would let a caller find them by asking often; so would their order."""
    found = next(hidden(call.privacy, asked), None)
    if found:
        raise personal(found, call.privacy)


def condition(call: Call, noun_name: str = "jobs") -> Condition:
    """What every record of a noun fulfils there, lookups resolved."""
    return resolve(call.scope.get(noun_name, EVERYTHING))


def one_job(call: Call, pandaid: int) -> dict[str, Any] | None:
    """A job's newest row, None if no table has it or it is outside the scope."""
    row = job_queries.one(pandaid)
    return row if row is not None and is_inside(call, row) else None


def one_task(call: Call, jeditaskid: int) -> dict[str, Any] | None:
    """A task's row, None if there is none or it is outside the scope."""
    row = task_queries.some([jeditaskid], task_queries.TASKS.columns).get(jeditaskid)
    return row if row is not None and is_inside(call, row, "tasks") else None


def tasks_inside(call: Call, jeditaskids: Iterable[int]) -> tuple[int, ...]:
    """Of some tasks those that are there and inside the scope, by number."""
    rows = task_queries.some(jeditaskids, task_queries.TASKS.columns)
    return tuple(number for number, row in sorted(rows.items()) if is_inside(call, row, "tasks"))


def is_inside(call: Call, row: Mapping[str, Any], noun_name: str = "jobs") -> bool:
    """Whether a whole record of a noun is one of the scope's."""
    return holds(condition(call, noun_name), row)
