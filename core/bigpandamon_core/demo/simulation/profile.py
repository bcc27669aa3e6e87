"""What a simulated PanDA is like: its sites, work, people and troubles, read from a TOML file."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from bigpandamon_core.demo.simulation.patterns import JOB_WORDS, is_made_of, mistakes_of_names
from bigpandamon_core.demo.simulation.reading import Reader

SHIPPED = "bigpandamon_core.demo.profiles"


class ProfileMistakes(Exception):
    """Everything wrong with a profile, one sentence each in `mistakes`."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass(frozen=True, slots=True)
class Ids:
    """The first number of each sequence."""

    pandaid: int
    jeditaskid: int
    datasetid: int
    fileid: int
    row_id: int
    workerid: int
    reqid: int
    jobsetid: int
    jobdefinitionid: int


@dataclass(frozen=True, slots=True)
class Site:
    """failing: share of jobs that the site itself spoils. usual_error: `component:code` of most of those.
    wait: how much longer than elsewhere jobs wait. corepower: benchmark units of a core."""

    name: str
    region: str
    weight: float = 1.0
    nodes: int = 20
    queues: tuple[str, ...] = ("grid",)
    failing: float = 0.02
    usual_error: str = ""
    wait: float = 1.0
    corepower: float = 10.0
    black_holes: int = 0


@dataclass(frozen=True, slots=True)
class QueueKind:
    """takes: the resource types of jobs that may run there. maxrss: MB. maxtime: seconds. jobs_per_batch: so
    many jobs at most run inside one job of the batch system."""

    name: str
    suffix: str
    takes: tuple[str, ...]
    cores: int = 8
    maxrss: int = 16000
    maxtime: int = 345600
    resource_type: str = "GRID"
    capability: str = "ucore"
    workflow: str = "pull_ups"
    instance: str = "central"
    batch: str = "Torque"
    jobs_per_batch: int = 1


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of work. share: of all jobs. minutes: median wall time, spread: sigma of its logarithm.
    ram_mb: per core. jobs_per_task: median. events: per job. merge: outputs are merged by further jobs.
    build: one job prepares the code first. fine_grained: event by event, may end in part. range_events: of
    the ranges that jobs of an event service fetch one by one, 0 for work of other kinds. jobname: in a chain,
    with {chain}, {run}, {part}, {number} (of the part of the run) and {attempt}. taskname, filename:
    patterns of names of tasks and of their inputs, instead of the usual ones (naming.py)."""

    name: str
    share: float
    label: str
    tasktype: str
    processingtypes: tuple[str, ...]
    transformation: str
    releases: tuple[str, ...]
    homepackage: str
    project: str
    input_type: str
    output_types: tuple[str, ...]
    gshare: str
    resource: str = "SCORE"
    cores: int = 1
    minutes: float = 60.0
    spread: float = 0.5
    ram_mb: int = 2000
    efficiency: float = 0.85
    inputs_per_job: int = 1
    input_mb: int = 1000
    output_mb: int = 300
    events: int = 1000
    priority: int = 900
    jobs_per_task: int = 40
    maxattempt: int = 3
    failing: float = 0.012
    groups: tuple[str, ...] = ()
    container: str = ""
    merge: bool = False
    build: bool = False
    fine_grained: bool = False
    range_events: int = 0
    service: bool = True
    jobname: str = ""
    taskname: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Jobs that follow one another: each part of each run is worked on by one kind of work after the other,
    defined from outside, without tasks. links: the kinds. queue: where all run. taskid: the number that their
    jobs carry. every_minutes: a further run begins."""

    name: str
    links: tuple[str, ...]
    queue: str
    taskid: int
    runs: int
    parts: int
    first_run: int = 1
    first_part: int = 1
    every_minutes: float = 30.0


@dataclass(frozen=True, slots=True)
class People:
    """count: users beside the service account `service`, which owns the work of production."""

    count: int
    surnames: tuple[str, ...]
    service: str = "prodsys"
    words: tuple[str, ...] = ("study",)


@dataclass(frozen=True, slots=True)
class Incident:
    """A trouble of some sites that comes back. effect: `fails` (jobs end with error), `stuck` (nothing
    starts), `slow` (outputs do not get away). kinds: of queues, all if empty. Hours count from the beginning
    of the simulated time."""

    name: str
    sites: tuple[str, ...]
    effect: str
    first_hour: float
    hours: float
    every_hours: float
    error: str = ""
    failing: float = 0.0
    kinds: tuple[str, ...] = ()

    def is_on(self, hour: float) -> bool:
        return hour >= self.first_hour and (hour - self.first_hour) % self.every_hours < self.hours


@dataclass(frozen=True, slots=True)
class Habits:
    """Rates: wasteful: share of tasks of users whose jobs use more memory than allowed and fail; leaky: of
    those whose jobs grow slowly. killed: share of tasks that their owner kills. series: share of
    jobs that keep the memory series. attraction: how often a free slot is a black hole's."""

    wasteful: float = 0.03
    leaky: float = 0.05
    killed: float = 0.02
    series: float = 0.15
    attraction: float = 0.12


@dataclass(frozen=True, slots=True)
class Profile:
    """domain: of host names. absent: families of tables that this PanDA lacks. campaigns: names."""

    title: str
    vo: str
    domain: str
    ids: Ids
    people: People
    sites: tuple[Site, ...]
    queues: tuple[QueueKind, ...]
    work: tuple[Work, ...]
    incidents: tuple[Incident, ...] = ()
    habits: Habits = field(default_factory=Habits)
    campaigns: tuple[str, ...] = ("demo",)
    absent: tuple[str, ...] = ()
    chains: tuple[Chain, ...] = ()

    def enlarged(self, factor: int) -> "Profile":
        """The same world with more sites and people, as a large installation has."""
        more = [
            replace(site, name=f"{site.name}-{number}", weight=site.weight / number)
            for number in range(2, factor + 1)
            for site in self.sites
        ]
        people = replace(self.people, count=self.people.count * factor)
        return replace(self, sites=self.sites + tuple(more), people=people)


def load(name: str) -> Profile:
    """A profile by the name of a shipped one, or by the path of a TOML file. Raises ProfileMistakes."""
    text = _text(name)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileMistakes([f"{name}: not TOML: {error}"]) from error
    return _profile(table, name)


def shipped() -> list[str]:
    found = (Path(entry.name) for entry in files(SHIPPED).iterdir())
    return sorted(entry.stem for entry in found if entry.suffix == ".toml")


def _text(name: str) -> str:
    path = Path(name)
    if name in shipped():
        return (files(SHIPPED) / f"{name}.toml").read_text(encoding="utf-8")
    if not path.is_file():
        raise ProfileMistakes([f"{name}: neither a file nor one of the profiles {', '.join(shipped())}"])
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileMistakes([f"{name}: not readable as text in UTF-8: {error}"]) from error


def _profile(table: Mapping[str, object], name: str) -> Profile:
    reader = Reader(name)
    profile = reader.read(Profile, table)
    if profile is not None and not reader.mistakes:
        reader.mistakes.extend(f"{name}: {mistake}" for mistake in _contradictions(profile))
    if profile is None or reader.mistakes:
        raise ProfileMistakes(reader.mistakes)
    return profile


def _contradictions(profile: Profile) -> Iterable[str]:
    kinds = {kind.name for kind in profile.queues}
    sites = {site.name for site in profile.sites}
    offered = {
        resource
        for kind in profile.queues
        for resource in kind.takes
        if any(kind.name in site.queues for site in profile.sites)
    }
    for site in profile.sites:
        yield from (f"site {site.name}: no queue {kind!r}" for kind in site.queues if kind not in kinds)
    for incident in profile.incidents:
        yield from (f"incident {incident.name}: no site {s!r}" for s in incident.sites if s not in sites)
        yield from (f"incident {incident.name}: no queue {k!r}" for k in incident.kinds if k not in kinds)
        if incident.effect not in ("fails", "stuck", "slow"):
            yield f"incident {incident.name}: effect is fails, stuck or slow, not {incident.effect!r}"
    for work in profile.work:
        if work.resource not in offered:
            yield f"work {work.name}: no site has a queue that takes {work.resource}"
        if work.range_events and work.events % work.range_events:
            yield f"work {work.name}: events are no whole number of ranges"
        if work.range_events and work.fine_grained:
            yield f"work {work.name}: fine_grained or range_events, not both"
        yield from (
            f"work {work.name}: {mistake}" for mistake in mistakes_of_names(work.taskname, work.filename)
        )
    for chain in profile.chains:
        yield from (f"chain {chain.name}: {mistake}" for mistake in _of_chain(profile, chain))


def _of_chain(profile: Profile, chain: Chain) -> Iterable[str]:
    work = {kind.name: kind for kind in profile.work}
    suffixes = {kind.name: kind.suffix for kind in profile.queues}
    queues = {f"{site.name}{suffixes.get(kind)}" for site in profile.sites for kind in site.queues}
    if chain.queue not in queues:
        yield f"no queue {chain.queue!r}"
    if min(chain.runs, chain.parts, len(chain.links)) < 1:
        yield "a run, a part and a link at least"
    for link in chain.links:
        if link not in work:
            yield f"no work {link!r}"
        elif "{run}" not in work[link].jobname or not is_made_of(work[link].jobname, JOB_WORDS):
            yield f"the jobname of {link} has other words than chain, run, part, number, attempt, or none"
