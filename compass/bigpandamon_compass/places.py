"""Jobs of a window at their places in the hierarchy: what every page of COMPASS counts."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bigpandamon_compass import names, steps
from bigpandamon_core.plugin import NOT_SPECIFIED, Call, Jobs, Selection, job_group, shown_state

READ = (
    "jobname", "transformation", "jobstatus", "jobsubstatus", "taskid", "batchid", "computingsite",
    "creationtime", "modificationtime",
)  # fmt: skip
WINDOW = ("hours", "days", "date_from", "date_to")
WORST_FIRST = ("bad", "ended", "waiting", "launch", "running", "post", "good")
"""Groups of states, as a cell of many jobs is judged."""
NOWHERE = names.Place(NOT_SPECIFIED, NOT_SPECIFIED, NOT_SPECIFIED)
OVER = frozenset({"good", "bad", "ended"})
FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Placed:
    """A job and where it belongs. NOT_SPECIFIED: a name that tells no production, no link of the chain.

    place: what jobs have in common that try the same; nothing does where names tell nothing.
    """

    pandaid: int
    production: str
    run: str
    chunk: str
    step: str
    state: str
    place: tuple[str, ...]
    row: dict[str, Any]

    @property
    def changed(self) -> datetime | None:
        found: datetime | None = self.row["modificationtime"]
        return found


@dataclass(slots=True)
class Count:
    """Jobs of a kind. newest: of each run and chunk the job tried last, which tells how it stands."""

    states: Counter[str] = field(default_factory=Counter)
    newest: dict[tuple[str, ...], Placed] = field(default_factory=dict)

    def add(self, job: Placed) -> None:
        self.states[job.state] += 1
        known = self.newest.setdefault(job.place, job)
        if known.pandaid < job.pandaid:
            self.newest[job.place] = job

    @property
    def jobs(self) -> int:
        return self.states.total()

    @property
    def finished(self) -> int:
        return self.states[FINISHED]

    @property
    def done(self) -> int:
        """Places whose newest job finished."""
        return sum(job.state == FINISHED for job in self.newest.values())

    @property
    def worst(self) -> str:
        """The state that asks for attention most, of what was tried last; the most frequent of its group."""
        states = Counter(job.state for job in self.newest.values())
        order = sorted(states, key=lambda state: (WORST_FIRST.index(job_group(state)), -states[state], state))
        return order[0] if order else ""

    @property
    def plain(self) -> dict[str, Any]:
        return {
            "jobs": self.jobs,
            "finished": self.finished,
            "worst": self.worst,
            "states": dict(sorted(self.states.items())),
        }


class Places:
    """The jobs that a request asks for; they are read when first asked for.

    fixed: conditions that the address says.

    Raises:
        Problem: the request cannot be read.
    """

    def __init__(self, call: Call, **fixed: str):
        self.call, self.fixed = call, fixed
        self.jobs = Jobs(replace(call, parameters=_asked(call, fixed)))

    @cached_property
    def placed(self) -> list[Placed]:
        """The jobs, each at its place."""
        return [_placed(row) for row in self.jobs.in_bulk(READ)]

    @property
    def shown(self) -> Selection:
        """The request: what a kept answer is known by."""
        return self.jobs.shown

    @property
    def ignored(self) -> tuple[str, ...]:
        """Parameters without effect."""
        return self.jobs.ignored

    @property
    def truncated(self) -> str:
        """What was cut, in words; the jobs are read for that."""
        return self.jobs.truncated if self.placed else ""

    @property
    def cut(self) -> dict[str, str]:
        """What JSON says of it: nothing of what is whole."""
        return {"truncated": self.truncated} if self.truncated else {}

    def grouped(self, key: Callable[[Placed], str]) -> dict[str, list[Placed]]:
        """All jobs by a part of their place."""
        return by(key, self.placed)


def _placed(row: dict[str, Any]) -> Placed:
    name = names.place(row["jobname"]) or NOWHERE
    where = name.production, name.run, name.chunk, steps.step(row["transformation"]) or NOT_SPECIFIED
    state = shown_state(row["jobstatus"], row["jobsubstatus"])
    place = where if name is not NOWHERE else (str(row["pandaid"]),)
    return Placed(row["pandaid"], *where, state, place, row)


def _asked(call: Call, fixed: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The request with what its address says, and the window of these pages where it gives none."""
    given = [pair for pair in call.parameters if pair[0].lower() not in fixed]
    named = {name.lower() for name, _ in given}
    if not any(name in WINDOW or name.endswith("range") for name in named):
        given.append(("days", str(call.option("compass.days"))))
    return (*given, *fixed.items())


def in_order(name: str) -> tuple[int, int, str]:
    """Numbers by their size, then words; what is not specified last."""
    if name.isdecimal() and name.isascii():
        return 0, int(name), name
    return (2, 0, "") if name == NOT_SPECIFIED else (1, 0, name)


def by(key: Callable[[Placed], str], jobs: Iterable[Placed]) -> dict[str, list[Placed]]:
    """Jobs by a part of their place, in its order."""
    found: dict[str, list[Placed]] = {}
    for job in jobs:
        found.setdefault(key(job), []).append(job)
    return {name: found[name] for name in sorted(found, key=in_order)}


def count(jobs: Iterable[Placed]) -> Count:
    counted = Count()
    for job in jobs:
        counted.add(job)
    return counted


def joined(counts: Iterable[Count]) -> Count:
    """Counts that have no place in common as one."""
    whole = Count()
    for one in counts:
        whole.states.update(one.states)
        whole.newest.update(one.newest)
    return whole


class Matrix:
    """Counts of rows (productions, runs, chunks) by step."""

    def __init__(self, rows: dict[str, list[Placed]]):
        self.rows = {
            row: {step: count(some) for step, some in by(lambda job: job.step, jobs).items()}
            for row, jobs in rows.items()
        }
        there = set().union(*self.rows.values())
        self.seen = tuple(name for name in (*steps.BY_NAME, NOT_SPECIFIED) if name in there)

    @property
    def shown(self) -> tuple[str, ...]:
        """The chain, and what is no link of it where there is any."""
        return (*steps.BY_NAME, *(name for name in self.seen if name == NOT_SPECIFIED))

    @property
    def by_step(self) -> dict[str, Count]:
        """All rows as one."""
        rows = self.rows.values()
        return {step: joined(row[step] for row in rows if step in row) for step in self.seen}

    def plain(self, row: str) -> list[dict[str, Any]]:
        """A row's cells that have jobs."""
        cells = self.rows[row]
        return [{"step": name, **cells[name].plain} for name in self.shown if name in cells]
