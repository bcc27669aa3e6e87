"""What plugins tell of one record of core, beside its page."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from bigpandamon_core.accounts.rights import may
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.sections.registry import MountedPanel, Registry
from bigpandamon_core.web.asked import Asked
from bigpandamon_core.web.page import root
from bigpandamon_core.web.presence import without_tables

LOG = logging.getLogger(__name__)
Told = dict[str, Any]


def beside(asked: Asked, registry: Registry, payload: Any) -> list[Told]:
    """Panels of the plugins inside whose scope the record is, as far as they have something to tell."""
    noun = asked.mounted.resource.beside
    if not noun or asked.mounted.prefix:
        return []
    mounted = registry.panels.get(noun, ())
    shown = [one for one in mounted if not one.off and may(asked.caller, one.access)]
    return list(_told(asked.call, noun, shown, payload))


def _told(call: Call, noun: str, panels: Iterable[MountedPanel], payload: Any) -> Iterator[Told]:
    for one in panels:
        if without_tables(one.apps):
            continue
        try:
            facts = _facts(_call_of(one, call), noun, one, payload.told_beside)
        except Exception:  # pylint: disable=broad-exception-caught  # core's page stands whatever a plugin does
            LOG.exception("panel %s failed", one.panel.name)
            continue
        if facts:
            yield {"name": one.panel.name, "title": one.panel.title, "facts": facts}


def _call_of(one: MountedPanel, call: Call) -> Call:
    """The call as the plugin's own resources would get it."""

    def option(key: str) -> Any:
        return one.settings[key] if key in one.settings else settings.BIGPANDAMON.get(key)

    return replace(call, root=root() + one.prefix, is_core=False, scope=one.scope, option=option)


def _facts(call: Call, noun: str, one: MountedPanel, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(one.panel.build(call, row)) if scope.is_inside(call, row, noun) else []
