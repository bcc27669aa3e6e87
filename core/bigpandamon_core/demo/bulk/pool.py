"""The simulated day that a bulk load repeats."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bigpandamon_core.demo.simulation import requests
from bigpandamon_core.demo.simulation.people import Person
from bigpandamon_core.demo.simulation.profile import Profile
from bigpandamon_core.demo.simulation.records import Record, Row
from bigpandamon_core.demo.simulation.world import World

WARM_UP = timedelta(hours=10)
WINDOW = timedelta(hours=24)
STEP = timedelta(hours=2)


@dataclass(slots=True)
class Pool:
    """rows: of each table. begin: of the simulated time, before the warm-up. end: its last moment.
    spans: how many numbers of each sequence one copy takes. people: users by name."""

    rows: dict[str, list[Row]]
    begin: datetime
    end: datetime
    spans: dict[str, int]
    people: dict[str, Person]
    world: World

    @property
    def live(self) -> list[tuple[str, Row]]:
        return [(table, row) for table in ("jobsdefined4", "jobsactive4") for row in self.rows[table]]


def simulated(profile: Profile, seed: int, end: datetime, jobs: int) -> Pool:
    """A world in which about `jobs` jobs ended in the last 24 hours before `end`."""
    begin = end - WINDOW - WARM_UP
    world = World(profile, seed, begin, jobs)
    requests.begin(world)
    records: dict[int, Record] = {}
    while world.agenda.exact < end:
        world.agenda.advance(min(end, world.agenda.exact + STEP))
        records |= {id(record): record for record in world.changes.take()}
    rows = _by_table(records, end - WINDOW)
    spans = {name: world.number(name) - first for name, first in asdict(profile.ids).items()}
    return Pool(rows, begin, end, spans, {person.name: person for person in world.users.everybody}, world)


def _by_table(records: dict[int, Record], since: datetime) -> dict[str, list[Row]]:
    """All rows but those of jobs that ended before `since`."""
    ended = {
        record.values["pandaid"]
        for record in records.values()
        if record.table == "jobsarchived4" and record.values["modificationtime"] < since
    }
    rows: dict[str, list[Row]] = defaultdict(list)
    for record in records.values():
        if record.table.startswith("jedi_") or record.values.get("pandaid") not in ended:
            rows[record.table].append(record.values)
    for table in ("jobsarchived4", "jobsactive4", "jobsdefined4"):
        rows[table].sort(key=lambda row: int(row["pandaid"]))
    return rows
