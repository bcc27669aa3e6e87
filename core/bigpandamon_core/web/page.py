"""What every page shows around its content."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bigpandamon_core import __version__
from bigpandamon_core.domain.window import now
from bigpandamon_core.sections.registry import Mounted, Registry

THEMES = ("light", "dark")
_VENDOR = Path(__file__).resolve().parent.parent / "static" / "bigpandamon" / "vendor"


def root() -> str:
    """Address of the start page."""
    return f"{settings.BIGPANDAMON.get('web.base_path')}/"


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("bigpandamon_theme", "")
    return chosen if chosen in THEMES else "auto"


def around(request: HttpRequest, registry: Registry, mounted: Mounted | None) -> dict[str, Any]:
    """Navigation, instance, theme: everything but the page's own content."""
    moment = now()
    return {
        "title": "",
        "instance": settings.BIGPANDAMON.get("instance.title"),
        "home_url": root(),
        "nav": _nav(registry, mounted),
        "as_of": moment,
        "age_seconds": 0,
        "notes": [],
        "ignored": (),
        "truncated": "",
        "links": {},
        "theme": theme_of(request),
        "version": __version__,
        "vendor": _VENDOR.is_dir(),
        "search_url": f"{root()}find/",
    }


def _nav(registry: Registry, mounted: Mounted | None) -> list[dict[str, Any]]:
    found = []
    for prefix, item in registry.nav:
        target = registry.at(item.resource, prefix)
        if target and not target.off:
            current = (
                mounted is not None and mounted.section == target.section and mounted.prefix == target.prefix
            )
            found.append({"title": item.title, "url": root() + target.routes[0], "current": current})
    return found
