"""Kinds of callers, and a whole monitor that each of them may ask."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings

from bigpandamon_core.domain.privacy import Anonymous, Privacy
from bigpandamon_core.sections.registry import Mounted, Registry
from bigpandamon_core.sections.types import Access
from bigpandamon_core.web import access, kept
from tests.plugins.conftest import ON
from tests.plugins.monitors import NAMES, registry, running
from tests.web.gateway import Answer, Gateway

USER = "Ada Byron"
SUBJECT = "/DC=org/CN=Ada Byron"
QUERIES = {"find": "q=Ada+Byron", "job-by-parameter": "pandaid={pandaid}"}
"""By resource what has to be asked with."""
STATEMENTS = re.compile(rb"<span>\d+ statements?</span>")


def callers() -> Mapping[str, access.Caller]:
    """By their audience. To whoever has not signed in names are not told here."""
    names = Privacy(Anonymous.NAMES, settings.SECRET_KEY)
    pseudonyms = Privacy(Anonymous.PSEUDONYMS, settings.SECRET_KEY)
    read, all_rights = frozenset({Access.READ}), frozenset(Access)
    return {
        "anonymous": access.anonymous(),
        "guest": access.Caller("guest", read, pseudonyms),
        "member": access.Caller("member", read, names),
        "operator": access.Caller("operator", read | {Access.OPERATE}, names),
        "staff": access.Caller("staff", all_rights, names),
    }


AUDIENCES = ("anonymous", "guest", "member", "staff")
KEPT = ("anonymous", "guest", "member")
"""Those whose answers hold nothing personal."""


def called_by(request: Any) -> access.Caller:
    """In place of accounts: a cookie says it."""
    return callers()[request.COOKIES.get("audience", "anonymous")]


Empty = Callable[[], None]


class Monitor:
    """The whole monitor; its store can be emptied."""

    def __init__(self, empty: Empty):
        self._empty = empty
        self._gateway = Gateway()

    def empty(self) -> None:
        self._empty()
        kept.cache.cache_clear()

    def ask(self, url: str, audience: str, method: str = "GET", **headers: str) -> Answer:
        cookie = {} if audience == "anonymous" else {"cookie": f"audience={audience}"}
        return self._gateway.get(url, method, **(cookie | headers))


def unchanged(mounted: Mounted) -> Mounted:
    return mounted


def shown(folder: Path, stack: ExitStack, change: Callable[[Mounted], Mounted] = unchanged) -> Registry:
    """Requests go to a monitor with both plugins from now on. change: of each of its resources."""
    found = registry(folder, dict.fromkeys(NAMES, ON))
    changed = {name: change(mounted) for name, mounted in found.mounted.items()}
    everything = replace(found, mounted=MappingProxyType(changed))
    stack.enter_context(running(everything))
    return everything


def addresses(registry: Registry, people: Any) -> list[tuple[str, str]]:
    """(resource and form, address) for every resource in each of its forms."""
    found = []
    for mounted in registry.mounted.values():
        pandaid = people.hush[-1] if mounted.prefix == "quiet_vo/" else people.inner[-1]
        path = re.sub(r"<\w+:(\w+)>", r"{\1}", mounted.routes[0]).format(ring="inner", pandaid=pandaid)
        query = QUERIES.get(mounted.resource.name, "").format(pandaid=pandaid)
        forms = mounted.resource.formats
        found += [(f"{mounted.name} {form}", f"/{path}?{query}&format={form}") for form in forms]
    return found


def told(answer: Answer) -> tuple[int, bytes, str]:
    """What the caller learns, but for how many statements it took: some are asked once a process."""
    return answer.status, STATEMENTS.sub(b"", answer.body), answer.headers.get("Location", "")


def holds(audience: str, outcome: str) -> str:
    if audience != "anonymous":
        return "private, no-store"
    return "max-age=0, no-store" if outcome == "bypass" else "public, max-age=60"
