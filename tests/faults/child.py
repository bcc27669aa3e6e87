"""A program of ours as a process that is killed where a test wants it, or whose clock is off.

    python -m tests.faults.child MODULE:NAME WHEN TURN WORDS…

runs `bigpandamon WORDS…`, killed at the TURN-th call of the function NAME: "before" it, "half-way" of what it
writes, or "after" it. WHEN "shifted": it lives, and its clock is TURN seconds ahead.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from importlib import import_module
from itertools import count
from operator import attrgetter
from typing import Any


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed(function: Callable[..., Any], when: str, turn: int) -> Callable[..., Any]:
    turns = count(1)

    @wraps(function)
    def calling(*arguments: Any, **options: Any) -> Any:
        is_turn = next(turns) == turn
        if is_turn and when == "before":
            die()
        if is_turn and when == "half-way":
            view = memoryview(arguments[1]).cast("B")
            function(arguments[0], view[: len(view) // 2])
            die()
        found = function(*arguments, **options)
        if is_turn and when == "after":
            die()
        return found

    return calling


def prepare(place: str, when: str, turn: int) -> None:
    module, _, path = place.partition(":")
    owners, _, name = path.rpartition(".")
    owner = import_module(module)
    if owners:
        owner = attrgetter(owners)(owner)
    setattr(owner, name, killed(getattr(owner, name), when, turn))


def shift(seconds: float) -> None:
    from bigpandamon_core.domain import window

    system = window._system_clock
    window.set_clock(lambda: system() + timedelta(seconds=seconds))


def run(place: str, when: str, turn: str, *words: str) -> int:
    from bigpandamon_core.management import start
    from bigpandamon_core.management.main import main

    start.django()
    if when == "shifted":
        shift(float(turn))
    else:
        prepare(place, when, int(turn))
    return main(list(words))


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
