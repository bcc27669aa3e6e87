"""What an answer depends on, and the key it is kept under."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that two requests must have in common to get the same bytes.

    release: of the program. configuration: digest of the options with the active plugins. section: for people
    who look at kept files. resource: name of it at its mount. scope: what every record shown there fulfils.
    url: path of the address, which links on a page begin with. parameters: normalised. ignored: names that
    were not known, told in a header. representation: format, of a page with its theme. audience: who may see
    it. edition: version of the content; where a window moves with the clock, its rounded ends.

    The edition is not part of the key but stands in the entry: a newer edition takes the place of the older
    one, and the last good answer is found when none can be made.
    """

    release: str
    configuration: str
    section: str
    resource: str
    scope: str
    url: str
    parameters: Pairs
    ignored: tuple[str, ...]
    representation: str
    audience: str
    edition: str = ""

    def key(self, secret: bytes) -> str:
        """32 hexadecimal digits. secret: of the instance, so that nobody else can name a key."""
        parts = (
            *(self.release, self.configuration, self.section, self.resource, self.scope, self.url),
            *(self.parameters, self.ignored, self.representation, self.audience),
        )
        return hashlib.blake2b(json.dumps(parts).encode(), key=secret, digest_size=16).hexdigest()


def secret_of(secret_key: str) -> bytes:
    """A secret for keys and seals from the key of the instance."""
    return hashlib.blake2b(secret_key.encode(), person=b"caching", digest_size=32).digest()


def normalised(pairs: Iterable[tuple[str, str]], steering: frozenset[str]) -> Pairs:
    """Parameters of a resource without a language of its own: names in lower case and in order, of a repeated
    name the last, without those that only steer how the answer leaves."""
    last = {name.lower(): value for name, value in pairs}
    return tuple(sorted((name, value) for name, value in last.items() if name not in steering))
