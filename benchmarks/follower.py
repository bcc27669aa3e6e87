"""A follower that runs as in production; what it knows and has told, read from its database as it stands."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic, sleep

from benchmarks.instance import MAIN
from benchmarks.service import cpu_seconds
from benchmarks.told import Database, State, Told, moment_of
from bigpandamon_core.facets.batch import Place

LONGEST_SECONDS = 1200


@dataclass
class Follower:
    """own: its own database. pid: of its process."""

    own: Database
    pid: int

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def until(self, moment: datetime) -> None:
        """Wait until everything that PanDA showed at a moment is known. Raises SystemExit after a while."""
        deadline = monotonic() + LONGEST_SECONDS
        while monotonic() < deadline:
            found = self.own.rows("SELECT as_of FROM state_followstatus")
            if found and found[0][0] and moment_of(found[0][0]) > moment:
                return
            sleep(0.2)
        raise SystemExit(f"the follower does not come to {moment}")

    def known(self) -> dict[int, State]:
        statement = f"SELECT pandaid, place, jobstatus FROM state_jobstate WHERE place < {int(Place.GONE)}"
        return {pandaid: (place, state) for pandaid, place, state in self.own.rows(statement)}

    def last_batch(self) -> int:
        return int(self.own.rows("SELECT COALESCE(MAX(id), 0) FROM state_facetbatch")[0][0])

    def told(self, after: int, since: datetime) -> Told:
        found = Told()
        batches = "SELECT made_at, payload FROM state_facetbatch"
        found.replay(self.own.rows(f"{batches} WHERE id > {after} ORDER BY id"), since)
        return found


@contextmanager
def following(own: Database, environment: Mapping[str, str]) -> Iterator[Follower]:
    """`bigpandamon follow`, ended at the end."""
    with subprocess.Popen([*MAIN, "follow"], env=os.environ | environment) as process:
        try:
            yield Follower(own, process.pid)
        finally:
            process.terminate()
