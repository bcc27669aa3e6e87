"""From what was seen to what is known: only news is read whole, and all that follows from it is written at
once, in the order in which it is to be told."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db.models import F

from bigpandamon_core.domain.observations import Observation, newest, tells_more, visible
from bigpandamon_core.domain.states import FINAL
from bigpandamon_core.domain.window import now
from bigpandamon_core.facets.batch import PLACE, Place, encode
from bigpandamon_core.facets.columns import COLUMNS, PANDAID
from bigpandamon_core.follow import states
from bigpandamon_core.queries import changes
from bigpandamon_core.queries.jobs import IDENTITY, RECENT, name_of
from bigpandamon_core.rollups.contributions import Counter
from bigpandamon_core.rollups.declared import COLUMNS as ROLLED
from bigpandamon_core.rollups.following import Change
from bigpandamon_core.state.follow import FacetBatch, FollowPosition, FollowStatus
from bigpandamon_core.state.leases import Lease, fenced

SLICE_ROWS = 20_000
JOBS = "jobs"
_NAMES = tuple(COLUMNS)
_READ = (*_NAMES, *sorted({*ROLLED} - {*_NAMES}))
_ROLLED = (PANDAID, *ROLLED)
_identity = itemgetter(*map(_NAMES.index, IDENTITY))
_rolled = itemgetter(*map(_READ.index, _ROLLED))
Row = tuple[Any, ...]


@dataclass
class News:
    """Whole rows by pandaid, as they were read last, and jobs that are in no table any more. had_ended: those
    that were known to have."""

    rows: dict[int, tuple[Observation, Row]] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    had_ended: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.rows) + len(self.gone)

    def add(self, table: str, row: Row) -> None:
        seen = _observation(table, row)
        other = self.rows.get(seen.pandaid)
        if other is None or newest(seen, other[0]) is seen:
            self.rows[seen.pandaid] = seen, row

    def encoded(self) -> bytes:
        """As the bytes of a batch."""
        told = len(_NAMES)
        found = [(states.PLACES[seen.table], *row[:told]) for seen, row in self.rows.values()]
        gone = [(Place.GONE, *_nobody(pandaid)) for pandaid in self.gone]
        columns = zip(*found, *gone, strict=True)
        return encode(dict(zip((PLACE, *_NAMES), map(list, columns), strict=True)))

    def ended(self) -> Iterator[dict[str, Any]]:
        """What is counted of jobs that ended, by the names of columns."""
        gone = {*self.gone}
        for pandaid, (seen, row) in self.rows.items():
            if seen.jobstatus in FINAL and pandaid not in gone:
                yield dict(zip(_ROLLED, _rolled(row), strict=True))


def _observation(table: str, row: Row) -> Observation:
    pandaid, state, changed, modified = _identity(row)
    return Observation(pandaid, table, state or "", changed, modified)


def _nobody(pandaid: int) -> Row:
    return tuple(pandaid if name == PANDAID else None for name in _NAMES)


class Taking:
    """One read of PanDA on its way into the own database. counter: counts jobs that ended into bins.

    Raises:
        LeaseLost: from take and finish, when somebody else leads now; nothing of that slice is written.
    """

    def __init__(self, lease: Lease, counter: Counter):
        self._lease, self._counter = lease, counter
        self._pending = News()
        self._rows_read = 0
        self.changed = 0

    def take(self, seen: Iterable[Observation], anyway: Collection[int] = frozenset()) -> None:
        """Take in what is news. anyway: jobs whose known state is nowhere to be seen any more, so that an
        older one counts."""
        rest = iter(seen)
        while some := list(islice(rest, SLICE_ROWS)):
            self._write()
            self._rows_read += len(some)
            self._read_whole(self._news(some, anyway))

    def lose(self, pandaids: Collection[int]) -> None:
        """Jobs that are in no table any more."""
        self._pending.gone.extend(pandaids)

    def finish(self, **reached: Any) -> None:
        """Write the rest and how far it brought us: after this batch everything is of one moment.

        reached: `positions` by table, and fields of FollowStatus.
        """
        self._write(reached)

    def _read_whole(self, news: Iterable[Observation]) -> None:
        """Jobs that moved since they were seen are followed to where they are now."""
        places = {one.pandaid: one.table for one in news}
        while places:
            self._read_at(places)
            moved = visible(changes.with_numbers(places.keys() - self._pending.rows.keys()))
            places = {pandaid: one.table for pandaid, one in moved.items()}

    def _read_at(self, places: Mapping[int, str]) -> None:
        by_table: dict[str, list[int]] = {}
        for pandaid, table_name in places.items():
            by_table.setdefault(table_name, []).append(pandaid)
        for table in RECENT:
            for row in changes.whole(table, by_table.get(name_of(table), ()), _READ):
                self._pending.add(name_of(table), row)

    def _news(self, seen: Iterable[Observation], anyway: Collection[int]) -> Iterator[Observation]:
        newest_seen = visible(seen)
        known = states.known(newest_seen)
        for pandaid, one in newest_seen.items():
            other = known.get(pandaid)
            if other is None or pandaid in anyway or tells_more(one, other):
                if other and other.jobstatus in FINAL:
                    self._pending.had_ended.add(pandaid)
                yield one

    def _write(self, whole: Mapping[str, Any] | None = None) -> None:
        """Everything pending in one transaction. whole: what the end of a read has reached."""
        news = self._pending
        if not news and whole is None:
            return
        payload = news.encoded() if news else b""
        contributions = self._counter.counted(news.ended())
        with fenced(self._lease):
            had_ended = news.had_ended & news.rows.keys()  # what was not found again is still as it is noted
            change = Change(_closed_before(), contributions, {*had_ended, *news.gone})
            states.write((seen for seen, _ in news.rows.values()), change.noted)
            states.write_gone(news.gone)
            counts = {"changes": len(news), "rows_read": self._rows_read, "bins": change.bins}
            status = _advanced(counts, whole or {})
            FacetBatch.objects.create(
                id=status.last_batch,
                made_at=now(),
                as_of=status.as_of,
                complete_since=status.complete_since,
                whole=whole is not None,
                rows=len(news),
                payload=payload,
            )
        self.changed += len(news)
        self._pending, self._rows_read = News(), 0


def _closed_before() -> datetime | None:
    found: datetime | None = FollowStatus.objects.values_list("closed_before", flat=True).get(name=JOBS)
    return found


def _advanced(counts: Mapping[str, int], reached: Mapping[str, Any]) -> FollowStatus:
    """How far following is, with so many more changes, rows read, and rows of bins."""
    fields = dict(reached)
    for table, moment in fields.pop("positions", {}).items():
        FollowPosition.objects.update_or_create(table=table, defaults={"moment": moment})
    rows = FollowStatus.objects.filter(name=JOBS)
    more = {name: F(name) + count for name, count in counts.items()}
    rows.update(last_batch=F("last_batch") + 1, **more, **fields)
    return rows.get()
