"""Invented records that sit on the edges of every rule, as files of the tables of a PanDA server.

Their names are as awkward as names in the wild: quotes, signs that addresses and patterns use, other scripts.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 21, 0, 45)
ZERO_TIME = "1970-01-01 00:00:00"
TASK, RETRIED, MERGED, EVENTS = 7001, 7002, 7003, 7004
NAMES = (
    "O'Neill \"Q\" <b>", "a+b & c=d", "50%_of #1", "Zoë Łukasz 東京", "tab\tand\nline", "x|y,!z*", " padded ",
    "ZOË", "😀 four bytes", "back\\slash", "%2B", "plain",
)  # fmt: skip
JOB: Mapping[str, Any] = {
    "creationtime": NOW - timedelta(hours=5),
    "starttime": NOW - timedelta(hours=3),
    "endtime": NOW - timedelta(hours=2),
    "modificationtime": NOW - timedelta(hours=2),
    "statechangetime": NOW - timedelta(hours=2),
    "jobstatus": "finished",
    "jeditaskid": TASK,
    "computingsite": "QUEUE_A",
    "produsername": "Ada Example",
    "prodsourcelabel": "managed",
    "transformation": "run.py",
    "minramcount": 2000,
    "corecount": 1,
    "currentpriority": 500,
    "attemptnr": 1,
}
Row = dict[str, Any]
Tables = dict[str, list[Row]]


def edges() -> Iterator[Row]:
    """One difference a job: the values on both sides of every border."""
    for name in NAMES:
        yield {"computingsite": name}
        yield {"produsername": name, "jobstatus": "failed", "piloterrorcode": 1099, "piloterrordiag": name}
        yield {"jobsubstatus": name[:80], "container_name": name, "computingelement": name, "gshare": name}
    for column, values in _BORDERS.items():
        yield from ({column: value} for value in values)
    for minutes in (0, 9, 10, 29, 30, 59, 60, 10079, 10080):
        for seconds in (0, 59):
            end = NOW - timedelta(minutes=5)
            yield {"starttime": end - timedelta(minutes=minutes, seconds=seconds), "endtime": end}
    yield {"starttime": None, "endtime": None, "jobstatus": "cancelled"}
    yield {"starttime": NOW, "endtime": NOW - timedelta(hours=1)}


_BORDERS: Mapping[str, tuple[Any, ...]] = {
    "minramcount": (0, 1, 999, 1000, 1999, 2000, 2999, 3000, 16000),
    "corecount": (None, 0, 1, 2, 8),
    "actualcorecount": (None, 0, 1, 8),
    "nevents": (0, 1, 9, 10, 99, 100, 999, 1000),
    "currentpriority": (-101, -100, -1, 0, 99, 100, 101, 1000),
    "eventservice": (None, 0, 1, 2, 3, 4, 5, 6),
    "schedulerid": (None, "harvester-", "harvester-one", "Harvester-one", "other", "other-harvester-one"),
    "pilotid": (None, "3.10", "|3.10", "url|3.10", "url|", "|", "||", "||3.10", "a|b|3.10.1.1", "a|b|3.10\n"),
    "jobmetrics": (None, "nGPU=1", "leak=1 nGPU=0", "ngpu=1"),
    "transformation": (None, "", "/", "a/b/run.py", "http://x/y/runGen-00", "run.py/", "b%/_run.py"),
    "modificationhost": (None, "node1", "slot1@node1", "@node1", "slot1@", "node2.example.org"),
    "specialhandling": (None, "", "ddm:rucio,lb:1", "es:10"),
    "workinggroup": (None, "", "GP_A"),
    "container_name": (None, "", "docker://x/y:1"),
    "reqid": (None, 0, 70),
    "resourcetype": (None, "", "SCORE"),
    "jeditaskid": (None,),
    "jobsubstatus": (None, "", "toreassign"),
    "noutputdatafiles": (None, 0, 2),
}  # fmt: skip


def failing() -> Iterator[Row]:
    """Errors, alone and together, in every state."""
    codes = (
        "brokerageerrorcode", "ddmerrorcode", "exeerrorcode", "jobdispatchererrorcode", "piloterrorcode",
        "superrorcode", "taskbuffererrorcode",
    )  # fmt: skip
    for code in codes:
        diag = code.replace("code", "diag")
        for state in ("failed", "finished", "closed", "cancelled"):
            yield {code: 100, diag: f"text of {code}", "jobstatus": state}
    yield {"superrorcode": 1, "superrordiag": "said twice", "taskbuffererrorcode": 300, "jobstatus": "failed"}
    yield {"piloterrorcode": 1099, "exeerrorcode": 65, "transexitcode": "65", "jobstatus": "failed"}
    for text in ("0", "65", "137", "-9", "abc", "65 66"):
        yield {"transexitcode": text, "jobstatus": "failed"}
    yield {"piloterrorcode": 1305, "jobstatus": "failed", "jobsubstatus": "fg_partial"}
    yield {"piloterrorcode": 1306, "jobstatus": "closed", "jobsubstatus": "fg_stumble"}
    yield {"jobstatus": "finished", "jobsubstatus": "fg_partial"}
    yield {"jobstatus": "finished", "jobsubstatus": "fg_done"}


def live() -> Iterator[Row]:
    """Jobs that have not ended, some untouched for longer than any window."""
    old = NOW - timedelta(days=9)
    for state in ("activated", "sent", "starting", "running", "holding", "transferring", "merging"):
        yield {"jobstatus": state, "endtime": None}
        yield {"jobstatus": state, "endtime": None, "modificationtime": old, "statechangetime": old}
    yield {"jobstatus": "holding", "exeerrorcode": 7, "exeerrordiag": "not yet sure"}
    yield {"jobstatus": "running", "exeerrorcode": 7, "endtime": None}
    yield {"jobstatus": "failed", "piloterrorcode": 1137, "piloterrordiag": "parked"}


def retried() -> Iterator[Row]:
    """Chains of attempts, by number (the place in this list)."""
    for attempt in range(4):
        state = "finished" if attempt == 3 else "failed"
        yield {"jeditaskid": RETRIED, "attemptnr": attempt, "jobstatus": state, "piloterrorcode": 1150}
    yield {"jeditaskid": RETRIED, "jobsetid": 9001, "jobstatus": "closed"}
    yield {"jeditaskid": RETRIED, "jobsetid": 9002, "jobstatus": "finished"}
    yield {"jeditaskid": RETRIED, "jobsetid": 9001, "jobstatus": "closed", "eventservice": 3}
    yield {"jeditaskid": RETRIED, "processingtype": "pmerge", "jobstatus": "failed"}
    yield {"jeditaskid": RETRIED, "processingtype": "pmerge", "jobstatus": "finished"}
    for attempt in range(2):
        yield {"jeditaskid": EVENTS, "attemptnr": attempt, "eventservice": 1, "jobstatus": "failed"}


def tables() -> Tables:
    """The records by table. A few jobs stand in two tables, as jobs do while they move."""
    numbers = count(50_001)
    ended = [_numbered(row, numbers) for row in (*edges(), *failing(), *retried())]
    active = [_numbered(row, numbers) for row in live()]
    waiting = [_numbered({"jobstatus": state, "starttime": None, "endtime": None}, numbers)
               for state in ("pending", "defined", "assigned", "waiting")]  # fmt: skip
    old = [_numbered({"modificationtime": NOW - timedelta(days=40)}, numbers) for _ in range(3)]
    left_behind = [
        row | {"jobstatus": "running", "statechangetime": row["statechangetime"] - timedelta(minutes=1)}
        for row in ended[:3]
    ]
    early = [
        row | {"jobstatus": "closed", "statechangetime": row["statechangetime"] - timedelta(hours=1)}
        for row in active[:2]
    ]  # fmt: skip
    return {
        "jobsdefined4": waiting,
        "jobsactive4": [*active, *left_behind],
        "jobsarchived4": [*ended, *early],
        "jobsarchived": [*old, *ended[3:6]],
        "jedi_job_retry_history": list(_history(ended)),
    }


def _numbered(row: Row, numbers: Iterator[int]) -> Row:
    return {**JOB, "pandaid": next(numbers), **row}


def _history(ended: list[Row]) -> Iterator[Row]:
    """Each attempt replaced by the next; a job set by another; a merge job by a new one."""
    chain = [row for row in ended if row["jeditaskid"] == RETRIED]
    for at, kind in ((0, "retry"), (1, ""), (2, "retry")):
        yield _replaced(RETRIED, chain[at]["pandaid"], chain[at + 1]["pandaid"], kind)
    yield _replaced(RETRIED, 9001, 9002, "jobset_retry")
    yield _replaced(RETRIED, chain[7]["pandaid"], chain[8]["pandaid"], "merge")
    yield _replaced(RETRIED, chain[3]["pandaid"], chain[3]["pandaid"], "retry")
    yield _replaced(RETRIED, chain[5]["pandaid"], chain[8]["pandaid"], "merge")
    first, second = [row["pandaid"] for row in ended if row["jeditaskid"] == EVENTS]
    yield _replaced(EVENTS, first, second, "retry")


def _replaced(task: int, old: int, new: int, kind: str) -> Row:
    return {
        "jeditaskid": task,
        "oldpandaid": old,
        "newpandaid": new,
        "originpandaid": old,
        "relationtype": kind,
    }


def written(folder: Path, columns: Path) -> list[Path]:
    """The records as CSV files. columns: the published schema, for what may not be empty."""
    return [_file(folder / f"{name}.csv", rows, _empty(columns, name)) for name, rows in tables().items()]


def _empty(columns: Path, table: str) -> Row:
    with columns.open(newline="", encoding="utf-8") as lines:
        found = [row for row in csv.DictReader(lines) if row["table"] == table]
    kinds = (("DATE", ZERO_TIME), ("TIMESTAMP", ZERO_TIME), ("NUMBER", 0))
    return {
        row["column"]: next((empty for kind, empty in kinds if row["oracle"].startswith(kind)), "")
        for row in found
        if row["nullable"] == "N"
    }


def _file(path: Path, rows: Iterable[Row], empty: Row) -> Path:
    told = [{**empty, **{_RENAMED.get(name, name): value for name, value in row.items()}} for row in rows]
    names = sorted({name for row in told for name in row})
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, names, restval="")
        writer.writeheader()
        writer.writerows(told)
    return path


_RENAMED = {"resourcetype": "resource_type"}
