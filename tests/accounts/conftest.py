"""Options of an instance with roles, and a clock that tests move."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from bigpandamon_core.domain import window
from tests.web.conftest import Clock

NOON = datetime(2026, 3, 1, 12)
OPTIONS: dict[str, Any] = {
    "accounts.session_hours": 12,
    "accounts.token_days": 365,
    "accounts.failed_sign_ins": 3,
    "accounts.failed_sign_ins_per_address": 5,
    "accounts.roles.personal": ("watchers",),
    "accounts.roles.operate": ("operators", "both"),
    "accounts.roles.administer": ("staff",),
    "accounts.site_roles": {"QUEUE_ONE": ("one", "both"), "QUEUE_TWO": ("both",), "": ("one",)},
    "accounts.region_roles": {"NORTH": ("north",)},
}


@pytest.fixture
def option() -> Callable[[str], Any]:
    return OPTIONS.__getitem__


@pytest.fixture
def clock() -> Iterator[Clock]:
    standing = Clock(NOON)
    window.set_clock(standing)
    yield standing
    window.set_clock(None)
