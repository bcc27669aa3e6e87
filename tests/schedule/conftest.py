"""Turns of tasks, as a run has them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest

from bigpandamon_core import config
from bigpandamon_core.domain.periodic import Turn

Turns = Callable[..., Turn]


@pytest.fixture
def turn(own: None) -> Turns:
    """`turn(**{"schedule.keep_days": {…}})`: under a lease of its own, with these options."""
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.state.leases import acquire, fenced

    lease = acquire("schedule.test", "test", 60)
    assert lease is not None
    inside: Callable[[], AbstractContextManager[None]] = partial(fenced, lease)

    def made(is_over: Callable[[], bool] = lambda: False, **options: Any) -> Turn:
        return Turn(lambda key: options.get(key) or config.current().get(key), 60, inside, is_over)

    return made
