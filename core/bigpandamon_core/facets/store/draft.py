"""The next generation while it is made: its new files are written, and not seen before its manifest is."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from bigpandamon_core.facets.batch import PLACE, Place
from bigpandamon_core.facets.columns import MODIFIED, PANDAID
from bigpandamon_core.facets.store import parts, words
from bigpandamon_core.facets.store.files import File
from bigpandamon_core.facets.store.manifest import PartEntry
from bigpandamon_core.facets.store.merging import joined
from bigpandamon_core.facets.store.numbers import ABSENT, SECOND, Array
from bigpandamon_core.facets.store.parts import Part
from bigpandamon_core.facets.store.rows import Chosen, Coded, Joined, Recoded, Rows, numbers
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.store.words import GrowingWords, Words

MOST_WORD_FILES = 16
MOST_SUPERSEDED = 1 / 8
"""Share of rows that count no more from which a part is written again."""
_DAY = 86_400 * SECOND
_EPOCH = date(1970, 1, 1)


@dataclass
class OpenDay:
    """A day that may change. files: of its words. added: rows on their way into a part."""

    words: GrowingWords
    files: tuple[File, ...] = ()
    parts: list[Part] = field(default_factory=list)
    added: list[Rows] = field(default_factory=list)

    def supersede(self, pandaids: Array) -> None:
        for place, part in enumerate(self.parts):
            found = part.places_of(pandaids)
            if len(found):
                self.parts[place] = part.without(found)

    def written(self, folder: Path, name: str, eagerness: int) -> tuple[PartEntry, ...]:
        """The day's parts; added rows and parts to be joined with them are in a new one of this name."""
        sizes = [len(part) - len(part.entry.superseded) for part in self.parts]
        again = {*joined(sizes, sum(map(len, self.added)), eagerness), *self._worn()}
        rows = Joined([*(Chosen(self.parts[place], self.parts[place].alive) for place in again), *self.added])
        kept = [part.entry for place, part in enumerate(self.parts) if place not in again]
        return (*kept, parts.write(folder, name, rows, self.words)) if len(rows) else tuple(kept)

    def _worn(self) -> list[int]:
        shares = [len(part.entry.superseded) / len(part) for part in self.parts]
        return [place for place, share in enumerate(shares) if share > MOST_SUPERSEDED]

    def save_words(self, folder: Path, name: str) -> tuple[File, ...]:
        """The files of the day's words; one of this name has what is new, or everything if they are many."""
        added = self.words.added()
        if not added:
            return self.files
        kept = self.files if len(self.files) < MOST_WORD_FILES else ()
        written = words.write(folder, name, added if kept else self.words.all())
        self.words.saved()
        return (*kept, written)


class Draft:
    """known: words of days from earlier publications, so that they are not read again; they grow with what is
    added, and are of no use when the draft is not published."""

    def __init__(self, current: Snapshot | None, known: dict[date, GrowingWords]):
        self._current = current
        self._known = known
        self.days: dict[date, OpenDay] = {}
        for entry in current.manifest.days if current else ():
            self.days[entry.day] = OpenDay(self._words(entry.day), entry.words)
        for part in current.ended if current else ():
            self.days[part.day].parts.append(part)

    def _words(self, day: date) -> GrowingWords:
        if day not in self._known:
            known = self._current.days.get(day) if self._current else None
            self._known[day] = GrowingWords(known or Words())
        return self._known[day]

    def day(self, day: date) -> OpenDay:
        return self.days.setdefault(day, OpenDay(self._words(day)))

    def drop_before(self, oldest: date) -> None:
        for day in [day for day in self.days if day < oldest]:
            del self.days[day]
            self._known.pop(day, None)

    def add_ended(self, changes: Any, oldest: date) -> None:
        """Replay changes of jobs, the newest row of each: ended ones by day, none that is older."""
        pandaids = numbers(changes[PANDAID])
        for each in self.days.values():
            each.supersede(pandaids)
        modified = numbers(changes[MODIFIED])
        ended = (_places(changes) == Place.ARCHIVED) & (modified != ABSENT)
        days = modified // _DAY
        for number in np.unique(days[ended]).tolist():
            day = _EPOCH + timedelta(days=number)
            if day >= oldest:
                self.day(day).added.append(
                    Coded(_rows(changes, ended & (days == number)), self.day(day).words)
                )

    def live_rows(self, changes: Any, day: date) -> Rows | None:
        """The rows of live jobs after the changes, coded by a day's words; None if they are as they were."""
        found = _rows(changes, _places(changes) <= Place.ACTIVE)
        live = self._current.live if self._current else None
        added = Coded(found, self.day(day).words)
        if live is None:
            return added
        gone = live.places_of(numbers(changes[PANDAID]))
        if live.day == day and len(gone) == len(added) == 0:
            return None
        return Joined([self._kept(live, gone, day), added])

    def _kept(self, live: Part, gone: Array, day: date) -> Rows:
        kept = Chosen(live, np.delete(np.arange(len(live)), gone))
        if live.day == day or self._current is None:
            return kept
        return Recoded(kept, self._current.days[live.day], self.day(day).words)


def _places(changes: Any) -> Array:
    return np.asarray(changes[PLACE])


def _rows(changes: Any, chosen: Array) -> Any:
    return changes.filter(pa.array(chosen))
