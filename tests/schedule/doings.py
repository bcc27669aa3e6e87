"""Tasks that behave well and badly, and a scheduler of them: `python -m tests.schedule.doings SECONDS`."""

import sys
from functools import partial
from time import sleep

import django

django.setup()

from django.db import connection  # noqa: E402

from bigpandamon_core import config  # noqa: E402
from bigpandamon_core.domain.periodic import PeriodicTask, Turn  # noqa: E402
from bigpandamon_core.domain.problems import Problem  # noqa: E402
from bigpandamon_core.domain.window import now  # noqa: E402
from bigpandamon_core.schedule.leading import Scheduler  # noqa: E402
from bigpandamon_core.state.imports import ImportedFile  # noqa: E402

FAR = 7 * 86_400


def note(turn: Turn, name: str) -> None:
    with turn.fenced():
        ImportedFile.objects.create(
            name=name,
            digest=str(now()),
            kind=str(now().microsecond),
            first_imported=now(),
            last_imported=now(),
        )


def good(turn: Turn) -> str:
    note(turn, "good")
    return "a row"


def refusing(_turn: Turn) -> str:
    raise Problem("There is a stone in the way.", remedy="Move it.")


def broken(_turn: Turn) -> str:
    raise ValueError("password=geheimnis0815")


def asking_wrong(_turn: Turn) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT geheimnis0815 FROM nowhere")
    return "never"


def hanging(turn: Turn) -> str:
    note(turn, "hanging")
    while True:
        sleep(60)


def yielding(turn: Turn) -> str:
    note(turn, "yielding")
    while not turn.is_over():
        sleep(0.05)
    return "asked to end"


def dying(_turn: Turn) -> str:
    sys.exit(9)


def task(run, every_seconds: int = FAR, limit_seconds: int = 30) -> PeriodicTask:
    return PeriodicTask(run.__name__.replace("_", "-"), "A test.", every_seconds, run, limit_seconds)


def option(lease_seconds: int, key: str):
    return lease_seconds if key == "schedule.lease_seconds" else config.current().get(key)


if __name__ == "__main__":
    TASKS = (task(broken, 1), task(hanging, 3600), task(yielding, 3600), task(good, 1))
    Scheduler(TASKS, partial(option, int(sys.argv[1]))).live()
