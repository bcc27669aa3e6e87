"""Jobs over all four tables, some in two of them, and what must be told of them."""

from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

from bigpandamon_core.domain.observations import Observation
from bigpandamon_core.domain.states import FINAL, JOB_STATES
from tests.instance import defaults
from tests.instance.factory import JOB_TABLES, Panda
from tests.queries.odd_values import Rows, T, odd_row

LIVE = ("jobsdefined4", "jobsactive4")
TABLES = (*LIVE, "jobsarchived4", "jobsarchived")
MOMENTS = tuple(T - timedelta(seconds=s) for s in (0, 1, 1, 2, 60, 3600, 86400, 5 * 86400))


class World:
    """rows: what is stored, each with its table under `_table`."""

    def __init__(self, jobs: int, seed: int):
        random = Random(seed)
        self.rows = Rows(row for number in range(jobs) for row in _job(10_000 + number, random))

    def store(self, panda: Panda) -> None:
        """Put the jobs in place of whatever the job tables hold."""
        for table in TABLES:
            JOB_TABLES[table]._base_manager.using(panda.alias).all().delete()
            stored = [
                {name: value for name, value in row.items() if name != "_table"}
                for row in self.rows
                if row["_table"] == table
            ]
            panda.jobs(stored, table)

    def told(self, *tables: str) -> Rows:
        """One row of every job, the newest in these tables (all of them); both archives hold the same."""
        newest: dict[int, dict[str, Any]] = {}
        for row in self.rows:
            if tables and row["_table"] not in tables:
                continue
            other = newest.get(row["pandaid"])
            if other is None or order(other) < order(row):
                newest[row["pandaid"]] = row
        return Rows(newest.values())


def order(row: dict[str, Any]) -> Any:
    table = "jobsarchived4" if row["_table"] == "jobsarchived" else row["_table"]
    seen = Observation(
        row["pandaid"], table, row["jobstatus"], row["statechangetime"], row["modificationtime"]
    )
    return seen.order


def _job(pandaid: int, random: Random) -> Iterable[dict[str, Any]]:
    """One job in one table, in two that it moves between, in both archives, or left over in a live table."""
    if random.random() < 0.15:
        row = _row(pandaid, "jobsarchived4", random)
        return [row, row | {"_table": "jobsarchived"}]
    if random.random() < 0.15:
        return _left_over(pandaid, random)
    tables = random.sample(TABLES[:3], 2) if random.random() < 0.3 else [random.choice(TABLES)]
    return [_row(pandaid, table, random) for table in tables]


def _left_over(pandaid: int, random: Random) -> list[dict[str, Any]]:
    """A job in a live table and the archive: what changed within two days is in jobsarchived4, too."""
    live, archived = _row(pandaid, random.choice(LIVE), random), _row(pandaid, "jobsarchived", random)
    changed = archived["statechangetime"] or archived["modificationtime"]
    copies = [archived | {"_table": "jobsarchived4"}] if changed >= T - timedelta(days=2) else []
    return [live, *copies, archived]


def _row(pandaid: int, table: str, random: Random) -> dict[str, Any]:
    states = sorted(set(JOB_STATES) - FINAL) if table in LIVE else sorted(FINAL)
    times = {
        "modificationtime": random.choice(MOMENTS),
        "statechangetime": random.choice((None, *MOMENTS)),
        "jobstatus": random.choice(states),
        "jobsubstatus": random.choice((None, "", "toreassign", "fg_partial", "fg_stumble")),
    }
    return defaults.job(table, odd_row(random) | times) | {"pandaid": pandaid, "_table": table}
