"""Parts of an answer whose tables an installation may not have."""

from collections.abc import Callable
from typing import TypeVar

from bigpandamon_core.sources.reading import if_present

Found = TypeVar("Found")


class WithOptionalParts:
    """missing: the parts that were left out, in words."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def optional(self, what: str, read: Callable[[], Found], empty: Found) -> Found:
        """A part whose table may be absent: then it is empty and said to be."""

        def lacking() -> Found:
            self.lack(what)
            return empty

        return if_present(read, lacking)

    def lack(self, what: str) -> None:
        if what not in self.missing:
            self.missing.append(what)

    @property
    def lacking(self) -> list[str]:
        """The same as notes on a page."""
        return [f"This installation has no {what}." for what in self.missing]
