"""How a process that stays is told to end."""

import signal
import threading
from collections.abc import Callable

ENDING = (signal.SIGTERM, signal.SIGINT)


def waiter() -> Callable[[float], bool]:
    """A function that waits for so many seconds and says whether to end. Called once, in the main thread."""
    asked_to_end = threading.Event()
    for number in ENDING:
        signal.signal(number, lambda *_: asked_to_end.set())
    return asked_to_end.wait
