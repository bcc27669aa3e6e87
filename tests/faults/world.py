"""A PanDA that is alive, and everything it has shown since."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo import ddl
from bigpandamon_core.demo.simulation import simulation
from bigpandamon_core.demo.simulation.profile import load
from bigpandamon_core.demo.simulation.statements import family_tables
from bigpandamon_core.domain.window import now

STEP_SECONDS = 0.25
SPEED = 40
JOBS_PER_DAY = 12_000
HISTORY = timedelta(hours=2)
TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
ORDER = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()


@dataclass(frozen=True)
class Seen:
    """A job as PanDA shows it. ended: its modificationtime, None while it lives."""

    state: str
    queue: str
    ended: datetime | None


Shown = dict[int, Seen]


def shown() -> Shown:
    """Every job by the plain rule: the later change counts, then the further state, then the archive."""
    found: dict[int, tuple[Any, Seen]] = {}
    with connections["demo"].cursor() as cursor:
        for place, table in enumerate(TABLES):
            cursor.execute(
                f"SELECT pandaid, jobstatus, computingsite, statechangetime, modificationtime FROM {table}"
            )
            for pandaid, state, queue, changed, modified in cursor.fetchall():
                key = (str(changed or modified), ORDER.index(state), place)
                ended = datetime.fromisoformat(str(modified)) if place == len(TABLES) - 1 else None
                if pandaid not in found or found[pandaid][0] < key:
                    found[pandaid] = key, Seen(state, queue or "", ended)
    return {pandaid: seen for pandaid, (_, seen) in found.items()}


class World(threading.Thread):
    """Writes as `bigpandamon demo simulate` does, and notes what is there after each commit."""

    def __init__(self, absent: tuple[str, ...] = ()) -> None:
        """absent: families of tables that this PanDA lacks; they are made again when it ends."""
        super().__init__(daemon=True)
        self.history: list[tuple[datetime, Shown]] = []
        self._still = threading.RLock()
        self._lives, self._ended = threading.Event(), threading.Event()
        self._profile = replace(load("default"), absent=absent)
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            self._live()
        except BaseException as problem:
            self.problem = problem
            raise
        finally:
            self._lives.set()
            connections["demo"].close()

    def _live(self) -> None:
        world = simulation.begin(demo.writing(), self._profile, 1, now() - HISTORY, JOBS_PER_DAY)
        world.until(now())
        world.hasten(SPEED)
        while not self._ended.wait(STEP_SECONDS):
            with self._still:
                self._step(world)
            self._lives.set()

    def _step(self, world: simulation.Simulation) -> None:
        world.until(now())
        self.history.append((now(), shown()))

    def begin(self) -> None:
        self.start()
        assert self._lives.wait(60)
        assert self.problem is None, self.problem

    def end(self) -> None:
        self._ended.set()
        self.join()
        connection = demo.writing()
        for model in (model for family in self._profile.absent for model in family_tables(family)):
            with connection.cursor() as cursor:
                for statement in (ddl.table(model, connection), *ddl.indexes(model, connection)):
                    cursor.execute(statement)

    @contextmanager
    def stands_still(self) -> Iterator[tuple[datetime, Shown]]:
        """Nothing is written; since when, and what is there."""
        with self._still:
            assert self.problem is None, self.problem
            yield self.history[-1]

    def since(self, moment: datetime) -> list[Shown]:
        """Everything that was shown at the moment or later."""
        with self._still:
            begin = max((at for at, (when, _) in enumerate(self.history) if when <= moment), default=0)
            return [there for _, there in self.history[begin:]]
