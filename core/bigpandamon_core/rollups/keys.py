"""Numbers of the combinations of values that occur: each is in the own database once."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import Exists, OuterRef

from bigpandamon_core.queries.where import batched, in_chunks
from bigpandamon_core.rollups.declared import BY_NUMBER, Values
from bigpandamon_core.state.rollups import RollupBin, RollupKey, RollupRebuild, RollupSample

Key = tuple[int, Values]
MOST_REMEMBERED = 300_000
WRITTEN_AT_ONCE = 1000
LOOKED_AT_ONCE = 20_000


class Keys:
    """Remembers the numbers it has met; they never change while nobody removes them.

    New combinations are written outside of any transaction of the caller's: to have one that nobody uses does
    no harm, to remember one that was rolled back would.
    """

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}

    def forget(self) -> None:
        self._numbers = {}

    def numbers(self, wanted: Iterable[Key]) -> Mapping[Key, int]:
        """The number of each, and of others."""
        if len(self._numbers) > MOST_REMEMBERED:
            self._numbers = {}
        known = self._numbers
        missing = {digest(key): key for key in {key for key in wanted if key not in known}}
        if missing:
            self._numbers.update(_numbered(missing))
        return self._numbers


def remove_unused(after: int) -> int:
    """Remove what no bin has among the next keys: nodes come and go, their bins do not stay. Returns up to
    which number was looked, 0 at the end.

    For the transaction of whoever fills bins, who remembers no number afterwards. A rebuild may be about to
    use any: while one is planned nothing is removed.
    """
    if RollupRebuild.objects.exists():
        return after
    keys = RollupKey.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)
    last = next(iter(keys[LOOKED_AT_ONCE - 1 : LOOKED_AT_ONCE]), 0)
    bins = (RollupBin.objects.filter(key=OuterRef("id")), RollupSample.objects.filter(key=OuterRef("id")))
    unused = keys.filter(*(~Exists(each) for each in bins), **({"id__lte": last} if last else {}))
    for some in in_chunks(list(unused)):
        RollupKey.objects.filter(id__in=some).delete()
    return last


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
