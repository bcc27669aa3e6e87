"""What one job has in bins: noted with its state, so that a correction takes back exactly that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.error_rules import RULES, ErrorRule
from bigpandamon_core.domain.failures import Failures
from bigpandamon_core.domain.states import FINAL
from bigpandamon_core.domain.timings import STEPS, cores, cpu_seconds, steps, wall_seconds
from bigpandamon_core.rollups.declared import Values, combinations, version
from bigpandamon_core.rollups.hours import hour_of
from bigpandamon_core.rollups.keys import Keys

NONE = "-"
Counted = tuple[int, ...]
"""Of a job, or of many, as `declared.MEASURES`."""
_UNTOLD = (0,) * (1 + len(STEPS))
_UNKNOWN = (0,) * 5 + _UNTOLD


@dataclass(frozen=True, slots=True)
class Contribution:
    """hour: in which the job ended. wall, cpu: seconds, None where it has no such time. keys: under which it
    is counted, by rollup and number. times: seconds that it waited and cores of a job that ran, then seconds
    of STEPS if its pilot told them."""

    hour: int
    wall: int | None
    cpu: int | None
    keys: tuple[tuple[int, int], ...]
    times: tuple[int, ...] = ()

    @property
    def measured(self) -> Counted:
        wall, cpu = self.wall or 0, self.cpu or 0
        counts = 1, self.wall is not None, wall, self.cpu is not None, cpu
        if not self.times:
            return *counts, *_UNKNOWN
        waited, cores, *told = self.times
        of_cores, used = wall * cores, wall * cores if self.cpu is not None else 0
        return *counts, 1, waited, of_cores, used, cpu, *((1, *told) if told else _UNTOLD)

    def written(self) -> str:
        """As it is noted."""
        seconds = (NONE if one is None else str(one) for one in (self.wall, self.cpu))
        times = (",".join(map(str, self.times)),) if self.times else ()
        return " ".join((str(self.hour), *seconds, *times, *(f"{rollup}.{key}" for rollup, key in self.keys)))


def read(noted: str) -> Contribution:
    """What was noted."""
    hour, wall, cpu, *keys = noted.split(" ")
    times = keys.pop(0) if keys and "," in keys[0] else ""
    pairs = (key.partition(".") for key in keys)
    return Contribution(
        int(hour),
        None if wall == NONE else int(wall),
        None if cpu == NONE else int(cpu),
        tuple((int(rollup), int(key)) for rollup, _, key in pairs),
        tuple(map(int, times.split(","))) if times else (),
    )


class Counter:
    """Counts rows of jobs. rules: by which failures are told apart. Values met once are known by number."""

    def __init__(self, rules: Iterable[ErrorRule] = RULES):
        self.rules = tuple(rules)
        self._failures = Failures(self.rules)
        self._keys = Keys()
        self.version = version(self.rules)
        """Equal where the same is counted in the same way."""

    def forget(self) -> None:
        """Ask for numbers anew: another process may have removed some."""
        self._keys.forget()

    def counted(self, rows: Iterable[Mapping[str, Any]]) -> dict[int, Contribution]:
        """By pandaid, what each job that ended contributes; others nothing."""
        ended = [(row, list(combinations(row, self._failures))) for row in rows if row["jobstatus"] in FINAL]
        numbers = self._keys.numbers(key for _, keys in ended for key in keys)
        return {row["pandaid"]: _contribution(row, keys, numbers) for row, keys in ended if changed(row)}


def changed(row: Mapping[str, Any]) -> datetime | None:
    """When a job came into its state: modificationtime where that is not told."""
    moment: datetime | None = row["statechangetime"] or row["modificationtime"]
    return moment


def _contribution(
    row: Mapping[str, Any], keys: Iterable[tuple[int, Values]], numbers: Mapping[tuple[int, Values], int]
) -> Contribution:
    wall = wall_seconds(row["starttime"], row["endtime"])
    return Contribution(
        hour_of(changed(row) or datetime.min),
        wall,
        cpu_seconds(row["cpuconsumptiontime"]),
        tuple((key[0], numbers[key]) for key in keys),
        () if wall is None else _times(row),
    )


def _times(row: Mapping[str, Any]) -> tuple[int, ...]:
    """Of a job that ran."""
    waited = wall_seconds(row["creationtime"], row["starttime"]) or 0
    return waited, cores(row["actualcorecount"], row["corecount"]), *steps(row["pilottiming"])
