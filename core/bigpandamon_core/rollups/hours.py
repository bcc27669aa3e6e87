"""Hours counted since 1970, by which bins are known."""

from datetime import datetime, timedelta

EPOCH = datetime(1970, 1, 1)
HOUR = timedelta(hours=1)


def hour_of(moment: datetime) -> int:
    """The hour a moment lies in."""
    return (moment - EPOCH) // HOUR


def moment_of(hour: int) -> datetime:
    """When an hour begins, naive UTC."""
    return EPOCH + hour * HOUR


def bin_of(hour: int, hours: int) -> int:
    """The first hour of the bin of a length that an hour lies in."""
    return hour - hour % hours
