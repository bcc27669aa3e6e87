"""Numbers of the combinations of values that occur: each is in the own database once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from bigpandamon_core.queries.where import batched
from bigpandamon_core.rollups.declared import BY_NUMBER, Values
from bigpandamon_core.state.rollups import RollupKey

Key = tuple[int, Values]
MOST_REMEMBERED = 300_000
WRITTEN_AT_ONCE = 1000


class Keys:
    """Remembers the numbers it has met; they never change.

    New combinations are written outside of any transaction of the caller's: to have one that nobody uses does
    no harm, to remember one that was rolled back would.
    """

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}

    def numbers(self, wanted: Iterable[Key]) -> Mapping[Key, int]:
        """The number of each, and of others."""
        if len(self._numbers) > MOST_REMEMBERED:
            self._numbers = {}
        known = self._numbers
        missing = {digest(key): key for key in {key for key in wanted if key not in known}}
        if missing:
            self._numbers.update(_numbered(missing))
        return self._numbers


def digest(key: Key) -> str:
    return hashlib.blake2b(repr(key).encode(), digest_size=16).hexdigest()


def _numbered(missing: Mapping[str, Key]) -> Iterator[tuple[Key, int]]:
    found = dict(_known(missing))
    new = [_row(digest, key) for digest, key in missing.items() if digest not in found]
    RollupKey.objects.bulk_create(new, WRITTEN_AT_ONCE, ignore_conflicts=True)
    found.update(_known(row.digest for row in new))
    return ((missing[digest], number) for digest, number in found.items())


def _known(digests: Iterable[str]) -> Iterator[tuple[str, int]]:
    for some in batched(tuple(digests)):
        yield from RollupKey.objects.filter(digest__in=some).values_list("digest", "id")


def _row(digest: str, key: Key) -> RollupKey:
    rollup, values = key
    return RollupKey(
        rollup=rollup, digest=digest, **dict(zip(BY_NUMBER[rollup].dimensions, values, strict=True))
    )
