"""What of a person's data is shown to callers who have not shown who they are."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from bigpandamon_core.domain.job_errors import DIAG_COLUMNS
from bigpandamon_core.domain.text import NOT_SPECIFIED, is_absent

NAMES = ("produsername", "username", "user")
"""Columns that hold a user's name."""
NEVER = ("produserid", "dn", "email")
"""Certificate subjects, addresses: absent for anonymous callers."""
SPEAKING = ("jobname", "taskname", "proddblock", "dispatchdblock", "destinationdblock", *DIAG_COLUMNS)
"""Columns of texts that often hold a user's name."""


class Anonymous(StrEnum):
    NAMES = "names"
    PSEUDONYMS = "pseudonyms"
    NONE = "none"


@dataclass(frozen=True)
class Privacy:
    """How names are told. mode: names, pseudonyms or none. secret: keeps pseudonyms from being guessed."""

    mode: Anonymous = Anonymous.NAMES
    secret: str = ""

    @property
    def hides_names(self) -> bool:
        return self.mode is not Anonymous.NAMES

    @property
    def hidden(self) -> frozenset[str]:
        """Columns of which the caller sees other values than the stored ones, or none."""
        return frozenset(NEVER + NAMES) if self.hides_names else frozenset(NEVER)

    def name(self, name: object) -> object:
        """A user's name as this caller sees it; absent stays absent, also where that is told in words."""
        if is_absent(name) or name == NOT_SPECIFIED or self.mode is Anonymous.NAMES:
            return name
        if self.mode is Anonymous.NONE:
            return ""
        return "user-" + blake2b(str(name).encode(), key=self.secret.encode()[:64], digest_size=5).hexdigest()

    def text(self, text: str, name: object) -> str:
        """A text that may speak of the user of that name, with the name told this way."""
        if not self.hides_names or is_absent(name):
            return text
        return text.replace(str(name), str(self.name(name)) or "(name not shown)")

    def refuses(self, column: str, value: str) -> bool:
        """Whether asking for this value of a column would find out what is hidden: hidden values, and parts
        of texts that hold them."""
        return column in self.hidden or (self.hides_names and column in SPEAKING and "*" in value)

    def row(self, row: dict[str, Any], user: object = None) -> dict[str, Any]:
        """A record with names told this way, also where its texts hold them, and everything else personal
        taken out; changes the record. user: whom it belongs to, where it does not say so itself."""
        for column in NEVER:
            if column in row:
                row[column] = None
        if self.hides_names:
            self._without_names(row, user)
        return row

    def _without_names(self, row: dict[str, Any], user: object) -> None:
        stored = [name for name in (user, *map(row.get, NAMES)) if not is_absent(name)]
        for column, value in row.items():
            if column in NAMES:
                row[column] = self.name(value)
            elif isinstance(value, str):
                for name in stored:
                    row[column] = self.text(row[column], name)
