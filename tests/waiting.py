"""Waiting for what comes about by itself."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], seconds: float = 30.0) -> float:
    """How many seconds it took. Fails when it does not come about."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, f"it did not come about in {seconds:g} s"
        time.sleep(0.02)
    return time.monotonic() - begun
