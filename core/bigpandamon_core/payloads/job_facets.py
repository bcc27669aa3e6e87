"""This host's facets, where they can answer a question about jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import iso
from bigpandamon_core.facets.columns import COLUMNS, STATE, WrongVersion, uncounted
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.manifest import Manifest
from bigpandamon_core.facets.store.reading import Store, Unpublished
from bigpandamon_core.facets.store.snapshot import Snapshot
from bigpandamon_core.facets.where import answerable
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.queries.last_attempts import looked_up
from bigpandamon_core.queries.lookups import resolve

_STATE = named(STATE)
SQL, FACETS = "sql", "facets"


@dataclass(frozen=True)
class Source:
    """Where jobs were counted. as_of: what changed up to there is in. why_not: why facets could not tell,
    "" where there are none. kept_days: closed days of which an earlier count was used."""

    name: str
    as_of: datetime
    why_not: str = ""
    kept_days: int = 0

    @property
    def told(self) -> str:
        """For people."""
        if self.name == FACETS:
            return f"counted in memory, as of {self.as_of:%H:%M:%S} UTC"
        why = f": {self.why_not}" if self.why_not else ""
        kept = f"; {self.kept_days} closed days as they were counted before" if self.kept_days else ""
        return f"counted in the PanDA database{why}{kept}"


@cache
def _store(folder: Path) -> Store:
    """One a process: its files stay mapped."""
    return Store(folder)


def manifest_of(folder: Path) -> Manifest | None:
    """What this host has published, None if that is nothing of use."""
    try:
        return _store(folder).current().manifest
    except (Unpublished, Damaged, WrongVersion):
        return None


def counted(
    call: Call, selection: Selection, fields: Sequence[Field], errors_in_all_states: bool = False
) -> tuple[Counted | None, Source]:
    """The jobs of a selection as facets count them, None where they cannot, and where they are counted.

    Raises:
        Problem: what the selection asks of other tables cannot be looked up.
    """
    try:
        snapshot = _store(call.option("facets.folder")).current()
    except Unpublished:
        return None, Source(SQL, call.now)
    except (Damaged, WrongVersion):
        return None, Source(SQL, call.now, "what this host kept of recent jobs is rebuilt")
    why_not = _too_old(call, snapshot) or uncounted(fields)
    if not why_not:
        selection = replace(selection, asked=(), extra=(looked_up(resolve(selection.condition)),))
        why_not = answerable(selection, COLUMNS, snapshot.manifest)
    if why_not:
        return None, Source(SQL, call.now, why_not)
    found = Counted(snapshot, selection, fields, call.now, errors_in_all_states)
    return found, Source(FACETS, snapshot.manifest.as_of)


def states(call: Call, selection: Selection) -> Mapping[str, int] | None:
    """Jobs of a selection by state as shown, None where facets cannot tell, or not yet for all of its window.
    Raises as `counted`."""
    found, source = counted(call, selection, _STATE)
    is_whole = selection.window is not None and selection.window.end <= source.as_of
    return found.states() if found and is_whole else None


def _too_old(call: Call, snapshot: Snapshot) -> str:
    as_of = snapshot.manifest.as_of
    oldest = timedelta(seconds=call.option("facets.oldest_seconds"))
    is_near = abs(call.now - as_of) <= oldest  # it lies ahead where a clock has been set back
    return "" if is_near else f"nothing was heard of changes since {iso(as_of)} UTC"
