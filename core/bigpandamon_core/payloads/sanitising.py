"""Pages from elsewhere as what may stand inside ours: text, tables, lists and links, nothing that acts."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

import nh3
from django.utils.safestring import SafeString

MOST_SIGNS = 4_000_000
"""Of a page; longer ones are no pages to be read."""
DEEPEST = 500
"""Parts inside parts: how long a page is read grows with that, too."""
LONGEST_TAG = 20_000
TAGS = frozenset(
    """a abbr b blockquote br caption cite code dd del dfn div dl dt em h2 h3 h4 h5 h6 hr i ins kbd li mark ol
    p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr u ul var""".split()
)
WITH_CONTENT = frozenset(
    """applet audio button canvas datalist embed footer head iframe map math nav noembed noframes noscript
    object plaintext script select style svg template textarea title video xmp""".split()
)
"""What is left out with all that is in it."""
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
UNCOUNTED = frozenset(
    """area base body br col colgroup dd dt embed head hr html img input li link meta option p source tbody td
    tfoot th thead tr wbr""".split()
)
"""Tags that need no end, or have none."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_WHOLE_TAG = re.compile(r"""/?[a-zA-Z][\w:-]*(?:\s+[\w:-]+(?:=(?:"[^"<>]*"|'[^'<>]*'))?)*\s*/?>""")
_TEXT = re.compile(r"(?:^|>)\s*[^<\s]")
_END_OF_ANY = "\"'>"
"""Ends a tag in whatever part of it this stands; in a text it is three odd signs."""
Linked = Callable[[str], str]


class Unreadable(ValueError):
    """A page that is not taken; the message says why."""


def sanitised(page: str, linked: Linked) -> SafeString:
    """A page's content as markup of ours. linked: what an address in it becomes, "" for one that is no link.

    Raises:
        Unreadable: reading it would take too long.
    """
    if len(page) > MOST_SIGNS:
        raise Unreadable(f"it has more than {MOST_SIGNS // 1_000_000} million characters")
    if _depth(page) > DEEPEST:
        raise Unreadable("its parts are nested too deeply")

    def judged(tag: str, attribute: str, value: str) -> str | None:
        return (linked(value) or None) if (tag, attribute) == ("a", "href") else value

    clean = nh3.clean(
        _with_short_tags(page),
        tags=set(TAGS),
        clean_content_tags=set(WITH_CONTENT),
        attributes=ATTRIBUTES,
        attribute_filter=judged,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return SafeString(clean)


def has_text(content: str) -> bool:
    """Whether there is anything to read in markup that is clean."""
    return _TEXT.search(content) is not None


def _depth(page: str) -> int:
    """How many parts that need an end are open at most."""
    still_open: Counter[str] = Counter()
    now = deepest = 0
    for end, name in _tags(page):
        if not end:
            still_open[name] += 1
            now += 1
            deepest = max(deepest, now)
        elif still_open[name]:
            still_open[name] -= 1
            now -= 1
    return deepest


def _tags(page: str) -> Iterator[tuple[str, str]]:
    found = ((tag[1], tag[2].lower()) for tag in _TAG.finditer(page))
    return ((end, name) for end, name in found if name not in UNCOUNTED)


def _with_short_tags(page: str) -> str:
    """The same where tags are of usual length. One with a hundred thousand attributes takes seconds to read,
    and only who reads it knows where it ends."""
    return "<".join(
        piece if len(piece) <= LONGEST_TAG or _is_text(piece) else _broken(piece) for piece in page.split("<")
    )


def _is_text(piece: str) -> bool:
    """Whether what follows a `<` is soon text: no tag begins there, or one that surely ends."""
    begins = piece[:2].lstrip("/")[:1].isalpha()
    return not begins or _WHOLE_TAG.match(piece, 0, LONGEST_TAG) is not None


def _broken(piece: str) -> str:
    return _END_OF_ANY.join(piece[place : place + LONGEST_TAG] for place in range(0, len(piece), LONGEST_TAG))
