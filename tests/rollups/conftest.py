"""Bins as they are, and as they are computed from the rows that PanDA shows, with plain loops."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connections

from tests.follow.conftest import ORDER, TABLES, clock, follower, step

__all__ = ["clock", "follower", "step"]

EPOCH = datetime(1970, 1, 1)
ENDS = ("finished", "failed", "cancelled", "closed")
TIMES = ("statechangetime", "modificationtime", "creationtime", "starttime", "endtime")
NO_TIMES = ("nodes", "failures", "classes")
COLUMNS = (
    "pandaid jobstatus jobsubstatus vo cloud computingsite prodsourcelabel resource_type processingtype "
    "gshare produsername modificationhost cpuconsumptiontime piloterrorcode taskbuffererrorcode homepackage "
    "corecount actualcorecount pilottiming"
).split(" ")
Bins = dict[tuple[Any, ...], tuple[int, ...]]


def moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def rows(tables: Iterable[str] = TABLES) -> list[dict[str, Any]]:
    """The row of every job that counts, by the plain rule."""
    found: dict[int, tuple[Any, dict[str, Any]]] = {}
    names = [*COLUMNS, *TIMES]
    with connections["demo"].cursor() as cursor:
        for place, table in enumerate(tables):
            cursor.execute(f"SELECT {', '.join(names)} FROM {table}")
            for values in cursor.fetchall():
                row = dict(zip(names, values, strict=True))
                row |= {name: moment(row[name]) for name in TIMES}
                state = row["jobstatus"]
                at = row["statechangetime"] or row["modificationtime"]
                key = (at, ORDER.index(state) if state in ORDER else -1, place)
                if row["pandaid"] not in found or found[row["pandaid"]][0] < key:
                    found[row["pandaid"]] = key, row
    return [row for _, row in found.values()]


def classes(row: dict[str, Any]) -> list[str]:
    """For the codes that these tests use: 1099 and 100 are said to help when tried again, 1305 is not, 7777
    has no rule."""
    if row["jobstatus"] != "failed" and row["jobsubstatus"] != "fg_stumble":
        return []
    told = []
    if row["piloterrorcode"]:
        told.append(
            {1099: "pilot transient", 1305: "pilot lasting"}.get(row["piloterrorcode"], "pilot unexplained")
        )
    if row["taskbuffererrorcode"]:
        told.append("taskbuffer lasting")
    return told or ["untold"]


def kinds(row: dict[str, Any]) -> list[str]:
    """Classes of these codes: the first is of data, the second of the payload, of others nothing is known."""
    of_pilot = {"pilot transient": "data", "pilot lasting": "application"}
    return sorted({one if one == "untold" else of_pilot.get(one, "system") for one in classes(row)})


TOLD_OF_FAILURES = {"failure": classes, "failureclass": kinds}


def dimension(name: str, row: dict[str, Any]) -> str:
    if name == "node":
        return (row["modificationhost"] or "").split("@")[-1] or "Unknown"
    if name == "jobsubstatus":
        return row[name] if row[name] in ("fg_partial", "fg_stumble") else ""
    return row["resource_type" if name == "resourcetype" else name] or ""


def counted(row: dict[str, Any]) -> tuple[int, ...]:
    wall = cpu = 0
    timed = bool(row["starttime"] and row["endtime"])
    if timed:
        wall = max(int((row["endtime"] - row["starttime"]).total_seconds()), 0)
    used = row["cpuconsumptiontime"] is not None
    if used:
        cpu = int(row["cpuconsumptiontime"])
    return 1, int(timed), wall, int(used), cpu, *(times(row, wall) if timed else [0] * 11)


def times(row: dict[str, Any], wall: int) -> list[int]:
    """Of a job that ran: one, waited, seconds of cores, CPU; one if the pilot told its steps, and these."""
    waited = max((row["starttime"] - row["creationtime"]).total_seconds(), 0)
    ncores = row["actualcorecount"] or row["corecount"] or 1
    cpu = row["cpuconsumptiontime"]
    found = [1, int(waited), wall * ncores, 0 if cpu is None else wall * ncores, int(cpu or 0)]
    told = row["pilottiming"].split("|") if row["pilottiming"] else []
    if len(told) not in (5, 6) or not all(re.fullmatch("[0-9]+", one) for one in told):
        return found + [0] * 6
    seconds = [int(one) for one in told]
    return [*found, 1, seconds[0], sum(seconds[4:]), seconds[1], seconds[2], seconds[3]]


def expected(seen: Iterable[dict[str, Any]], since: datetime) -> Bins:
    """Every bin of every flow, of jobs that ended at or after a moment, by rollup, hours, hour and values."""
    from bigpandamon_core.rollups.declared import FLOWS

    found: dict[tuple[Any, ...], Counter[int]] = {}
    for row in seen:
        at = row["statechangetime"] or row["modificationtime"]
        if row["jobstatus"] not in ENDS or at < since:
            continue
        hour = int((at - EPOCH).total_seconds()) // 3600
        for rollup in FLOWS:
            told = next((one for one in TOLD_OF_FAILURES if one in rollup.dimensions), "")
            for failure in TOLD_OF_FAILURES[told](row) if told else [""]:
                values = tuple(
                    failure if name == told else dimension(name, row) for name in rollup.dimensions
                )
                for level in rollup.levels:
                    key = (rollup.name, level.hours, hour // level.hours * level.hours, values)
                    sums = found.setdefault(key, Counter())
                    for place, number in enumerate(counted(row)):
                        sums[place] += 0 if place > 4 and rollup.name in NO_TIMES else number
    return {key: tuple(sums[place] for place in range(16)) for key, sums in found.items()}


def stored() -> Bins:
    """Every bin there is."""
    from bigpandamon_core.rollups.declared import BY_NUMBER
    from bigpandamon_core.state.rollups import RollupBin

    found: Bins = {}
    for row in RollupBin.objects.select_related("key"):
        rollup = BY_NUMBER[row.rollup]
        values = tuple(getattr(row.key, name) for name in rollup.dimensions)
        key = (rollup.name, row.hours, row.hour, values)
        assert key not in found
        counts = (row.jobs, row.timed, row.wall_seconds, row.used, row.cpu_seconds, row.ran, row.wait_seconds)
        steps = (row.get_seconds, row.setup_seconds, row.stagein_seconds, row.run_seconds)
        found[key] = (
            *counts,
            row.core_seconds,
            row.used_core_seconds,
            row.core_cpu_seconds,
            row.piloted,
            *steps,
            row.stageout_seconds,
        )
    return found


def agree() -> None:
    """All open bins are as PanDA shows; whole days are open in these tests as far as they have jobs."""
    from bigpandamon_core.state.follow import FollowStatus

    closed = FollowStatus.objects.get().closed_before
    assert closed is not None
    assert stored() == expected(rows(), closed)
