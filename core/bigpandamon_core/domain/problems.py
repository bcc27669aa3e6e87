"""What is wrong with a request, told so that its reader can mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Problem(Exception):
    """A request that cannot be answered as asked.

    what: one sentence. where: the path or file it is about, else the parameter. remedy: what to do instead.
    status: HTTP status. code: a short stable word for programs. parameter: name of the offending parameter.
    body: what programs of the BigPanDA JSON API find there instead of the problem, None if that will do.
    beside: further keys of its JSON, by which programs of that address know it.
    """

    what: str
    where: str = ""
    remedy: str = ""
    status: int = 400
    code: str = "bad-request"
    parameter: str = ""
    retry_after_seconds: int = 0
    body: Any = None
    beside: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.where = self.where or self.parameter

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.remedy) if part)


def not_found(what: str, remedy: str = "") -> Problem:
    return Problem(what, remedy=remedy, status=404, code="not-found")


def unavailable(what: str, remedy: str = "", retry_after_seconds: int = 30) -> Problem:
    return Problem(
        what, remedy=remedy, status=503, code="unavailable", retry_after_seconds=retry_after_seconds
    )
