"""What `bigpandamon check` looks at beyond the files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. text: what it is, and what to do if it is not well."""

    subject: str
    text: str
    well: bool = True

    def __str__(self) -> str:
        """One line, also where a driver's words take several."""
        return f"{'ok     ' if self.well else 'TROUBLE'}  {self.subject}: {' '.join(self.text.split())}"
