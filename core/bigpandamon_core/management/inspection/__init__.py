"""What `bigpandamon check` and `bigpandamon doctor` look at beyond the configuration's words."""

from dataclasses import asdict, dataclass
from enum import StrEnum

ANYWAY = "correct it; `bigpandamon config` shows what is in force"
"""What to do where nothing better is known."""


class Level(StrEnum):
    """How it is: well, worth a thought, or not working."""

    OK = "ok"
    WARN = "warn"
    TROUBLE = "TROUBLE"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. text: what it is. remedy: what to do about it, "" if nothing or if what
    stands in `remedies` by its subject is all there is to say."""

    subject: str
    text: str
    level: Level = Level.OK
    remedy: str = ""

    @property
    def well(self) -> bool:
        return self.level is not Level.TROUBLE

    def __str__(self) -> str:
        """One line, also where a driver's words take several; only what is in trouble has its remedy."""
        words = self.text if self.well or not self.remedy else f"{self.text}; {self.remedy}"
        return f"{'ok     ' if self.well else 'TROUBLE'}  {self.subject}: {' '.join(words.split())}"

    def told(self) -> dict[str, str]:
        """For programs."""
        return {key: " ".join(value.split()) for key, value in asdict(self).items()}


def warning(subject: str, text: str, remedy: str) -> Finding:
    return Finding(subject, text, Level.WARN, remedy)


def trouble(subject: str, text: str, remedy: str = "") -> Finding:
    return Finding(subject, text, Level.TROUBLE, remedy)
