"""Plugins that are installed: what their entry points and distributions say, imported only when asked."""

from collections.abc import Callable
from dataclasses import dataclass

from bigpandamon_core.config.installed import declared


@dataclass(frozen=True)
class Installed:
    """One entry point. place: module and class. load: imports the module and gives the class."""

    name: str
    distribution: str
    version: str
    place: str
    load: Callable[[], object]


def installed() -> tuple[Installed, ...]:
    """Every installed plugin, by name."""
    return tuple(
        Installed(
            point.name,
            point.dist.name if point.dist else "",
            point.dist.version if point.dist else "",
            point.value,
            point.load,
        )
        for point in declared()
    )
