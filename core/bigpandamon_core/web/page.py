"""What every page shows around its content."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bigpandamon_core import __version__
from bigpandamon_core.domain.window import now
from bigpandamon_core.sections.registry import Mounted, Registry
from bigpandamon_core.web.about import about
from bigpandamon_core.web.presence import closed
from bigpandamon_core.web.static_files import packages

THEME_COOKIE = "bigpandamon_theme"
THEMES = ("light", "dark")
PLOTS = "vendor/uplot/uPlot.esm.js"
Entry = dict[str, Any]
FAMILY_OF = {"jobs": "jobs", "tasks": "jedi"}
"""The tables of a noun that may have a scope."""


def root() -> str:
    """Address of the start page."""
    return f"{settings.BIGPANDAMON.get('web.base_path')}/"


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def around(request: HttpRequest, registry: Registry, mounted: Mounted | None) -> dict[str, Any]:
    """Navigation, instance, theme: everything but the page's own content."""
    moment = now()
    entries = _entries(registry, mounted)
    prefix = mounted.prefix if mounted else ""
    return {
        "title": "",
        "instance": settings.BIGPANDAMON.get("instance.title"),
        "home_url": root(),
        "nav": list(_nav(entries)),
        "below": _below(entries, prefix),
        "ways_on": [entry for entry in entries if entry["prefix"] in ("", prefix)],
        "as_of": moment,
        "age_seconds": 0,
        "notes": [],
        "ignored": (),
        "truncated": "",
        "links": {},
        "about": about(mounted, root()) if mounted else None,
        "theme": theme_of(request),
        "version": __version__,
        "vendor": PLOTS in packages()["bigpandamon"].contents,
        "search_url": _search(registry, mounted),
        "accounts_url": root() if settings.BIGPANDAMON.get("accounts.enabled") else "",
    }


def viewpoint(mounted: Mounted) -> list[str]:
    """What a page tells of the point of view it is shown from; core's has nothing to tell, nor has one of a
    plugin that reads no such records."""
    told = (noun for noun in mounted.scope_text if not mounted.own or FAMILY_OF.get(noun) in mounted.needs)
    return [f"{mounted.title}: only {noun} with {mounted.scope_text[noun]}." for noun in told]


def _search(registry: Registry, mounted: Mounted | None) -> str:
    """Where the search box leads: it finds from the point of view of the page."""
    target = registry.at("find", mounted.prefix) if mounted else None
    target = target or registry.at("find")
    return root() + target.routes[0] if target and not closed(target) else ""


def _nav(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Core's entries, and one for each plugin: named after it, leading to its first."""
    for prefix, some in groupby(sorted(entries, key=itemgetter("prefix")), itemgetter("prefix")):
        if prefix:
            own = list(some)
            yield own[0] | {"title": own[0]["of"], "current": any(entry["current"] for entry in own)}
        else:
            yield from some


def _below(entries: Iterable[Entry], prefix: str) -> dict[str, Any]:
    """The entries of the plugin that a page belongs to; nothing where they are no choice."""
    own = [entry for entry in entries if prefix and entry["prefix"] == prefix]
    return {"title": own[0]["of"], "nav": own} if len(own) > 1 else {}


def _entries(registry: Registry, mounted: Mounted | None) -> list[Entry]:
    """All that can be opened now. of: title of the plugin whose it is."""
    declared = [(item.title, registry.mounted.get(item.resource)) for item in registry.nav]
    shown = [(title, target) for title, target in declared if target and not closed(target)]
    current = _current([target for _, target in shown], mounted)
    return [
        {
            "title": title,
            "url": root() + target.routes[0],
            "prefix": target.prefix,
            "of": target.title,
            "current": target.name == current,
        }
        for title, target in shown
    ]


def _current(targets: list[Mounted], mounted: Mounted | None) -> str:
    """The entry a page belongs to: its own, else the first of its section; "" for none."""
    if mounted is None:
        return ""
    here = (mounted.prefix, mounted.section)
    of_section = [target.name for target in targets if (target.prefix, target.section) == here]
    return mounted.name if mounted.name in of_section else next(iter(of_section), "")
