"""Whether the databases answer."""

from collections.abc import Mapping
from functools import cache
from time import perf_counter
from typing import Any

from django.db import Error, connections

from bigpandamon_core.domain.window import iso
from bigpandamon_core.sources.failures import answered, failure, silent_since
from bigpandamon_core.state.pending import OWN, pending, runs
from bigpandamon_core.web.aside import Aside, refuse_to_make

PATIENCE_SECONDS = 2.0
Told = Mapping[str, Any]


class Probe:
    """One database."""

    def __init__(self, alias: str):
        self.alias = alias
        self._is_migrated = False
        self._aside: Aside[Told] = Aside(f"probe of {alias}", alias, self._ask, {"answers": False})

    def ask(self) -> None:
        """Begin to find out."""
        self._aside.ask()

    def told(self) -> Told:
        """answers, and since when it does not; seconds it took; of our own whether it is migrated, which
        migrations it lacks, and whether this release can use it all the same."""
        return self._aside.told(PATIENCE_SECONDS) or self._silent()

    def _ask(self) -> Told:
        begun = perf_counter()
        try:
            self._look()
            answered(self.alias)
            return {"answers": True, "seconds": round(perf_counter() - begun, 4), **self._migrated()}
        except Error as error:
            failure(self.alias, error)
            return self._silent()

    def _silent(self) -> Told:
        return {"answers": False, "since": iso(silent_since(self.alias))}

    def _look(self) -> None:
        """Raises Error."""
        refuse_to_make(self.alias)
        connection = connections[self.alias]
        with connection.cursor() as cursor:
            cursor.execute("/* health.ping */ SELECT 1" + connection.features.bare_select_suffix)
            cursor.fetchone()

    def _migrated(self) -> Told:
        """Looked at until it is true: a process does not outlive its own release."""
        if self.alias != OWN:
            return {}
        lacks = [] if self._is_migrated else pending()
        self._is_migrated = not lacks
        return (
            {"migrated": True} if self._is_migrated else {"migrated": False, "lacks": lacks, "usable": runs()}
        )


@cache
def probes() -> tuple[Probe, ...]:
    """Those of this process."""
    return tuple(Probe(alias) for alias in (OWN, "panda"))
