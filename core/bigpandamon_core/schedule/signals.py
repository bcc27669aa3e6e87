"""Signals are waited for, not handled: nothing is ever interrupted in its middle.

They are blocked, and so stay pending until the process looks; a process that it forks has them blocked, too,
and sees those sent to itself.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = frozenset({signal.SIGTERM, signal.SIGINT})


@contextmanager
def waited_for() -> Iterator[None]:
    """Inside, they do nothing by themselves, nor afterwards those of ENDING that came meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*ENDING, signal.SIGCHLD})
    try:
        yield
    finally:
        while signal.sigtimedwait(ENDING, 0):
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def asked_to_end() -> bool:
    """Whether one of ENDING is pending. It stays so."""
    return bool(ENDING & signal.sigpending())


def wait(seconds: float) -> None:
    """For so long, or until a child ends."""
    signal.sigtimedwait({signal.SIGCHLD}, seconds)
