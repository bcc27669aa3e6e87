"""One user: tasks and jobs, how they fare, and what was used."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.request_window import EXPLICIT
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.selected import Selected
from bigpandamon_core.payloads.statistics import Statistics
from bigpandamon_core.payloads.statistics_sum import Sum
from bigpandamon_core.payloads.tasks import Tasks
from bigpandamon_core.payloads.tasks import noun as task_noun
from bigpandamon_core.payloads.users import Users
from bigpandamon_core.queries import users as queries

DAYS = "7"
READ_OTHERWISE = frozenset("'#+%")
USED_DAYS = (7, 30)


class User(Selected):
    """The tasks and jobs of those whose name has a part; the window is about when they changed.

    name: that part. The window holds for tasks; for jobs, too, if asked
    for: else they have their usual one, which is shorter.

    Raises:
        Problem: no name is given, or names are not shown to the caller (403).
    """

    def __init__(self, call: Call):
        self.name = call.path.get("name", "") or call.parameter("user")
        if not self.name:
            raise Problem(
                "No user is named",
                parameter="user",
                code="missing-parameter",
                remedy="Ask for /user/ and a name, or look for yours under /account/.",
            )
        noun = task_noun(call)
        self._shown = scope.selection(call, call.parameters, call.strict, noun)
        others = tuple(pair for pair in call.parameters if pair[0].lower() not in ("user", "view"))
        usual = () if any(name.lower() in EXPLICIT for name, _ in others) else (("days", DAYS),)
        self._asked = replace(call, parameters=(*others, self._named("username"), *usual))
        of_jobs = (*others, self._named("produsername"))
        self._of_jobs = replace(call, parameters=of_jobs, url=f"{call.root}jobs/", strict=False)
        super().__init__(call, scope.selection(self._asked, self._asked.parameters, call.strict, noun))

    @property
    def shown(self) -> Selection:
        return self._shown

    def _named(self, column: str) -> tuple[str, str]:
        """What asks for the name: a part of it, but the whole name where it has what requests drop from texts
        or read otherwise."""
        return (column + SHOWN, self.name) if set(self.name) & READ_OTHERWISE else ("user", self.name)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(replace(self._asked, url=f"{self._asked.root}tasks/", strict=False))

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self._of_jobs)

    @cached_property
    def jobs_beside_tasks(self) -> Jobs:
        """Jobs of the window of tasks: what they did over time."""
        usual = self._asked.parameters[len(self._of_jobs.parameters) :]
        return Jobs(replace(self._of_jobs, parameters=(*self._of_jobs.parameters, *usual)))

    @cached_property
    def users(self) -> Users:
        """Theirs by name, as lists of users have it."""
        return Users(replace(self.jobs_beside_tasks.call, url=self._asked.url))

    @cached_property
    def names(self) -> list[str]:
        """Who is meant: those with jobs in the window, the most first."""
        attribute = next(one for one in self.jobs.attributes if one.field.name == "produsername")
        return [str(one.value) for one in attribute.values]

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """What PanDA has of the user, by VO; nothing where several are meant, or where a name is told that is
        not the stored one."""
        names = self.names or [self.name]
        name = self.name if self.name in names else names[0]
        is_one = name == self.name or len(names) == 1
        if not is_one or self.call.privacy.name(name) != name:
            return []
        return self.optional("quotas", lambda: queries.named(name), list[dict[str, Any]]())

    def used(self) -> Iterator[tuple[int, Sum]]:
        """What ended within so many days, added up, where rollups tell."""
        for days in USED_DAYS:
            asked = (self._named("produsername"), ("days", str(days)), ("by", "produsername"))
            told = Statistics(replace(self._asked, parameters=asked, strict=False))
            if not told.why_not:
                yield days, _added(told.sums)


def _added(sums: list[Sum]) -> Sum:
    total = Sum("")
    for one in sums:
        total.join(one)
    return total
