"""Chromium as tests and screenshots use it: it talks to this machine only, at the instance's moment."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.still import MOMENT
from tests.services.programs import program

ARGUMENTS = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def launched(playwright: Playwright) -> Browser:
    """A browser; without Chromium the test is skipped, or fails where CI is set."""
    return playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=ARGUMENTS)


def context(browser: Browser, **settings: Any) -> BrowserContext:
    """A new context at the moment at which the instance's clock stands."""
    made = browser.new_context(**(DESKTOP | settings))
    made.clock.set_fixed_time(f"{MOMENT.isoformat()}Z")
    return made
