"""Stores in folders of their own, at a clock that stands still."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bigpandamon_core.domain.window import set_clock
from bigpandamon_core.facets.store.publishing import Publisher
from tests.queries.odd_values import T


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    set_clock(lambda: T)
    yield
    set_clock(None)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pulls the plug: the disk is not waited for. (Programs that tests kill do wait.)"""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Publisher]:
    with Publisher(tmp_path / "facets") as made:
        yield made
