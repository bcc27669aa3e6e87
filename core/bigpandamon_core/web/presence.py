"""Which families of PanDA tables, and which tables of plugins, are there, as far as what is shown needs them.

What was found once is taken to be there; what was not is looked for again after some seconds, so that an
installation that gains tables, or a database that was down at start, needs no restart.
"""

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic
from types import MappingProxyType

from django.db import Error

from bigpandamon_core.panda.families import Presence, family_presence
from bigpandamon_core.sections.registry import Mounted, Registry
from bigpandamon_core.state.pending import OWN, label_of, pending_of
from bigpandamon_core.web.aside import refuse_to_make

AGAIN_SECONDS = 10.0
_found: dict[str, tuple[Presence, float]] = {}
_migrated: dict[str, tuple[bool, float]] = {}


def forget() -> None:
    """Look for every family and application anew."""
    _found.clear()
    _migrated.clear()


def state_of(family: str) -> Presence:
    """The state of a family; PRESENT while the database does not answer, for then the read itself says so."""
    known, at = _found.get(family, (None, 0.0))
    if known is None or (known is not Presence.PRESENT and monotonic() - at > AGAIN_SECONDS):
        try:
            known = family_presence(family)
        except Error:
            return Presence.PRESENT
        _found[family] = known, monotonic()
    return known


def lacking(needs: Iterable[str]) -> str:
    """Why something that needs these families cannot answer, "" if it can."""
    missing = {family: state for family in needs if (state := state_of(family)) is not Presence.PRESENT}
    told = " and ".join(f"{family} ({state})" for family, state in missing.items())
    return f"This PanDA database has no readable tables of {told}." if told else ""


def without_tables(apps: Iterable[str]) -> str:
    """Why something cannot answer before tables of its own are there, "" if it can."""
    waiting = sorted(label_of(app) for app in apps if not _is_migrated(app))
    return (
        f"The tables of {' and '.join(waiting)} are not there yet: run `bigpandamon migrate`."
        if waiting
        else ""
    )


def _is_migrated(app: str) -> bool:
    """True while the own database does not answer, for then the read itself says so."""
    known, at = _migrated.get(app, (False, -AGAIN_SECONDS))
    if not known and monotonic() - at > AGAIN_SECONDS:
        try:
            refuse_to_make(OWN)
            known = not pending_of(app)
        except Error:
            return True
        _migrated[app] = known, monotonic()
    return known


def unanswerable(mounted: Mounted) -> str:
    """Why a resource that is on cannot answer, "" if it can."""
    return lacking(mounted.needs) or without_tables(mounted.apps)


def closed(mounted: Mounted) -> str:
    """Why a resource is not shown, "" if it is."""
    return mounted.off or unanswerable(mounted)


def open_parts(registry: Registry) -> Registry:
    """The registry without what is switched off or lacks its tables."""
    shown = {name: mounted for name, mounted in registry.mounted.items() if not closed(mounted)}
    return replace(registry, mounted=MappingProxyType(shown))
