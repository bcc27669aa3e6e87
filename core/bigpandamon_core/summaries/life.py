"""How long a job or a task was in each of its states."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bigpandamon_core.domain.states import FINAL


@dataclass(frozen=True, slots=True)
class Stage:
    """A stay in one state. end and seconds are None for the state a job is still in or ended with."""

    state: str
    begin: datetime
    end: datetime | None
    final: bool = False

    @property
    def seconds(self) -> float | None:
        return (self.end - self.begin).total_seconds() if self.end else None


def from_log(
    changes: Sequence[tuple[str, datetime]], now: datetime, ends: Collection[str] = FINAL
) -> list[Stage]:
    """Stages from logged (state, moment) changes, oldest first; repeats of a state are one stage. ends: the
    states that are not left."""
    kept = [change for at, change in enumerate(changes) if at == 0 or changes[at - 1][0] != change[0]]
    stages = []
    for at, (state, begin) in enumerate(kept):
        last = at == len(kept) - 1
        final = last and state in ends
        end = (None if final else now) if last else kept[at + 1][1]
        stages.append(Stage(state, begin, end, final))
    return stages


def from_times(row: Mapping[str, Any], now: datetime) -> list[Stage]:
    """What the times of the job alone tell, where no log exists: waiting, running, afterwards."""
    state = row["jobstatus"] or ""
    moments = [("waiting to start", row["creationtime"]), ("running", row["starttime"])]
    if row["endtime"] and row["starttime"]:
        moments.append(("after the run", row["endtime"]))
    if state in FINAL:
        moments.append((state, row["statechangetime"] or row["endtime"] or row["modificationtime"]))
    known = [(name, moment) for name, moment in moments if moment is not None]
    return from_log(known, now) if known else []
