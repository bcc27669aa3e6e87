"""Whether the databases answer: each is asked on a thread and a connection of its own, so that one that hangs
cannot hold up whoever wants to know."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any

from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor

from bigpandamon_core.domain.window import iso
from bigpandamon_core.sources.failures import answered, failure, silent_since

PATIENCE_SECONDS = 2.0
Told = Mapping[str, Any]


class Probe:
    """One database. At most one question to it is under way in a process."""

    def __init__(self, alias: str):
        self.alias = alias
        self._lock = Lock()
        self._answered = Event()
        self._answered.set()
        self._told: Told = {"answers": False}
        self._is_migrated = False

    def ask(self) -> None:
        """Begin to find out."""
        with self._lock:
            if self._answered.is_set():
                self._answered.clear()
                Thread(target=self._ask, daemon=True, name=f"probe of {self.alias}").start()

    def told(self) -> Told:
        """answers, and since when it does not; seconds it took; of our own whether it is migrated."""
        if not self._answered.wait(PATIENCE_SECONDS):
            return {"answers": False, "since": iso(silent_since(self.alias))}
        return self._told

    def _ask(self) -> None:
        begun = perf_counter()
        try:
            self._look()
            answered(self.alias)
            self._told = {"answers": True, "seconds": round(perf_counter() - begun, 4)} | self._migrated()
        except Error as error:
            failure(self.alias, error)
            self._told = {"answers": False, "since": iso(silent_since(self.alias))}
        finally:
            connections[self.alias].close()
            self._answered.set()

    def _look(self) -> None:
        """Raises Error."""
        connection = connections[self.alias]
        name = connection.settings_dict["NAME"]
        # Connecting would make the file of our own database.
        if connection.vendor == "sqlite" and self.alias == "default" and not Path(name).is_file():
            raise Error(f"{name} is not there")
        with connection.cursor() as cursor:
            cursor.execute("/* health.ping */ SELECT 1" + connection.features.bare_select_suffix)
            cursor.fetchone()

    def _migrated(self) -> dict[str, bool]:
        """Looked at until it is true: a process does not outlive its own release."""
        if self.alias != "default":
            return {}
        if not self._is_migrated:
            executor = MigrationExecutor(connections[self.alias])
            self._is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return {"migrated": self._is_migrated}


@cache
def probes() -> tuple[Probe, ...]:
    """Those of this process."""
    return tuple(Probe(alias) for alias in ("default", "panda"))
