"""A Selection over coded columns: whether they can answer it, and which rows it has."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np

from bigpandamon_core.domain.conditions import All, between, one_of
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import CLOCKS_DIFFER, RECENT_DAYS, Window, iso
from bigpandamon_core.facets.columns import MODIFIED, STATE, FacetColumn, unanswered
from bigpandamon_core.facets.masks import asked, chosen
from bigpandamon_core.facets.store.manifest import Manifest
from bigpandamon_core.facets.store.numbers import microseconds
from bigpandamon_core.facets.store.parts import Part
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.stretches import Stretch, whole


def answerable(selection: Selection, columns: Mapping[str, FacetColumn], manifest: Manifest) -> str:
    """Why the store cannot tell which jobs the selection has, "" if it can. Look-ups are resolved before."""
    if selection.window is None:
        return "it reaches over all time"
    begin = _earliest(selection.window)
    if begin < manifest.complete_since:
        return f"it begins before {iso(manifest.complete_since)}, since when recent jobs are kept"
    if selection.get("noarchjobs") == "1" and begin < manifest.as_of - timedelta(days=RECENT_DAYS):
        return "it leaves out the long-term archive"
    return unanswered(selection.condition, columns)


def _earliest(window: Window) -> datetime:
    """The earliest modificationtime that an ended job of the window may have."""
    return window.begin if window.column == MODIFIED else window.begin - CLOCKS_DIFFER


def select(snapshot: Snapshot, selection: Selection) -> list[Stretch]:
    """The rows of an answerable selection. Live jobs are bound by its window only if that says so.

    Raises:
        ValueError: it is not answerable.
    """
    window = selection.window
    if window is None:
        raise ValueError("a selection without a window")
    within = All((between(window.column, window.begin, window.end), selection.condition))
    of_ended = selection.condition if window.column == MODIFIED else within
    of_live = within if window.bounds_active else selection.condition
    ended = asked(of_ended, snapshot)
    live = ended if of_live == of_ended else asked(of_live, snapshot)
    found = [chosen(rows, ended).alive() for part in snapshot.ended for rows in _within(part, window)]
    found += [chosen(rows, live).alive() for rows in (whole(snapshot.live) if snapshot.live else ())]
    return [rows for rows in found if len(rows)]


def stated(snapshot: Snapshot, rows: Iterable[Stretch], states: Collection[str]) -> list[Stretch]:
    """Those of selected rows whose state, as stored, is one of these. Where a stretch has no other state its
    rows are not looked at one by one."""
    ask = asked(one_of(STATE, tuple(states)), snapshot)
    found = (some if _has_only(snapshot, some, states) else chosen(some, ask) for some in rows)
    return [some for some in found if len(some)]


def _has_only(snapshot: Snapshot, rows: Stretch, states: Collection[str]) -> bool:
    values = snapshot.values(STATE)
    numbers = values.by_day[rows.part.day]
    met = numbers[np.flatnonzero(rows.counts(STATE, len(numbers)))]
    return all(values.values[number] in states for number in met.tolist())


def _within(part: Part, window: Window) -> Iterator[Stretch]:
    """The rows whose modificationtime allows that they are in the window; they stand together."""
    for rows in whole(part):
        times = rows.numbers(MODIFIED)
        first = times.least(microseconds(_earliest(window)))
        last = times.most(microseconds(window.end)) if window.column == MODIFIED else times.absent - 1
        if first <= last:
            start = np.searchsorted(times.stored, times.stored.dtype.type(first))
            stop = np.searchsorted(times.stored, times.stored.dtype.type(last), side="right")
            yield rows.between(int(start), int(stop))
