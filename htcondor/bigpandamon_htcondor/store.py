"""Records of batch jobs into the plugin's tables: each known job once, by its newest record.

Rows of a request are written in the order of their ids, so that two who write at once do not wait for each
other; a job that somebody else adds meanwhile makes its group be read and written again.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DataError, IntegrityError, connections, transaction

from bigpandamon_htcondor.attributes import AHEAD, ID_FORM, columns, moment, observed
from bigpandamon_htcondor.models import BatchJob, PandaLink
from bigpandamon_htcondor.spelling import merged, panda_ids, usual
from bigpandamon_htcondor.states import ALIVE

Ad = dict[str, Any]
ALIAS = "default"
GROUP_ROWS, STATEMENT_ROWS = 500, 100
OK, MISSING_FIELD, NOT_SAVED, NOT_UPDATED = 0, 10, 20, 30
"""Codes of the API of 2014."""
MOST_SIGNS = 100_000
"""Of one job's attributes as JSON: where nothing else is said, a statement may have 16 MB."""
TOO_LONG = f"its attributes are longer than {MOST_SIGNS:,} signs"
COLUMNS = tuple(one.name for one in BatchJob._meta.fields if not one.primary_key)


@dataclass(frozen=True)
class Refusal:
    """An item that was not stored. index: its place in the request."""

    index: int
    globaljobid: str
    code: int
    reason: str


@dataclass
class Stored:
    """stored: how many items are in the tables now, also where older than what was there. added, changed:
    how many jobs are new, and how many known ones the items changed."""

    stored: int = 0
    added: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, items: Iterable["Item"], code: int, reason: str) -> None:
        self.refused += [Refusal(one.index, one.globaljobid, code, reason) for one in items]


@dataclass(frozen=True)
class Item:
    """A record under usual names. pandaids: the PanDA jobs it belongs to."""

    index: int
    globaljobid: str
    ad: Ad
    pandaids: tuple[int, ...]


def store(records: Sequence[Any], now: datetime, only_known: bool = False) -> Stored:
    """Write records; one that is older than what is known fills gaps only.

    only_known: refuse jobs that are not there yet.
    """
    done = Stored()
    by_id: dict[str, list[Item]] = {}
    for index, record in enumerate(records):
        item = _read(index, record, done)
        if item:
            by_id.setdefault(item.globaljobid, []).append(item)
    ids = sorted(by_id)
    for begin in range(0, len(ids), GROUP_ROWS):
        group = {one: by_id[one] for one in ids[begin : begin + GROUP_ROWS]}
        _write(group, now, only_known, done)
    done.refused.sort(key=lambda one: one.index)
    return done


def _read(index: int, record: Any, done: Stored) -> Item | None:
    """The item, or a refusal."""
    ad = usual(record) if isinstance(record, Mapping) else {}
    named = str(ad.get("GlobalJobId") or "").strip()
    nothing = Item(index, named[:255], ad, ())
    if not ID_FORM.fullmatch(named):
        what = "an object with globaljobid is wanted" if not named else "globaljobid is no visible ASCII text"
        done.refuse([nothing], MISSING_FIELD, what)
        return None
    try:
        pandaids = panda_ids(ad.get("wmsid"))
    except ValueError as error:
        done.refuse([nothing], MISSING_FIELD, f"wmsid: {error}")
        return None
    return Item(index, named, ad | {"GlobalJobId": named}, tuple(pandaids))


def _write(
    group: Mapping[str, list[Item]], now: datetime, only_known: bool, done: Stored, again: bool = True
) -> None:
    """All of a group, in halves where the database refuses it, so that only what is wrong is left out. again:
    whether a job that another writer stored meanwhile is read and written once more."""
    try:
        with transaction.atomic(using=ALIAS):
            written = _put(group, now, only_known)
    except (IntegrityError, DataError, RecursionError) as error:
        known = len(group) == 1 and BatchJob.objects.using(ALIAS).filter(pk__in=group).exists()
        if known and again and isinstance(error, IntegrityError):
            _write(group, now, only_known, done, again=False)
        elif len(group) == 1:
            items = next(iter(group.values()))
            done.refuse(items, NOT_UPDATED if known else NOT_SAVED, str(error)[:200])
        else:
            for half in _halves(group):
                _write(half, now, only_known, done)
        return
    done.added += written.added
    done.changed += written.changed
    for name, items in group.items():
        if name in written.left_out:
            done.refuse(items, NOT_UPDATED, written.left_out[name])
        else:
            done.stored += len(items)


def _halves(group: Mapping[str, list[Item]]) -> Iterator[dict[str, list[Item]]]:
    names = sorted(group)
    middle = len(names) // 2
    yield from ({name: group[name] for name in half} for half in (names[:middle], names[middle:]))


@dataclass(frozen=True)
class _Written:
    """What became of a group. left_out: by job why."""

    added: int
    changed: int
    left_out: Mapping[str, str]


def _put(group: Mapping[str, list[Item]], now: datetime, only_known: bool) -> _Written:
    """Write a group; inside of a transaction, which keeps what is locked."""
    jobs = BatchJob.objects.using(ALIAS)
    locked = jobs.select_for_update().filter(pk__in=list(group)).order_by("pk")
    known = {row[0]: Known(*row[1:]) for row in locked.values_list("pk", *Known._fields)}
    left_out = {name: "no such job is known" for name in group if only_known and name not in known}
    told = {name: items for name, items in group.items() if name not in left_out}
    folded = {name: fold(known.get(name), name, items, now) for name, items in told.items()}
    rows = {name: row for name, row in folded.items() if row}
    left_out |= {name: TOO_LONG for name, row in rows.items() if len(row.attributes) > MOST_SIGNS}
    added = [row for name, row in rows.items() if name not in known and name not in left_out]
    changed = [row for name, row in rows.items() if name in known and name not in left_out]
    jobs.bulk_create(added, batch_size=STATEMENT_ROWS)
    _update(changed)
    _link(
        {
            name: {one for item in group[name] for one in item.pandaids}
            for name in told
            if name not in left_out
        }
    )
    return _Written(len(added), len(changed), left_out)


def _update(rows: list[BatchJob]) -> None:
    """One statement a group where the database has one for it."""
    jobs = BatchJob.objects.using(ALIAS)
    features = connections[ALIAS].features
    if not features.supports_update_conflicts:
        jobs.bulk_update(rows, COLUMNS, STATEMENT_ROWS)
        return
    unique = ["globaljobid"] if features.supports_update_conflicts_with_target else None
    jobs.bulk_create(rows, STATEMENT_ROWS, update_conflicts=True, update_fields=COLUMNS, unique_fields=unique)


def _link(wanted: Mapping[str, set[int]]) -> None:
    """Add the PanDA jobs that are not linked yet; nobody else does at once, for the jobs' rows are ours."""
    named = {name: ids for name, ids in wanted.items() if ids}
    links = PandaLink.objects.using(ALIAS)
    there = set(links.filter(globaljobid__in=named).values_list("globaljobid", "pandaid")) if named else set()
    pairs = [(name, one) for name, ids in named.items() for one in sorted(ids)]
    links.bulk_create(
        [PandaLink(globaljobid=name, pandaid=one) for name, one in pairs if (name, one) not in there]
    )


class Known(NamedTuple):
    """What is in the table of a job, as far as a further record needs it."""

    attributes: str
    observed: datetime
    removed: datetime | None


def fold(known: Known | None, name: str, items: Sequence[Item], now: datetime) -> BatchJob | None:
    """A job with further records of it, None where they change nothing.

    A record without a time, or from the future, is of when it came, but moves no clock: those of schedulers
    and ours differ.
    """
    latest = now + AHEAD
    ad: Ad = json.loads(known.attributes) if known else {}
    before, at = dict(ad), known.observed if known and known.observed <= latest else None
    for item in items:
        told = observed(item.ad) or (None if at else moment(item.ad.get("QDate")))
        seen = told if told and told <= latest else at or now
        ad = merged(ad, item.ad, newer=at is None or seen >= at)
        at = max(seen, at or seen)
    if known and ad == before and at == known.observed:
        return None
    row = BatchJob(
        globaljobid=name,
        observed=at,
        received=now,
        removed=_removed(ad, known, at or now),
        attributes=json.dumps(ad),
        **columns(ad, latest),
    )
    row.since = _since(row)
    return row


def _since(row: BatchJob) -> datetime:
    """Since when it is as it is, as far as that is told, and when it was received at the latest."""
    told = row.entered or row.ended or row.received
    if row.removed and row.state in ALIVE:
        told = max(told, row.removed)
    return min(told, row.received)


def _removed(ad: Ad, known: Known | None, at: datetime) -> datetime | None:
    told = ad.get("Removed")
    if not told or str(told).lower() in ("0", "false", "no"):
        return None
    when = None if str(told).lower() in ("1", "true", "yes") else moment(told)
    return when or (known.removed if known else None) or at
