"""What is wrong with a configuration, told so that it can be corrected; all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to correct.

    file: where it was read. key: dotted, empty where the whole file is meant. found: never a secret.
    """

    file: str
    key: str
    expected: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        place = ": ".join(part for part in (self.file, self.key) if part)
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}: expected {self.expected}, found {self.found}{remedy}"


class ConfigurationErrors(Exception):
    """A configuration that must not be used. `mistakes` holds every one that was found."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


def unknown(file: str, key: str, known: Iterable[str], what: str = "key") -> Mistake:
    """A name that nothing declares; its value is not looked at, it may be a secret under a mistyped name."""
    names = sorted(known)
    near = nearest(key, names)
    listed = "" if what == "key" or not names else f"there are {', '.join(names)}"
    remedy = f"did you mean {near}?" if near else listed
    return Mistake(file, key, f"a known {what}", "an unknown one", remedy)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like this one, also one that only lacks its table; empty if none is close."""
    candidates = sorted(known)
    close = get_close_matches(name, candidates, n=1)
    last = name.rpartition(".")[2]
    same_last = [candidate for candidate in candidates if candidate.rpartition(".")[2] == last]
    return (close + same_last + [""])[0]
