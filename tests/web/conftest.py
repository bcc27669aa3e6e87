"""A clock that tests move, and an instance that keeps answers."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings

from bigpandamon_core import config
from bigpandamon_core.domain import window

NOON = datetime(2026, 3, 1, 12, 0, 0)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime):
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Iterator[Clock]:
    standing = Clock(NOON)
    window.set_clock(standing)
    yield standing
    window.set_clock(None)


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost"})


Configured = Callable[[str], None]


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[Configured]:
    """`configured("[cache]\\nkind = 'memory'")`: the instance of the tests with another end of its file."""
    with ExitStack() as stack:
        yield lambda text: _configure(stack, tmp_path / "bigpandamon.toml", text)
    _forget()


def _configure(stack: ExitStack, file: Path, text: str) -> None:
    usual = Path(os.environ["BIGPANDAMON_CONFIG"]).read_text()
    file.write_text(usual.partition("[cache]")[0] + text)
    stack.enter_context(override_settings(BIGPANDAMON=config.load(file, environ={})))
    _forget()


def _forget() -> None:
    # Imported here: this file may be read before Django is set up.
    from bigpandamon_core.web import kept, shelf

    kept.cache.cache_clear()
    kept._identity.cache_clear()
    shelf.shelf.cache_clear()


@pytest.fixture
def keeping(configured: Configured, clock: Clock) -> Clock:
    """Answers of every caching point are kept in memory for 60 s and then made anew while one waits; the
    clock stands at noon."""
    configured('[cache]\nkind = "memory"\ndefault_seconds = 60\nstale_seconds = 0')
    return clock


@pytest.fixture
def browser(panda, accounts) -> Client:
    """One of nobody, to an instance on which there is ada."""
    accounts.make("ada", "watchers")
    made: Client = accounts.browser()
    return made


@pytest.fixture
def facets(panda, own, configured, clock, tmp_path):
    """`facets()`: the follower has looked and this host has published."""
    from bigpandamon_core.facets.replaying import Replayer
    from bigpandamon_core.follow.leading import Follower

    configured(f'[cache]\nkind = "none"\n[facets]\nfolder = "{tmp_path / "facets"}"')
    follower = Follower(settings.BIGPANDAMON.get)
    replayer = Replayer(tmp_path / "facets", 2)

    def publish() -> None:
        follower.step()
        while follower.is_behind:
            follower.step()
        while replayer.step() == 0:
            pass

    with replayer._publisher:
        yield publish


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    from tests.web.album import Album

    return Album(tmp_path_factory.mktemp("album"))


@pytest.fixture
def once(facets, album, tmp_path) -> Callable[[str, Callable[[], None]], bool]:
    """`once("weeks", live)`: what `live` makes of our own tables and of facets, by the first test of the
    module that asks for it; whether that was this one."""

    def made(name: str, live: Callable[[], None]) -> bool:
        if album.restore(name, tmp_path / "facets"):
            return False
        live()
        album.take(name, tmp_path / "facets")
        return True

    return made


@pytest.fixture(params=["database", "facets"])
def source(request, jobs, facets, once) -> str:
    """What tells of the module's jobs, always the same: each test is asked of both."""
    if request.param == "facets":
        once("jobs", facets)
    return str(request.param)


Links = Mapping[str, int]


@pytest.fixture(scope="module")
def links_told() -> dict[str, Links]:
    """By address the links of its page and their counts."""
    return {}


@pytest.fixture
def half(source, links_told) -> Callable[[str, Links], Links]:
    """`half(address, links)`: those to open. The source that is asked first opens every second one, the next
    tells them all as well and opens the others."""

    def links_to_open(address: str, links: Links) -> Links:
        first = links_told.setdefault(address, links)
        assert first.items() <= links.items()
        opened = sorted(first)[::2]
        return {link: count for link, count in links.items() if (link in opened) == (links is first)}

    return links_to_open


@pytest.fixture
def without(panda) -> Iterator[Callable[[str], None]]:
    """`without("jobs_statuslog")`: the table is there no more, until the test ends."""
    from bigpandamon_core.sources import presence as tables
    from bigpandamon_core.web import presence

    renamed = []

    def rename(old: str, new: str) -> None:
        with connections[panda.alias].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

    def hide(table: str) -> None:
        rename(table, f"{table}_hidden")
        renamed.append(table)
        tables.forget()

    yield hide
    for table in renamed:
        rename(f"{table}_hidden", table)
    presence.forget()
    tables.forget()
