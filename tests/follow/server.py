"""What the PanDA server does to jobs, as its own transactions."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connections

from tests.instance.factory import Panda
from tests.web.conftest import NOON

AGO = timedelta(minutes=10)
_MADE = count()


def job(panda: Panda, table: str = "jobsactive4", /, **columns: Any) -> int:
    """A new job, ten minutes ago unless `at` says otherwise."""
    moment = columns.pop("at", NOON - AGO)
    times = {"statechangetime": moment, "modificationtime": moment, "creationtime": NOON - timedelta(hours=1)}
    return panda.job(table, **({"jobstatus": "running"} | times | _used(next(_MADE)) | columns))


def _used(place: int) -> dict[str, Any]:
    """What jobs report of themselves, by turns."""
    timing = ("3|20|400|15|7|31", "1|2|30|4|5", None, "||9||", "x|1|2|3|4", "-1|2|3|4|5|6")[place % 6]
    cores = {"corecount": (None, 1, 8)[place % 3], "actualcorecount": (None, 0, 4, 8)[place % 4]}
    return {"pilottiming": timing, "homepackage": f"Athena/25.{place % 2}", **cores}


def move(pandaid: int, old: str, new: str, **columns: Any) -> None:
    """As the server moves a job: out of one table, into the other, in one transaction."""
    changes = ", ".join(f"{name} = %s" for name in columns)
    with connections["demo"].cursor() as cursor:
        cursor.execute(f"INSERT INTO {new} SELECT * FROM {old} WHERE pandaid = %s", [pandaid])
        cursor.execute(f"DELETE FROM {old} WHERE pandaid = %s", [pandaid])
        cursor.execute(f"UPDATE {new} SET {changes} WHERE pandaid = %s", [*columns.values(), pandaid])


def change(number: int, table: str, **columns: Any) -> None:
    changes = ", ".join(f"{name} = %s" for name in columns)
    with connections["demo"].cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {changes} WHERE pandaid = %s", [*columns.values(), number])


def remove(number: int, table: str) -> None:
    with connections["demo"].cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE pandaid = %s", [number])
