"""Failures against the operators' table of those that are tolerated, as its legend says.

What must be looked at comes before what a rescue helps, and that before what may be lost: a failure that the
table does not know or knows as resolved needs a review; one that a rescue solves needs a rescue; of others no
larger share than their intensity may be lost.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST_PATTERN = 1000
LONGEST_TEXT = 4000
COMPONENTS = {"trans": "transform", "ddm": "dataservice", "exe": "executor", "sup": "supervisor"}
"""Components as the table calls them, where PanDA's errors are called otherwise."""
_ANYTHING = re.compile(r"(?<!\\)\.[*+]\??")
_NOT_READ = re.compile(r"\\[a-zA-Z](?<!\\[nt])|\[\^?[^\]]*\w-\w[^\]]*\]|(?<!\\)\|")
_SPACES = re.compile(r"(?:\s|\\[nt])+")
_ESCAPED = re.compile(r"\\(.)")


Key = tuple[str, int | str, str, "Pattern | None"]


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    RESCUE = "needs rescue"
    REVIEW = "needs review"


@dataclass(frozen=True)
class Pattern:
    """One row of the table. pieces: what a text must hold, in this order. pipetask: the label it is about, ""
    for all. intensity: the share of a label's data products that may be lost."""

    component: str
    code: int
    name: str
    pieces: tuple[str, ...]
    pipetask: str
    tickets: str
    resolved: bool
    rescue: bool
    intensity: float


@dataclass(frozen=True)
class Error:
    """text: what was said."""

    component: str
    code: int | str
    text: str


NO_ERROR = Error("", 0, "")


@dataclass(frozen=True)
class Failure:
    """A failed job. label: of its task. errors: all it has; the first that the table knows is what failed.
    is_cluster: its label stands for several pipetasks, any of which may have failed."""

    pandaid: int
    label: str
    errors: tuple[Error, ...]
    is_cluster: bool = False


@dataclass(frozen=True)
class Judged:
    """Failures of one label that the table takes as one. pattern: None, it knows none. pandaids: the jobs.
    total: products of the label."""

    component: str
    code: int | str
    label: str
    pattern: Pattern | None
    pandaids: tuple[int, ...]
    total: int
    example: str

    @property
    def count(self) -> int:
        return len(self.pandaids)

    @property
    def returned(self) -> bool:
        """It was taken to be resolved."""
        return self.pattern is not None and self.pattern.resolved

    @property
    def verdict(self) -> Verdict:
        if self.pattern is None or self.returned:
            return Verdict.REVIEW
        if self.pattern.rescue:
            return Verdict.RESCUE
        return Verdict.REVIEW if self.count > self.pattern.intensity * self.total else Verdict.ACCEPTED

    @property
    def reason(self) -> str:
        """The same in words."""
        if self.pattern is None:
            return "the table does not know it"
        if self.returned:
            return "it was resolved and is back"
        if self.pattern.rescue:
            return "a rescue helps"
        more = "more" if self.verdict is Verdict.REVIEW else "no more"
        return f"{self.count} of {self.total} lost, {more} than {100 * self.pattern.intensity:g} %"


def pieces(pattern: str) -> tuple[str, ...]:
    """What stands between the `.*` of a pattern, blanks made one. Nothing else is special in it, as operators
    quote messages with their brackets; so a comparison takes no longer than reading the text.

    Raises:
        ValueError: there is nothing to look for, too much, or what would be read otherwise than meant.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"at most {LONGEST_PATTERN} characters")
    if strange := _NOT_READ.search(pattern):
        raise ValueError(f"only .* is special in a pattern, not {strange.group()}")
    found = (_ESCAPED.sub(r"\1", _SPACES.sub(" ", piece)).strip() for piece in _ANYTHING.split(pattern))
    told = tuple(piece for piece in found if piece)
    if not told:
        raise ValueError("a text to look for")
    return told


def holds(text: str, wanted: Iterable[str]) -> bool:
    """Whether a text has all pieces one after the other."""
    place, text = 0, " ".join(text[:LONGEST_TEXT].split())
    for piece in wanted:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def judged(
    failures: Iterable[Failure], table: Iterable[Pattern], totals: Mapping[str, int]
) -> Iterator[Judged]:
    """Failures by what they are, the worst first. totals: data products by label."""
    by_code: dict[tuple[str, int | str], list[Pattern]] = {}
    for row in table:
        by_code.setdefault((row.component, row.code), []).append(row)
    jobs: dict[Key, list[int]] = {}
    texts: dict[Key, str] = {}
    for one in failures:
        error, known = _known_as(one, by_code)
        key = (error.component, error.code, one.label, known)
        jobs.setdefault(key, []).append(one.pandaid)
        texts.setdefault(key, error.text)
    found = (Judged(*key, tuple(ids), totals.get(key[2], 0), texts[key]) for key, ids in jobs.items())
    order = list(Verdict)
    return iter(
        sorted(found, key=lambda one: (-order.index(one.verdict), -one.count, one.label, str(one.code)))
    )


def _known_as(
    failure: Failure, by_code: Mapping[tuple[str, int | str], list[Pattern]]
) -> tuple[Error, Pattern | None]:
    """A row about its label comes before one about all."""
    labels = ("", failure.label)
    for error in failure.errors:
        rows = by_code.get((error.component, error.code), ())
        about = (row for row in rows if failure.is_cluster or row.pipetask in labels)
        fitting = [row for row in about if holds(error.text, row.pieces)]
        if fitting:
            return error, min(fitting, key=lambda row: (row.pipetask == "", row.name))
    return next(iter(failure.errors), NO_ERROR), None


def verdict(found: Iterable[Judged]) -> Verdict:
    """Of a whole workflow: the worst."""
    order = list(Verdict)
    return max((one.verdict for one in found), key=order.index, default=Verdict.ACCEPTED)
