"""What every page shows around its content."""

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


def root() -> str:
    """Address of the start page."""
    return f"{settings.BIGPANDAMON.get('web.base_path')}/"


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def around(request: HttpRequest, registry: Registry, mounted: Mounted | None) -> dict[str, Any]:
    """Navigation, instance, theme: everything but the page's own content."""
    moment = now()
    nav = _nav(registry, mounted)
    return {
        "title": "",
        "instance": settings.BIGPANDAMON.get("instance.title"),
        "home_url": root(),
        "nav": nav,
        "ways_on": [entry for entry in nav if entry["prefix"] in ("", mounted.prefix if mounted else "")],
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
    """What a page tells of the point of view it is shown from; core's has nothing to tell."""
    return [f"{mounted.title}: only {noun} with {text}." for noun, text in mounted.scope_text.items()]


def _search(registry: Registry, mounted: Mounted | None) -> str:
    """Where the search box leads: it finds from the point of view of the page."""
    target = registry.at("find", mounted.prefix) if mounted else None
    target = target or registry.at("find")
    return root() + target.routes[0] if target and not closed(target) else ""


def _nav(registry: Registry, mounted: Mounted | None) -> list[dict[str, Any]]:
    entries = [(item.title, registry.mounted.get(item.resource)) for item in registry.nav]
    shown = [(title, target) for title, target in entries if target and not closed(target)]
    current = _current([target for _, target in shown], mounted)
    return [
        {
            "title": title,
            "url": root() + target.routes[0],
            "prefix": target.prefix,
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
