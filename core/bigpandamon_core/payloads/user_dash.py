"""Tasks or jobs of every user by state, for dashboards of users."""

from collections import Counter
from typing import Any

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.tasks import noun as task_noun
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.payloads.users import Users
from bigpandamon_core.queries import listing
from bigpandamon_core.queries.tasks import TASKS
from bigpandamon_core.sources.reading import snapshot

Data = dict[str, dict[str, int]]
AGGREGATES = ("tasks", "jobs")


class UserDash(Unselected):
    """agg: of what, in the window of that noun."""

    def __init__(self, call: Call):
        super().__init__(call)
        self.agg = call.path["agg"]
        if self.agg not in AGGREGATES:
            raise Problem(
                f"Illegal value '{self.agg[:60]}' for agg",
                parameter="agg",
                code="illegal-value",
                remedy=f"Ask for one of {', '.join(AGGREGATES)}.",
            )
        if call.privacy.hides_names:
            raise personal("agg", call.privacy)

    def tasks(self) -> Data:
        selection = scope.selection(self.call, (), of=task_noun(self.call))
        found: dict[str, Counter[str]] = {}
        with snapshot():
            for user, status in listing.values(TASKS, selection, ("username", "status")):
                name = str(self.call.privacy.name(user or NOT_SPECIFIED))
                found.setdefault(name, Counter())[status or NOT_SPECIFIED] += 1
        return {name: dict(counts) for name, counts in found.items()}

    def jobs(self) -> Data:
        return {one.name: dict(one.states) for one in Users(self.call).users}


def compatible(asked: UserDash) -> dict[str, Any]:
    """The shape that programs know."""
    data = asked.tasks() if asked.agg == "tasks" else asked.jobs()
    return {"msg": "", "data": data}
