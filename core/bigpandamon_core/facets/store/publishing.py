"""Replaying batches into a folder, one generation after the other."""

import fcntl
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from bigpandamon_core.facets.batch import Batch, decode
from bigpandamon_core.facets.columns import VERSION
from bigpandamon_core.facets.store import files, manifest, merging, parts
from bigpandamon_core.facets.store.draft import Draft
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.manifest import DayEntry, Manifest, PartEntry
from bigpandamon_core.facets.store.reading import opened
from bigpandamon_core.facets.store.rows import newest
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.words import GrowingWords

LOCK = "lock"
SUFFIXES = (".part", ".words", files.TEMPORARY)


class Busy(Exception):
    """Another process publishes in this folder."""


class Gap(Exception):
    """A batch between the last one that is published and the first one given is missing."""


class Publisher:
    """The only one that writes in a folder, which is made if it is not there.

    keep_days: how many days before the present one are kept.

    Raises:
        Busy: another process does.
    """

    def __init__(self, folder: Path, keep_days: int = 3):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._keep = timedelta(days=keep_days)
        self._words: dict[date, GrowingWords] = {}
        self._snapshot: Snapshot | None = None
        self._lock = (folder / LOCK).open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise Busy(f"another process publishes in {folder}") from None

    def __enter__(self) -> "Publisher":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._lock.close()

    def current(self) -> Snapshot | None:
        """What is published, None if nothing is.

        Raises:
            Damaged: it cannot be used: `discard` it and replay all batches.
            WrongVersion: the same, for a store of other columns.
        """
        if self._snapshot is None:
            self._snapshot = opened(self._folder)
        for file in self._snapshot.manifest.files if self._snapshot else ():
            if not (self._folder / file.name).exists():
                raise Damaged(file.name, "missing")
        return self._snapshot

    def publish(self, batches: Sequence[Batch], complete_since: datetime | None = None) -> Manifest:
        """Replay batches, in their order; those that are in the store already are passed over.

        complete_since: the batches up to the last of these tell of every job that ended since then. It must
        be given with the first batches of a store, which may have any number.

        Raises:
            Damaged, WrongVersion: as `current`; WrongVersion also for a batch.
            Gap: a batch is missing before one of them.
            OSError: it could not be written. What was published before stays.
        """
        current = self.current()
        fresh = _following(batches, current.manifest.batch if current else None)
        head = self._head(fresh, complete_since)
        if current and not fresh and head.complete_since == current.manifest.complete_since:
            return current.manifest
        changes = newest([decode(batch.data) for batch in fresh]) if fresh else None
        return self._publish(
            head, changes, lambda day: merging.OPEN if day == head.live_day else merging.CLOSED
        )

    def compact(self) -> Manifest:
        """Join the parts of each day into one. ValueError where nothing is published, else as `current`."""
        self.current()
        return self._publish(self._head((), None), None, lambda _day: merging.WHOLE)

    def check(self) -> None:
        """Look at every byte that is published. Raises as `current`."""
        self._snapshot = None
        self.current()

    def discard(self) -> None:
        """Publish nothing any more: the next batches begin another store."""
        (self._folder / manifest.NAME).unlink(missing_ok=True)
        files.sync(self._folder)
        self._snapshot, self._words = None, {}

    def _head(self, fresh: Sequence[Batch], complete_since: datetime | None) -> Manifest:
        """The next manifest, without its files."""
        before = self._snapshot.manifest if self._snapshot else None
        if before is None:
            if not fresh or complete_since is None:
                raise ValueError("a store begins with a batch and with the moment since which it is complete")
            day = fresh[-1].as_of.date()
            before = Manifest(
                VERSION, secrets.token_hex(4), 0, 0, fresh[0].as_of, complete_since, (), day, None
            )
        as_of = fresh[-1].as_of if fresh else before.as_of
        live_day = max(before.live_day, as_of.date())
        return replace(
            before,
            generation=before.generation + 1,
            batch=fresh[-1].number if fresh else before.batch,
            as_of=as_of,
            complete_since=max(complete_since or before.complete_since, _begin(live_day - self._keep)),
            live_day=live_day,
        )

    def _publish(self, head: Manifest, changes: Any, eagerness: Callable[[date], int]) -> Manifest:
        known, self._words = self._words, {}  # they grow: what fails half-way must not use them again
        before = self._snapshot
        draft = Draft(before, known)
        made = self._written(draft, head, changes, eagerness)
        read_back = Snapshot(self._folder, made, before)
        manifest.publish(self._folder, made)
        self._snapshot, self._words = read_back, known
        self._clean(made, before.manifest if before else made)
        return made

    def _written(
        self, draft: Draft, head: Manifest, changes: Any, eagerness: Callable[[date], int]
    ) -> Manifest:
        prefix, oldest = f"{head.store}-{head.generation}", head.live_day - self._keep
        draft.drop_before(oldest)
        live = self._live(draft, head, changes, f"{prefix}-live.part")
        if changes is not None:
            draft.add_ended(changes, oldest)
        written = {
            day: each.written(self._folder, f"{prefix}-{day}.part", eagerness(day))
            for day, each in draft.days.items()
        }
        days = tuple(
            DayEntry(day, each.save_words(self._folder, f"{prefix}-{day}.words"), written[day])
            for day, each in sorted(draft.days.items())
        )
        return replace(head, days=days, live=live)

    def _live(self, draft: Draft, head: Manifest, changes: Any, name: str) -> PartEntry | None:
        words = draft.day(head.live_day).words
        rows = None if changes is None else draft.live_rows(changes, head.live_day)
        if rows is None:
            return head.live
        return parts.write(self._folder, name, rows, words) if len(rows) else None

    def _clean(self, made: Manifest, before: Manifest) -> None:
        """Remove what neither this generation nor the one before has."""
        wanted = {file.name for each in (made, before) for file in each.files}
        for path in self._folder.iterdir():
            if path.suffix in SUFFIXES and path.name not in wanted:
                path.unlink()


def _following(batches: Sequence[Batch], last: int | None) -> list[Batch]:
    fresh = [batch for batch in batches if last is None or batch.number > last]
    for batch in fresh:
        if last is not None and batch.number != last + 1:
            raise Gap(f"batch {batch.number} was given after {last}")
        last = batch.number
    return fresh


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min)
