"""Pages of plugins with something on them: policy, accessibility, phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.instance import Instance
from tests.browser.watching import CONTRAST, EVERY_RULE, Watched
from tests.plugins import views

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=views.PLUGINS)
def shown(request, browser: Browser) -> Iterator[tuple[Instance, dict[str, str]]]:
    """An instance with the plugin alone, and its pages."""
    needed = views.NEEDED.get(request.param)
    if needed and not needed.is_dir():
        pytest.skip(f"{request.param} has no simulation, and its saved records are not there: {needed}")
    with Instance(views.world(request.param)) as made:
        yield made, views.views(request.param, made)


def test_pages_fit_keep_to_the_policy_and_are_accessible(shown, browser: Browser):
    """By day on a desktop, by night on a phone."""
    instance, pages = shown
    complaints = []
    for name, path in pages.items():
        for settings in (DESKTOP, PHONE | {"color_scheme": "dark"}):
            with chromium.context(browser, **settings) as context:
                view = Watched(context, instance.url)
                answer = view.page.goto(instance.url + path)
                assert answer is not None
                complaints += [(name, what) for what in _wrong(view, answer.status, settings)]
    assert complaints == []


def _wrong(view: Watched, status: int, settings: dict[str, object]) -> Iterator[str]:
    if status != 200:
        yield f"status {status}"
    if view.is_too_wide:
        yield "too wide"
    view.page.wait_for_load_state("networkidle")
    rules = CONTRAST if "color_scheme" in settings else EVERY_RULE
    yield from map(str, [*view.refused, *view.errors, *view.foreign, *view.faults(rules)])
