"""Periodic tasks: what is done every so often, by one process of the instance. Declared by core and by
plugins."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.window import end_of_grain


@dataclass(frozen=True)
class Turn:
    """What a task is given for one run.

    option: the value of an option by its key. every_seconds: how often the task runs. fenced: one transaction
    on the own database, refused when another run has begun since; whatever is written is written inside.
    is_over: whether to return soon, as the process is to end; what is left waits for the next run.
    scope, more_fields: by noun, the point of view of the plugin whose task it is.
    """

    option: Callable[[str], Any]
    every_seconds: int
    fenced: Callable[[], AbstractContextManager[None]]
    is_over: Callable[[], bool]
    scope: Mapping[str, Condition] = field(default_factory=dict)
    more_fields: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PeriodicTask:
    """name: in small letters with hyphens. help: one sentence. every_seconds: it runs at whole multiples of
    them. run: does it, and tells in a few words what was done; a Problem is told to operators in its own
    words. limit_seconds: a run that takes longer is ended. apps: set by core, the package of a plugin whose
    tables must be there.
    """

    name: str
    help: str
    every_seconds: int
    run: Callable[[Turn], str]
    limit_seconds: int = 300
    apps: tuple[str, ...] = ()

    def next_run(self, moment: datetime) -> datetime:
        """The first multiple after a moment."""
        return end_of_grain(moment, self.every_seconds)

    def is_due(self, next_run: datetime | None, moment: datetime) -> bool:
        """Whether it is time. A next run too far away was set by another clock, or before the task was to run
        more often."""
        return next_run is None or next_run <= moment or next_run > self.next_run(moment)
