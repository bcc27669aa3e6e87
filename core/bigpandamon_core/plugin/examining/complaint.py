"""One thing that is wrong with what a plugin declares."""

from collections.abc import Iterable
from dataclasses import dataclass

from bigpandamon_core.config.mistakes import Mistake, nearest


@dataclass(frozen=True, slots=True)
class Complaint:
    """key: the word, and which of its entries. expected, found, remedy: as in a configuration's mistake."""

    key: str
    expected: str
    found: str
    remedy: str = ""

    def at(self, file: str) -> Mistake:
        """The complaint as a mistake in a file."""
        return Mistake(file, self.key, self.expected, self.found, self.remedy)


def unknown(key: str, name: str, known: Iterable[str], what: str) -> Complaint:
    """A name that nothing declares, with the nearest that something does."""
    listed = tuple(known)
    near = nearest(name, listed) or (", ".join(sorted(listed)) if len(listed) < 10 else "")
    return Complaint(key, what, f'"{name}"', f"did you mean {near}?" if near else "")


def begins(name: str, text: str) -> bool:
    """Whether a name is the plugin's or begins with it."""
    return text == name or text.startswith((f"{name}_", f"{name}-"))
