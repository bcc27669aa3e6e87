"""The registry of this process, put together once."""

from functools import cache

from django.conf import settings

from bigpandamon_core.sections import catalogue
from bigpandamon_core.sections.registry import Mounted, Registry, build, of_section


@cache
def registry() -> Registry:
    """Core's sections that are switched on, and those of the active plugins."""
    off = set(settings.BIGPANDAMON.get("sections.off"))
    mounted: list[Mounted] = []
    nav = []
    for section in catalogue.CORE:
        reason = f"The section {section.title} is switched off here." if section.name in off else ""
        mounted += of_section(section, reason)
        nav += [("", item) for item in section.nav]
    return build(mounted, nav)
