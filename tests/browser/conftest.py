"""A browser and an instance to look at, once a session; a context of its own for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.instance import Instance, World
from tests.browser.views import views
from tests.browser.watching import Watched

WORLD = World(jobs_per_day=2_000, hours=13)
Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def instance(browser: Browser) -> Iterator[Instance]:
    """The real application with simulated jobs, always the same ones. Not made where there is no browser."""
    with Instance(WORLD) as made:
        yield made


@pytest.fixture(scope="session")
def addresses(instance: Instance) -> dict[str, str]:
    """Path of each kind of page by its name."""
    return views(instance)


@pytest.fixture
def watched(browser: Browser, instance: Instance) -> Iterator[Open]:
    """A function that opens a path of the instance in a context of its own and notes what happens there."""
    contexts = []

    def open_path(path: str, **settings: Any) -> Watched:
        context = chromium.context(browser, **settings)
        contexts.append(context)
        found = Watched(context, instance.url)
        found.page.goto(instance.url + path)
        return found

    yield open_path
    for context in contexts:
        context.close()


@pytest.fixture
def page(watched: Open) -> Callable[..., Page]:
    """As watched, for tests that only need the page."""
    return lambda path, **settings: watched(path, **settings).page
