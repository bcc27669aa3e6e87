"""Which families of PanDA tables are there, as far as what is shown needs them.

A family that was found once is taken to be there; one that was not is looked for again after some seconds, so
that an installation that gains tables, or a database that was down at start, needs no restart.
"""

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic
from types import MappingProxyType

from django.db import Error

from bigpandamon_core.panda.families import Presence, family_presence
from bigpandamon_core.sections.registry import Mounted, Registry

AGAIN_SECONDS = 10.0
_found: dict[str, tuple[Presence, float]] = {}


def forget() -> None:
    """Look for every family anew."""
    _found.clear()


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


def closed(mounted: Mounted) -> str:
    """Why a resource is not shown, "" if it is."""
    return mounted.off or lacking(mounted.needs)


def open_parts(registry: Registry) -> Registry:
    """The registry without what is switched off or lacks its tables."""
    shown = {name: mounted for name, mounted in registry.mounted.items() if not closed(mounted)}
    return replace(registry, mounted=MappingProxyType(shown))
