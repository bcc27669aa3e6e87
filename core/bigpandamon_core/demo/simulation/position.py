"""How far a simulation has come, kept beside what it wrote: a world is resumed by living it again."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.resources import files

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from bigpandamon_core.demo.simulation.profile import Profile
from bigpandamon_core.domain.problems import Problem

TABLE = "bigpandamon_demo_world"


@dataclass(slots=True)
class Position:
    """recipe: digest of profile and program, which must be the same to live the world again. reached: the
    moment up to which everything is written. speeds: since when how fast. Times in ISO form."""

    recipe: str
    seed: int
    start: str
    jobs_per_day: float
    reached: str = ""
    speeds: list[tuple[str, float]] = field(default_factory=list)

    def save(self, cursor: CursorWrapper, reached: datetime) -> None:
        """In the transaction of the cursor, which also wrote what happened until then."""
        self.reached = reached.isoformat()
        cursor.execute(f"UPDATE {TABLE} SET position = %s", [json.dumps(asdict(self))])  # noqa: S608  # our name

    def require(self, profile: Profile) -> None:
        """Raises Problem unless profile and program can live this world again."""
        if self.recipe != recipe(profile):
            raise Problem(
                "This database was begun with another profile or by another release of the simulator.",
                where="panda.url",
                remedy="Remove the database and begin anew.",
                code="demo-other-world",
            )


def found(connection: BaseDatabaseWrapper) -> Position | None:
    """The position that a database keeps; None where nothing was simulated yet."""
    if TABLE not in connection.introspection.table_names():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT position FROM {TABLE}")  # noqa: S608
        row = cursor.fetchone()
    return None if row is None else Position(**json.loads(row[0]))


def keep(connection: BaseDatabaseWrapper, position: Position) -> None:
    """Begin to keep a position. Nothing is reached yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (position text NOT NULL)")
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608
        cursor.execute(f"INSERT INTO {TABLE} (position) VALUES (%s)", [json.dumps(asdict(position))])  # noqa: S608


def recipe(profile: Profile) -> str:
    """Digest of the profile and of this package's code."""
    digest = hashlib.sha256(repr(profile).encode())
    for entry in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".py"):
            digest.update(entry.read_bytes())
    return digest.hexdigest()[:32]
