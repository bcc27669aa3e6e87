"""Small simulated worlds in memory, and what their tables would hold."""

import hashlib
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from bigpandamon_core.demo.simulation import requests
from bigpandamon_core.demo.simulation.profile import load
from bigpandamon_core.demo.simulation.records import Record, Row
from bigpandamon_core.demo.simulation.world import World

START = datetime(2026, 11, 20, 6, 30)
JOBS_PER_DAY = 3000.0
JOB_TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")


class Simulated:
    """A world and all records it ever made. habits: what differs from the profile's."""

    def __init__(self, seed: int = 1, jobs_per_day: float = JOBS_PER_DAY, **habits: float) -> None:
        profile = load("default")
        profile = replace(profile, habits=replace(profile.habits, **habits))
        self.world = World(profile, seed, START, jobs_per_day)
        self.records: dict[int, Record] = {}
        requests.begin(self.world)
        self._collect()

    def run(self, hours: float, step_hours: float = 24.0) -> "Simulated":
        ends = self.world.agenda.exact + timedelta(hours=hours)
        while self.world.agenda.exact < ends:
            self.world.agenda.advance(min(ends, self.world.agenda.exact + timedelta(hours=step_hours)))
            self._collect()
        return self

    def _collect(self) -> None:
        self.records |= {id(record): record for record in self.world.changes.take()}

    def rows(self, *tables: str) -> list[Row]:
        return [record.values for record in self.records.values() if record.table in tables]

    def jobs(self) -> list[Row]:
        return self.rows(*JOB_TABLES)

    def paths(self) -> dict[int, list[str]]:
        """The states of each job in the order of its log."""
        found = defaultdict(list)
        for row in sorted(self.rows("jobs_statuslog"), key=lambda row: row["modiftime_extended"]):
            found[row["pandaid"]].append(row["jobstatus"])
        return found

    def digest(self) -> str:
        """Of all rows of all tables, whatever the order in which they were made."""
        lines = sorted(
            f"{record.table} {sorted((name, str(value)) for name, value in record.values.items())}"
            for record in self.records.values()
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()
