"""What PanDA shows and what batches tell, each read by the plain rule, and how they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bigpandamon_core.facets.batch import decode

TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
ORDER = """pending defined waiting assigned throttled activated sent starting running holding transferring
    merging finished failed cancelled closed""".split()
OBSERVED = ("pandaid", "place", "jobstatus", "statechangetime", "modificationtime")
Rows = list[tuple[Any, ...]]
State = tuple[int, str]


class Database:
    """Whatever answers a statement with rows. connect: opens a connection with autocommit."""

    def __init__(self, connect: Any):
        self._connect = connect

    def rows(self, statement: str) -> Rows:
        connection = self._connect()
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            return list(cursor.fetchall())
        finally:
            connection.close()


@dataclass
class Told:
    """What batches tell, replayed. newest: place and state by job. twice: rows that tell what was told
    before. lags: seconds from each change until it was told."""

    newest: dict[int, State] = field(default_factory=dict)
    rows: int = 0
    twice: int = 0
    lags: list[float] = field(default_factory=list)

    def replay(self, batches: Rows, since: datetime) -> None:
        """batches: when each was made, and its bytes. since: lags of changes after it are noted."""
        seen: dict[int, tuple[Any, ...]] = {}
        for made_at, payload in batches:
            if not payload:
                continue
            moment, table = moment_of(made_at), decode(bytes(payload))
            for row in zip(*(table[name].to_pylist() for name in OBSERVED), strict=True):
                pandaid, place, state, changed, _ = row
                self.twice += seen.get(pandaid) == row
                seen[pandaid] = row
                self.newest[pandaid] = place, state
                self.rows += 1
                if changed and changed >= since:
                    self.lags.append((moment - changed).total_seconds())


def moment_of(value: Any) -> datetime:
    """A time as one of the databases hands it out; all of them keep UTC."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.replace(tzinfo=None)


def shown(panda: Database, since: datetime = datetime.min) -> dict[int, State]:
    """Place and state of every job that PanDA shows now, by the plain rule.

    since: only of jobs that were modified since.
    """
    found: dict[int, tuple[Any, ...]] = {}
    for place, table in enumerate(TABLES):
        columns = "pandaid, jobstatus, statechangetime, modificationtime"
        wanted = f" WHERE modificationtime >= '{since}'" if since > datetime.min else ""
        for pandaid, state, changed, modified in panda.rows(f"SELECT {columns} FROM {table}{wanted}"):
            rank = ORDER.index(state) if state in ORDER else -1
            key = (str(changed or modified), rank, place)
            if pandaid not in found or found[pandaid][0] < key:
                found[pandaid] = key, (place, state)
    return {pandaid: state for pandaid, (_, state) in found.items()}


def differing(expected: Mapping[int, State], found: Mapping[int, State]) -> int:
    """How many jobs are not known as they are."""
    return len(dict(expected.items() ^ found.items()))
