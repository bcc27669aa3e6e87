"""What the configuration makes of declared sections: switched off, for some callers alone, or forwarded."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bigpandamon_core.config import Configuration, Mistake
from bigpandamon_core.config.mistakes import nearest
from bigpandamon_core.domain.privacy import Anonymous
from bigpandamon_core.sections import forwarded
from bigpandamon_core.sections.registry import MACHINE, Mounted, Panels
from bigpandamon_core.sections.types import Access, Section

FORWARDED = "sections.forwarded"
HAS_IT = "take the line out to see it, or write [] to see the previous monitor's"
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
Option = Callable[[str], Any]


def declared(option: Option, known: Iterable[str]) -> Iterator[Section]:
    """The sections that the configuration declares by the beginnings of their addresses. known: names of
    those that are there without it."""
    names = frozenset(known)
    for name, prefixes in option(FORWARDED).items():
        if name not in names and prefixes and all(prefixes):
            yield forwarded.section(name, prefixes)


def switched(option: Option, found: Iterable[Mounted], titles: Mapping[str, str]) -> Iterator[Mounted]:
    """Resources as they are shown. titles: of sections by name."""
    for one in found:
        title = titles.get(one.section, one.section)
        if one.section in option("sections.off"):
            one = replace(one, off=f"The section {title} is switched off here.")
        if one.section in option(FORWARDED):
            one = _forwarded(option, one, title)
        yield _for_some(one, option("sections.restricted").get(one.section, Access.READ))


def switched_panels(option: Option, panels: Panels) -> Panels:
    """Panels as they are shown: with the section that each is of."""
    restricted, off = option("sections.restricted"), option("sections.off")
    return MappingProxyType(
        {
            noun: tuple(
                replace(one, off=name in off, access=Access(restricted.get(name, Access.READ)))
                for one in found
                for name in (one.panel.section,)
            )
            for noun, found in panels.items()
        }
    )


def _forwarded(option: Option, one: Mounted, title: str) -> Mounted:
    """Names are on its pages as the previous monitor shows them."""
    shown = forwarded.instead(one, title)
    names = option("privacy.anonymous") == Anonymous.NAMES
    return shown if names else _for_some(shown, Access.PERSONAL)


def _for_some(one: Mounted, access: str) -> Mounted:
    """For those alone who have this right, and what the resource asks for itself."""
    order = [*Access]
    if access not in order or one.resource.access not in order:
        return one
    wanted = max(Access(access), one.resource.access, key=order.index)
    return replace(one, resource=replace(one.resource, access=wanted))


def mistakes(configuration: Configuration, known: Iterable[str]) -> Iterator[Mistake]:
    """What is wrong with the sections that are forwarded. known: names of those that are there."""
    file, names = configuration.origin(FORWARDED), frozenset(known)
    known_are = f"known are {', '.join(sorted(names))}"
    for name, prefixes in configuration.get(FORWARDED).items():
        key = f"{FORWARDED}.{name}"
        if name in names and prefixes:
            yield Mistake(file, key, "[], for this monitor has that section", "addresses", HAS_IT)
        elif name not in names and not prefixes:
            near = nearest(name, names)
            remedy = f"did you mean {near}?" if near else f"name the beginnings of its addresses; {known_are}"
            yield Mistake(file, key, "a known section, or addresses", "an unknown one without", remedy)
        elif not _NAME.fullmatch(name):
            yield Mistake(file, key, "a name of small letters, digits, - and _", f'"{name}"')
        yield from (_taken(file, key, prefix) for prefix in prefixes or () if _first(prefix) in MACHINE)


def _taken(file: str, key: str, prefix: str) -> Mistake:
    return Mistake(file, key, "addresses that are not the monitor's own", f'"{prefix}"')


def _first(prefix: str) -> str:
    return str(prefix).strip("/").partition("/")[0]
