"""Questions asked aside: each on a thread and a connection of its own, so that a database that hangs cannot
hold up whoever wants to know."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from django.db import Error, connections

Told = TypeVar("Told")


def refuse_to_make(alias: str) -> None:
    """Let pass what can be asked: connecting to our own database would make the file of one on SQLite.

    Raises:
        django.db.Error: it is not there.
    """
    connection = connections[alias]
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and alias == "default" and not Path(name).is_file():
        raise Error(f"{name} is not there")


class Aside(Generic[Told]):
    """One question, asked at most once at a time in a process.

    name: of its thread. alias: of the database it is about. find_out: answers it and does not raise.
    untold: what is known before the first answer.
    """

    def __init__(self, name: str, alias: str, find_out: Callable[[], Told], untold: Told):
        self._name = name
        self._alias = alias
        self._find_out = find_out
        self._told = untold
        self._lock = Lock()
        self._answered = Event()
        self._answered.set()

    def ask(self) -> None:
        """Begin to find out."""
        with self._lock:
            if self._answered.is_set():
                self._answered.clear()
                Thread(target=self._ask, daemon=True, name=self._name).start()

    def _ask(self) -> None:
        try:
            self._told = self._find_out()
        finally:
            connections[self._alias].close()
            self._answered.set()

    def told(self, patience_seconds: float) -> Told | None:
        """The answer; None if there is none after so long."""
        return self._told if self._answered.wait(patience_seconds) else None
