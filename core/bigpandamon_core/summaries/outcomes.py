"""How jobs ended, added up."""

from dataclasses import dataclass

from bigpandamon_core.domain.states import ENDED_WELL


@dataclass(kw_only=True)
class Outcomes:
    """Jobs by how they ended. timed: those with a wall-clock time; wall_seconds: of all of them."""

    failed: int = 0
    finished: int = 0
    other: int = 0
    timed: int = 0
    wall_seconds: int = 0

    def add(self, state: str, jobs: int, timed: int, wall_seconds: int) -> None:
        """More jobs that are in a state as shown."""
        if state == "failed":
            self.failed += jobs
        elif state in ENDED_WELL:
            self.finished += jobs
        else:
            self.other += jobs
        self.timed += timed
        self.wall_seconds += wall_seconds

    def join(self, other: "Outcomes") -> None:
        """What was added up elsewhere, too."""
        self.failed += other.failed
        self.finished += other.finished
        self.other += other.other
        self.timed += other.timed
        self.wall_seconds += other.wall_seconds

    @property
    def jobs(self) -> int:
        return self.failed + self.finished + self.other

    @property
    def mean_minutes(self) -> float | None:
        """How long a job ran, where that is known of any."""
        return round(self.wall_seconds / self.timed / 60, 1) if self.timed else None
