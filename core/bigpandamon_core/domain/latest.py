"""The last of some jobs, and what they used together."""

from datetime import datetime
from typing import NamedTuple


class Latest(NamedTuple):
    """Of some jobs the highest number, the last change, and their CPU time in seconds; that of a job which no
    job can have used is left out."""

    pandaid: int
    modified: datetime | None
    cpu_seconds: int

    def joined(self, other: "Latest") -> "Latest":
        """Of the jobs of both."""
        modified = max(filter(None, (self.modified, other.modified)), default=None)
        return Latest(max(self.pandaid, other.pandaid), modified, self.cpu_seconds + other.cpu_seconds)
