"""Users by their jobs: who runs what, and how it goes."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.latest import Latest
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import JOB_STATES
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import envelope
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs_links import can_be_asked_for, link
from bigpandamon_core.payloads.jobs_page import state_strip
from bigpandamon_core.payloads.regions_page import state_cells, state_columns
from bigpandamon_core.payloads.tables import table
from bigpandamon_core.payloads.translated_jobs import TranslatedJobs
from bigpandamon_core.queries import job_groups
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.users import Group, States, User, users

USER = "produsername"
_GROUPED = named(USER, "computingsite", "cloud", "jobstatus")
MOST_ROWS = 500
VIEWS = ("database", "dynamic")
OF_PEOPLE = ("activity", "analysis")
"""What asks for jobs of people; whoever asks for another kind of work means that."""
KINDS = frozenset({"activity", "activity" + SHOWN, "prodsourcelabel", "prodsourcelabel" + SHOWN, "jobtype"})
HOUR_SECONDS = 3600


class Users(TranslatedJobs):
    """The users of a selection's jobs.

    Raises:
        Problem: from the constructor: names are not shown to the caller (403).
    """

    def __init__(self, call: Call):
        if call.privacy.hides_names:
            raise personal("users", call.privacy)
        names = {name.lower() for name, _ in call.parameters}
        super().__init__(call, (*call.parameters, *(() if names & KINDS else (OF_PEOPLE,))))

    @cached_property
    def users(self) -> list[User]:
        found = self.grouped(_GROUPED).items()
        return users(
            Group(self._told_name(user), str(queue), str(cloud), str(state), jobs)
            for (user, queue, cloud, state), jobs in found
        )

    def _told_name(self, name: Any) -> str:
        return str(self.call.privacy.name(name or NOT_SPECIFIED))

    @cached_property
    def latest(self) -> Mapping[str, Latest]:
        """By user."""
        found: dict[str, Latest] = {}
        for stored, one in self.facets.latest(USER) if self.facets else self._latest_in_database():
            name = self._told_name(stored)
            found[name] = found[name].joined(one) if name in found else one
        return found

    def _latest_in_database(self) -> list[tuple[str | None, Latest]]:
        with snapshot():
            return list(job_groups.latest(self.selection, USER, self.call.now))


def compatible(asked: Users) -> list[dict[str, Any]]:
    """The array that programs know; nothing where a table of users is asked for, as they know it."""
    asked_for = asked.asked.parameter("view")
    view = asked_for if asked_for in VIEWS else asked.call.option("users.view")
    return [] if view == "database" else told(asked)


def told(asked: Users) -> list[dict[str, Any]]:
    """Each user with jobs by state, queue and cloud."""
    return [_compatible(one, asked.latest.get(one.name)) for one in asked.users]


def _compatible(one: User, latest: Latest | None) -> dict[str, Any]:
    counts = {state: one.states[state] for state in JOB_STATES}
    number = latest.pandaid if latest else 0
    return {
        "name": one.name,
        "latest": number,
        "dict": {
            "name": one.name,
            "cputime": str(round((latest.cpu_seconds if latest else 0) / HOUR_SECONDS)),
            "njobs": one.jobs,
            "nsites": len(one.queues),
            "sites": dict(one.queues),
            "nclouds": len(one.clouds),
            "clouds": dict(one.clouds),
            "nqueued": one.queued,
            "latest": (iso(latest.modified) if latest else None) or "",
            "pandaid": number,
            **counts,
            **{f"n{state}": count for state, count in counts.items()},
        },
    }


def page(asked: Users) -> dict[str, Any]:
    """The context of the page."""
    shown, found = asked.shown, asked.users
    states = sum((one.states for one in found), States())
    cut = f"the {MOST_ROWS} with most jobs" if len(found) > MOST_ROWS else ""
    columns = (
        Column("name", "User"),
        Column("jobs", "Jobs", "number"),
        Column("failing", "Failing", "percent"),
        *state_columns(states),
        Column("queues", "Queues", "number"),
    )
    return {
        "title": "Users",
        "heading": f"{len(found):,} user{'' if len(found) == 1 else 's'} with {states.total():,} jobs",
        **request_shown(shown, asked.asked),
        "counted": "Jobs",
        "states": state_strip(asked, states),
        "tables": [
            table("users", "Users", columns, [_row(asked, one) for one in found[:MOST_ROWS]], sub=cut)
        ],
        "truncated": asked.truncated,
        "ignored": asked.without_effect,
        "notes": [*doubts(shown), *asked.added, *asked.lacking],
        "source": asked.source.told,
        "links": data_links(shown, asked.asked, api="users"),
    }


def _row(asked: Users, one: User) -> dict[str, Any]:
    where: dict[str, str | None] = {"produsername" + SHOWN: one.name}
    known = can_be_asked_for(one.name)
    return state_cells(asked, one.states, where) | {
        "name": cell("text", one.name, person_url(asked.call, one.name) if known else ""),
        "jobs": cell("number", one.jobs, link(asked, **where)),
        "failing": one.failing,
        "queues": len(one.queues),
    }


def person_url(call: Call, name: str) -> str:
    """The page of a user."""
    return f"{call.root}user/{quote(name, safe='')}/"


def data(asked: Users) -> dict[str, Any]:
    """The envelope of `/api/v1`."""
    rows = [
        {
            "name": one.name,
            "jobs": one.jobs,
            "queued": one.queued,
            "failing_percent": one.failing,
            "states": dict(one.states),
            "queues": dict(one.queues),
            "clouds": dict(one.clouds),
        }
        for one in asked.users
    ]
    return {
        "data": rows,
        "meta": envelope.meta(
            asked, as_of=iso(asked.source.as_of), source=asked.source.name, total=len(rows)
        ),
        "links": {"self": asked.own_url},
    }
