"""Time: the one clock of the program, and windows of time that select records.

All times are naive and mean UTC, as in every PanDA database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ISO = "%Y-%m-%dT%H:%M:%S"
RECENT_DAYS = 2
"""A job that ended within these days is in jobsarchived4 on every installation."""
CLOCKS_DIFFER = timedelta(days=1)
"""How much later than modificationtime another time of an ended job may be."""


def _system_clock() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


_clock: Callable[[], datetime] = _system_clock


def now() -> datetime:
    """The present moment, naive UTC, with microseconds."""
    return _clock()


def set_clock(clock: Callable[[], datetime] | None) -> None:
    """Replace the clock for a whole process (screenshots, tests); None brings the system's back."""
    global _clock  # pylint: disable=global-statement  # one clock per process is the point
    _clock = clock or _system_clock


@dataclass(frozen=True, slots=True)
class Window:
    """A closed interval on one time column.

    begin, end: naive UTC. bounds_active: whether live records are bound by it too (PanDA's active jobs
    are shown whatever their age unless the request says otherwise).
    """

    begin: datetime
    end: datetime
    column: str = "modificationtime"
    bounds_active: bool = False

    @property
    def hours(self) -> float:
        return (self.end - self.begin).total_seconds() / 3600


def floor(moment: datetime, grain_seconds: int) -> datetime:
    """The last multiple of grain_seconds since the epoch that is not after the moment."""
    epoch = datetime(1970, 1, 1)
    whole = int((moment - epoch).total_seconds()) // grain_seconds * grain_seconds
    return epoch + timedelta(seconds=whole)


def end_of_grain(moment: datetime, grain_seconds: int) -> datetime:
    """The first multiple of grain_seconds since the epoch that is after the moment."""
    return floor(moment, grain_seconds) + timedelta(seconds=grain_seconds)


def iso(moment: datetime | None) -> str | None:
    """`YYYY-MM-DDTHH:MM:SS`, no zone, no fraction: programs parse exactly this."""
    return None if moment is None else moment.strftime(ISO)


def parse_moment(text: str) -> datetime | None:
    """A date or date-time in ISO form (`T` or blank between, perhaps a final `Z`); None if it is neither."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment
