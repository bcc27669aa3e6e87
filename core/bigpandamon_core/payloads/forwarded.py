"""A page of the previous monitor inside our frame, or its JSON as it is."""

from typing import Any

import orjson

from bigpandamon_core.domain import fetching as rules
from bigpandamon_core.domain.charsets import text_of
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.payloads import elsewhere
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.elsewhere import Found
from bigpandamon_core.payloads.sanitising import Unreadable, has_text, sanitised

OURS = frozenset({"format", "theme"})
"""Parameters that steer our answer and mean nothing there."""
PAGES = ("text/html", "application/xhtml+xml")
TEXTS = ("text/plain", "application/json")
SIGN_IN = "login/"
"""Where the previous monitor sends those whom it does not know."""
NOTE = "Pictures, forms and what scripts draw are left out; links lead to the same pages here where they can."


class Forwarded:
    """An address of the previous monitor below the configured base. title: of the section.

    Raises:
        Problem: from the constructor: 404, it would lie outside the base.
    """

    def __init__(self, call: Call, title: str = ""):
        self.call = call
        self.title = title
        self.site = f"{call.option('web.base_path')}/"
        self.base = rules.base(call.option("sections.forward_base"))
        given = [(name, value) for name, value in call.parameters if name.lower() not in OURS]
        try:
            self.url = rules.below(self.base, call.url.removeprefix(self.site), given)
        except rules.Refused as error:
            what = f"The previous monitor is not asked for this address: {error}."
            raise Problem(what, status=404, code="not-found", remedy="Check how it is written.") from error

    def found(self, accept: str) -> Found:
        """Its answer.

        Raises:
            Problem: it has none, or none for everybody.
        """
        found = elsewhere.page(self.call, self.base, self.url, accept)
        arrived = rules.path_below(self.base, found.about.url)
        if arrived.startswith(SIGN_IN) and not rules.path_below(self.base, self.url).startswith(SIGN_IN):
            what = "The previous monitor shows this page to those alone who sign in there."
            raise elsewhere.unusable(what, f"Open it there: {self.url}")
        return found

    def linked(self, found: Found, href: str) -> str:
        """Where a link of its page leads here: to our own address if it is below the base; "" for none."""
        target = rules.linked(found.about.url, href)
        if href.startswith("#") or not target:
            return ""
        below = rules.is_below(self.base, target)
        return self.site + rules.path_below(self.base, target) if below else target


def document(forwarded: Forwarded) -> orjson.Fragment:
    """Its JSON, byte by byte.

    Raises:
        Problem: it has none, or what it says to be JSON is none.
    """
    found = forwarded.found("application/json")
    try:
        orjson.loads(found.content)
    except orjson.JSONDecodeError as error:
        what = "The previous monitor answers with something else than JSON."
        raise elsewhere.unusable(what, f"See what it says: {forwarded.url}") from error
    return orjson.Fragment(found.content)


def shape(forwarded: Forwarded) -> dict[str, Any]:
    """The context of the page; content and plain are "" where it has no text."""
    found = forwarded.found("text/html")
    text = text_of(found.content, found.about.charset)
    return {
        "title": forwarded.title,
        "heading": forwarded.title,
        "window": None,
        "fetched": forwarded.call.now,
        "original": forwarded.url,
        "content": _content(forwarded, found, text),
        "plain": text if found.about.media in TEXTS else "",
        "notes": [NOTE] if found.about.media in PAGES else [],
        "source": f"the previous monitor, {forwarded.base.origin}",
    }


def _content(forwarded: Forwarded, found: Found, text: str) -> str:
    media = found.about.media
    if media in TEXTS:
        return ""
    try:
        if media in PAGES:
            content = sanitised(text, lambda href: forwarded.linked(found, href))
            return content if has_text(content) else ""
        why = f"it is of the kind {media[:60] or 'that is not told'}"
    except Unreadable as error:
        why = str(error)
    what = f"The previous monitor's page cannot be shown here: {why}."
    raise elsewhere.unusable(what, f"Open it there: {forwarded.url}")
