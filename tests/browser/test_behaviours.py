"""The pages in a browser, under the real policy: what they look like to axe, and what the scripts do."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

import bigpandamon_core
from bigpandamon_core.web.middleware import CONTENT_SECURITY_POLICY
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.watching import EVERY_RULE, Watched
from tests.web.invented import JOB, NOON, PAGES, rendered

pytestmark = pytest.mark.browser
STATIC = Path(bigpandamon_core.__file__).parent / "static"


class Handler(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """Static files lie there without the digest that is in their names."""
        return super().translate_path(re.sub(r"^(/static/\w+)/[0-9a-f]{16}/", r"\1/", path))

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        super().end_headers()

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "static").symlink_to(STATIC)
    for name, content in PAGES.items():
        nav = [{"title": "Jobs", "url": "jobs.html", "current": False}]
        page = rendered(name, **content, as_of=NOON, age_seconds=3, nav=nav, search_url="/find/")
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def watched(browser: Browser, site: str):
    """A function that opens a page in a context of its own and notes what happens there."""
    contexts = []

    def open_page(name: str, **settings: Any) -> Watched:
        contexts.append(browser.new_context(**(DESKTOP | settings)))
        found = Watched(contexts[-1], site)
        found.page.goto(f"{site}/{name}.html")
        found.page.wait_for_load_state("networkidle")
        return found

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def opened(watched) -> Callable[..., Page]:
    """As watched, for tests that only need the page."""
    return lambda name, **settings: watched(name, **settings).page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("theme", "device"), [("light", DESKTOP), ("dark", PHONE)], ids=["desktop", "phone"])
def test_a_page_fits_keeps_to_the_policy_and_is_accessible(watched, name, theme, device):
    view = watched(name, color_scheme=theme, **device)
    assert not view.is_too_wide
    assert view.refused == []
    assert view.faults(EVERY_RULE) == []


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_nothing_is_lost(opened, name):
    page = opened(name, java_script_enabled=False)
    assert page.locator("h1").is_visible()
    assert page.locator(".scripted-only:visible").count() == 0


def test_single_keys_find_help_and_go(opened):
    page = opened("job")
    page.keyboard.press("/")
    page.wait_for_selector("#find:focus")
    page.locator("#find").blur()
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#help", state="hidden")
    page.clock.set_fixed_time("2026-03-01")  # the second key counts for a moment only
    page.keyboard.press("g")
    page.keyboard.press("j")
    page.wait_for_url("**/jobs.html")


def test_what_is_typed_after_the_key_for_finding_is_not_lost(watched):
    """However late a behaviour is that is fetched when first needed."""
    page = watched("job").page
    page.route("**/keys*.js", lambda _route: None)
    page.keyboard.type("/g12")
    assert page.locator("#find").input_value().endswith("g12")


def test_words_of_colours_have_their_colours(opened):
    page = opened("jobs")
    areas = page.eval_on_selector_all(
        "[aria-labelledby=trend] header b",
        "all => all.map(one => [one.offsetHeight > 5, getComputedStyle(one).backgroundColor])",
    )
    colours = {colour for is_seen, colour in areas if is_seen}
    assert len(areas) == len(colours) == 3
    assert "rgba(0, 0, 0, 0)" not in colours


def test_single_keys_can_be_turned_off(opened):
    page = opened("job")
    page.locator("[data-help]").click()
    page.locator("[data-keys]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_timeout(200)
    assert page.locator("#help[open]").count() == 0


def test_the_theme_goes_round_and_is_remembered_for_the_server(opened):
    page = opened("problem", color_scheme="light")
    seen = []
    for _ in range(3):
        page.locator("[data-theme-switch]").click()
        page.wait_for_timeout(100)
        seen.append(
            (page.evaluate("document.documentElement.dataset.theme"), page.evaluate("document.cookie"))
        )
    light, dark = "bigpandamon_theme=light", "bigpandamon_theme=dark"
    assert seen == [("light", light), ("dark", dark), (None, "")]


def test_a_table_sorts_by_its_numbers_and_keeps_absent_ones_last(opened):
    page = opened("job")
    page.locator("table[data-sort]").scroll_into_view_if_needed()
    sizes = "[...document.querySelectorAll('table[data-sort] td:nth-child(4)')].map(cell => cell.dataset.v)"
    for expected in (["900", "10000", ""], ["10000", "900", ""]):
        page.get_by_role("button", name="Size").click()
        assert page.evaluate(sizes) == expected


def test_parameters_are_copied_as_they_were(opened):
    page = opened("job", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy-text]").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == JOB["parameters"]


@pytest.mark.parametrize(("device", "across"), [(DESKTOP, True), (PHONE, False)], ids=["desktop", "phone"])
def test_a_graph_is_drawn_from_what_comes_first(watched, device, across):
    """Beside one another where there is room, below one another on a phone."""
    if not (STATIC / "bigpandamon/vendor/dagre").is_dir():
        pytest.skip("no library that lays out graphs")
    view = watched("record", **device)
    page = view.page
    page.locator("figure[data-graph] .node").first.wait_for()
    first, others = page.locator("figure[data-graph] a.node"), page.locator("figure[data-graph] g.node")
    assert first.get_attribute("href") == "jobs.html"
    places = [one.bounding_box()["x" if across else "y"] for one in (first, others.nth(0), others.nth(2))]
    assert places == sorted(set(places))
    assert page.locator("figure[data-graph] path.edge").count() == 5
    assert page.locator("figure[data-graph] path.marked").count() == 2
    assert page.locator("figure[data-graph] .empty").count() == 0
    assert view.refused == []


def test_a_plot_takes_the_place_of_the_drawing_or_leaves_it(watched):
    view = watched("job", timezone_id="Asia/Tokyo")
    page = view.page
    figure = page.locator("figure[data-plot]").first
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    if not (STATIC / "bigpandamon/vendor/uplot").is_dir():
        assert figure.locator("path.line").is_visible()
        return
    assert figure.locator("canvas").is_visible()
    assert not figure.locator("path.line").is_visible()
    figure.locator(".u-over").hover()
    assert figure.locator("output").first.inner_text() != ""
    assert view.refused == []
