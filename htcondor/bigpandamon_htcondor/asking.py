"""Which batch jobs a request is about: its parameters as conditions, the same on pages and in the API."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import Count, Q

from bigpandamon_core.plugin import NOT_SPECIFIED, Call, Parameter, Problem, split
from bigpandamon_htcondor.models import BatchJob, PandaLink
from bigpandamon_htcondor.states import ALIVE, LETTERS, ORDER, STATES

Model = TypeVar("Model", bound=models.Model)
TEXTS = {
    "globaljobid": "Its GlobalJobId.",
    "schedd": "Scheduler, `name@host`.",
    "host": "Submit host.",
    "batchid": "`cluster.proc`.",
    "owner": "Who submitted it.",
    "accounting": "Accounting group or project.",
    "queue": "PanDA queue that its pilot serves.",
    "factory": "Pilot factory.",
    "site": "Site or gateway.",
    "node": "Slot and machine it ran on last.",
    "batchname": "Name of its batch.",
    "dag": "Cluster of the DAGMan job above it.",
    "harvesterid": "Harvester that submitted it.",
}
"""Parameters whose text is a column's: `*` stands for anything at either end, `|` between alternatives."""
NUMBERS = {
    "universe": ("universe", "Number of its universe."),
    "holdcode": ("reason_code", "HoldReasonCode of held ones, VacateReasonCode of others."),
    "holdsubcode": ("reason_subcode", "HoldReasonSubCode; 0 where none is told."),
    "workerid": ("workerid", "Harvester's number of it."),
}
GONE = ("yes", "no")
PARAMETERS = (
    Parameter("state", "State, or several between |.", words=ORDER),
    *(Parameter(name, told) for name, told in TEXTS.items()),
    *(Parameter(name, told, "integer") for name, (_, told) in NUMBERS.items()),
    Parameter("pandaid", "Batch jobs that ran this PanDA job.", "integer"),
    Parameter("gone", "Whether its source has it no more; else lost ones are left out.", words=GONE),
    Parameter(
        "hours", "Beside those in the queue, jobs whose state began within so many hours, or none: all."
    ),
)
OF_2014 = {
    "wmsid": "pandaid", "st": "state", "status": "state", "condorid": "batchid", "p_schedd": "schedd",
    "p_factory": "factory",
}  # fmt: skip
"""Parameters of 2014 by what they are called now; the others have kept their names."""
OLD_PARAMETERS = tuple(
    Parameter(old, f"The same as {new}, as programs of 2014 ask.") for old, new in OF_2014.items()
)
OF_PEOPLE = frozenset({"owner", "accounting", "batchname"})
"""What tells who it is, where names are hidden."""
LOST = Q(state__in=ALIVE, removed__isnull=False)
"""Jobs that their source has no more, though nobody told that they ended."""
USUAL_HOURS, MOST_HOURS = "12", 24 * 366 * 20


def matching(column: str, value: str) -> Q:
    """Rows whose text is one of the alternatives; those with * ignore case, as for PanDA's."""
    exact, loose = [], Q()
    for part in split(value, "|", parameter=column) or [""]:
        if "*" in part:
            loose |= _like(column, part)
        elif part in ("", NOT_SPECIFIED):
            loose |= Q(**{column: ""})
        else:
            exact.append(part)
    return loose | Q(**{f"{column}__in": exact}) if exact else loose


def _like(column: str, pattern: str) -> Q:
    inner = pattern.strip("*")
    if "*" in inner:
        raise Problem(
            f"'{pattern[:40]}' has a * in its middle",
            parameter=column,
            code="illegal-value",
            remedy="Put it at the beginning, at the end or both.",
        )
    if not inner:
        return ~Q(**{column: ""})
    begins, ends = not pattern.startswith("*"), not pattern.endswith("*")
    return Q(**{f"{column}__{'istartswith' if begins else 'iendswith' if ends else 'icontains'}": inner})


def _asked(call: Call, names: Iterable[str], old: Mapping[str, str]) -> dict[str, str]:
    """The conditions of a request. A state that is given several times is any of them."""
    found = {name: call.parameter(name) for name in names}
    found["state"] = "|".join(value for name, value in call.parameters if name.lower() == "state" and value)
    for name, now_called in old.items():
        given = call.parameter(name)
        found[now_called] = found[now_called] or (_state(given) if now_called == "state" else given)
    return {name: value for name, value in found.items() if value}


def _state(given: str) -> str:
    """A state as `condor_q` shows it, or in words."""
    state = STATES.get(LETTERS.get(given.upper(), 0), given.lower())
    return "completed|failed" if state == "completed" and len(given) == 1 else state


def refuse_other_states(value: str) -> None:
    """Raises Problem: one of the alternatives is no state."""
    strange = [one for one in value.split("|") if "*" not in one and one not in ("", NOT_SPECIFIED, *ORDER)]
    if strange:
        raise Problem(
            f"Illegal value '{strange[0][:40]}' for state",
            parameter="state",
            code="illegal-value",
            remedy=f"Give one of {', '.join(ORDER)}, or several between |.",
        )


class Selection:
    """The batch jobs of a request.

    conditions: parameters that narrow it, by name. hours: of the window, None for all times.

    Raises:
        Problem: from the constructor: a parameter cannot be read.
    """

    def __init__(self, call: Call):
        self.call = call
        names = [one.name for one in PARAMETERS]
        old = {} if call.strict else OF_2014
        self.conditions = _asked(call, names, old)
        self.given_hours = self.conditions.pop("hours", "")
        self.hours = self._hours()
        self.where = self._where()

    @property
    def _is_exact(self) -> bool:
        """What is asked for by one name or number is found whenever it was, lost or not."""
        return bool({"globaljobid", "batchid", "pandaid", "dag"} & self.conditions.keys())

    def _hours(self) -> int | None:
        given = self.given_hours or ("none" if self._is_exact else USUAL_HOURS)
        if given == "none":
            return None
        return self.call.number("hours", int(USUAL_HOURS), MOST_HOURS)

    @property
    def since(self) -> datetime | None:
        return None if self.hours is None else self.call.now - timedelta(hours=self.hours)

    def _where(self) -> Q:
        found = Q()
        if self.since:
            found &= Q(state__in=ALIVE, removed=None) | Q(since__gte=self.since)
        for name, value in self.conditions.items():
            found &= self._condition(name, value)
        return found if "gone" in self.conditions or self._is_exact else found & ~LOST

    def _condition(self, name: str, value: str) -> Q:
        if name in OF_PEOPLE and self.call.privacy.hides_names:
            raise Problem(
                "Names are not shown here", parameter=name, status=403, code="forbidden", remedy="Sign in."
            )
        if name == "state":
            refuse_other_states(value)
        if name in TEXTS or name == "state":
            return matching(name, value)
        if name == "gone":
            return Q(removed__isnull=self.call.chosen("gone", GONE, "no") == "no")
        number = replace(self.call, parameters=((name, value),)).number(name, 0, 2**63 - 1, least=0)
        if name == "pandaid":
            links = PandaLink.objects.filter(pandaid=number).values_list("globaljobid", flat=True)
            return Q(pk__in=list(links[:1000]))
        column = NUMBERS[name][0]
        untold = Q(**{column: None}) if name == "holdsubcode" and number == 0 else Q()
        return Q(**{column: number}) | untold

    @property
    def jobs(self) -> "models.QuerySet[BatchJob]":
        return BatchJob.objects.filter(self.where)

    def counts(self, column: str, most: int | None = None) -> list[tuple[Any, int]]:
        """Values of a column with how many jobs have each, the most frequent first."""
        found = self.jobs.values_list(column).annotate(jobs=Count("pk")).order_by("-jobs", column)
        return [(value or "", count) for value, count in found[:most]]

    def link(self, url: str = "", /, **changes: str | None) -> str:
        """The address that shows the same jobs with other conditions; None takes one away."""
        query = self.conditions | ({"hours": self.given_hours} if self.given_hours else {})
        kept = {name: value for name, value in (query | changes).items() if value is not None}
        return f"{url or self.call.url}?{urlencode(kept)}" if kept else url or self.call.url
