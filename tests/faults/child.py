"""A program of ours as a process that meets its end, or a full disk, where a test wants it.

    python -m tests.faults.child MODULE:NAME WHEN TURN FAULT WORDS…

runs `bigpandamon WORDS…`; the TURN-th call of the function NAME of the module meets the fault "kill" or "full",
"before", "half-way" (of what it writes) or "after". WHEN "shifted": instead its clock is TURN seconds ahead.
"""

import errno
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


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


FAULTS = {"kill": kill, "full": full}


def meets(
    function: Callable[..., Any], when: str, turn: int, fault: Callable[[], None]
) -> Callable[..., Any]:
    turns = count(1)

    @wraps(function)
    def calling(*arguments: Any, **options: Any) -> Any:
        is_turn = next(turns) == turn
        if is_turn and when == "before":
            fault()
        if is_turn and when == "half-way":
            view = memoryview(arguments[1]).cast("B")
            function(arguments[0], view[: len(view) // 2])
            fault()
        found = function(*arguments, **options)
        if is_turn and when == "after":
            fault()
        return found

    return calling


def prepare(place: str, when: str, turn: str, fault: str) -> None:
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner = attrgetter(".".join(owners))(import_module(module)) if owners else import_module(module)
    setattr(owner, name, meets(getattr(owner, name), when, int(turn), FAULTS[fault]))


def shift(seconds: str) -> None:
    """The program's clock, from its start on, is so far off."""
    from bigpandamon_core.domain import window

    plain = window._system_clock
    window.set_clock(lambda: plain() + timedelta(seconds=float(seconds)))


def run(place: str, when: str, turn: str, fault: str, *words: str) -> int:
    from bigpandamon_core.management import start
    from bigpandamon_core.management.main import main

    start.django()
    if when == "shifted":
        shift(turn)
    else:
        prepare(place, when, turn, fault)
    return main(list(words))


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
