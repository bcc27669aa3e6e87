"""What of a person's data is shown to callers who have not shown who they are."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from bigpandamon_core.domain.text import is_absent

NAMES = ("produsername", "username", "user")
"""Columns that hold a user's name."""
NEVER = ("produserid", "dn", "email")
"""Certificate subjects, addresses: absent for anonymous callers."""


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

    def name(self, name: object) -> object:
        """A user's name as this caller sees it; absent stays absent."""
        if is_absent(name) or self.mode is Anonymous.NAMES:
            return name
        if self.mode is Anonymous.NONE:
            return ""
        return "user-" + blake2b(str(name).encode(), key=self.secret.encode()[:64], digest_size=5).hexdigest()

    def row(self, row: dict[str, Any]) -> dict[str, Any]:
        """A record with names told this way and everything else personal taken out; changes the record."""
        for column in NEVER:
            if column in row:
                row[column] = None
        if self.hides_names:
            for column in NAMES:
                if column in row:
                    row[column] = self.name(row[column])
        return row
