"""What a page does while it is looked at: requests, refusals of the policy, errors; what axe says of it."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request

from tests.browser.instance import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
EVERY_RULE = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
CONTRAST = ("color-contrast",)
LISTEN = "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.blockedURI))"


def follow(link: Locator) -> None:
    """Click what leads to another page, and wait until that is there."""
    with link.page.expect_navigation():
        link.click()


class Watched:
    """A page in a context of its own. root: where the application is."""

    def __init__(self, context: BrowserContext, root: str):
        self.root = root
        self.requests: list[str] = []
        self.errors: list[str] = []
        context.add_init_script(LISTEN)
        context.on("request", self._note_request)
        self.page = context.new_page()
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        """The browser reports the status of a problem page as an error: that page is meant."""
        if message.type == "error" and message.location["url"] != self.page.url:
            self.errors.append(message.text)

    @property
    def foreign(self) -> list[str]:
        """Requests that went elsewhere."""
        return [url for url in self.requests if not url.startswith((f"{self.root}/", "data:"))]

    @property
    def refused(self) -> list[str]:
        """What the content security policy stopped."""
        found: list[str] = self.page.evaluate("refused")
        return found

    def faults(self, rules: tuple[str, ...]) -> list[tuple[str, str]]:
        """What axe finds wrong: rule and element. rules: axe's tags of rules, or names of single ones."""
        self.page.evaluate(f"if (!window.axe) {{ {_axe(AXE)} }};0")
        asked = f"axe.run(document, {{runOnly: {list(rules)}, resultTypes: ['violations']}})"
        found: list[dict[str, Any]] = self.page.evaluate(asked)["violations"]
        return [(one["id"], node["html"]) for one in found for node in one["nodes"]]

    @property
    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def _axe(path: Path) -> str:
    if not path.is_file():
        pytest.skip("axe-core is not here: `make assets` fetches it")
    return path.read_text(encoding="utf-8")


def gzipped_bytes(text: str) -> int:
    return len(gzip.compress(text.encode(), 6))
