"""`make screenshots`: every page on a desktop, in the dark and on a phone; the same world every time.

Pictures go to build/screenshots, the one that the README shows to docs/images.
"""

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import DESKTOP, PHONE, context, launched
from tests.browser.instance import ROOT, Instance, World
from tests.browser.views import views
from tests.plugins import views as plugin_views

WORLD = World(jobs_per_day=20_000, hours=26)
TAKEN = ROOT / "build" / "screenshots"
SHOWN = ROOT / "docs" / "images" / "jobs.png"
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": DESKTOP | {"color_scheme": "light"},
    "dark": DESKTOP | {"color_scheme": "dark"},
    "phone": PHONE | {"color_scheme": "light", "device_scale_factor": 2},
}
DRAWN_MS = 300
"""Long enough for plots to take the place of drawings."""


def take(browser: Browser, pages: dict[str, str], only: list[str]) -> None:
    """Photograph pages (all, or those named) in every look. pages: addresses by name."""
    TAKEN.mkdir(parents=True, exist_ok=True)
    for look, settings in LOOKS.items():
        with context(browser, **settings) as opened:
            page = opened.new_page()
            for name, address in pages.items():
                if not only or name in only:
                    page.goto(address)
                    _scroll_through(page)
                    page.screenshot(path=TAKEN / f"{name}-{look}.png", full_page=True)
                    print(f"{name}-{look}.png", flush=True)


def _scroll_through(page: Any) -> None:
    """Bring every part into view once: plots are drawn when they are seen."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(DRAWN_MS)
    page.evaluate("scrollTo(0, 0)")


def show(browser: Browser, address: str, path: Path) -> None:
    """The picture of the README: what a screen shows of the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with context(browser, **LOOKS["desktop"]) as opened:
        page = opened.new_page()
        page.goto(address)
        page.screenshot(path=path)
    print(path.relative_to(ROOT), f"{path.stat().st_size / 1000:.0f} kB")


def take_plugin(browser: Browser, plugin: str, only: list[str]) -> None:
    """Photograph the pages of a plugin."""
    with Instance(plugin_views.world(plugin)) as instance:
        found = plugin_views.views(plugin, instance)
        take(browser, {name: instance.url + path for name, path in found.items()}, only)


def main(only: list[str]) -> None:
    """only: names of pages, none for all."""
    with Instance(WORLD) as alive, Instance(None) as silent, sync_playwright() as playwright:
        pages = {name: alive.url + path for name, path in views(alive).items()}
        pages["problem-503"] = f"{silent.url}/jobs/"
        browser = launched(playwright)
        take(browser, pages, only)
        if not only:
            show(browser, pages["jobs"], SHOWN)
        for plugin in plugin_views.PLUGINS:
            if not only or any(name.startswith(plugin) for name in only):
                take_plugin(browser, plugin, only)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
