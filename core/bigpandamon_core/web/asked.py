"""A request read as far as its representation: who asks, in which form, and the call to the builder."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from bigpandamon_core.caching.cache import UNKEPT, Lifetime, lifetime
from bigpandamon_core.domain.parameters import refuse_illegal
from bigpandamon_core.domain.problems import not_found, unavailable
from bigpandamon_core.domain.window import now
from bigpandamon_core.panda.families import Presence
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.sections.registry import API_PREFIX, Mounted, Registry
from bigpandamon_core.sections.types import Access, Family
from bigpandamon_core.web.access import Caller, allow, caller_of, is_public, is_shared
from bigpandamon_core.web.delivery import SAFE
from bigpandamon_core.web.negotiation import chosen, parameters, refuse_without_headers
from bigpandamon_core.web.page import root
from bigpandamon_core.web.presence import state_of, unanswerable
from bigpandamon_core.web.shelf import shelf

BYPASS = "timestamp"
"""The parameter that asks for an answer of this moment, neither from a cache nor for one."""
MISSING = (
    "What an installation does not have is not shown; of what it has `bigpandamon check` tells what is amiss."
)
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """is_public: everybody gets the same answer. lifetime: for how long it may be kept."""

    request: HttpRequest
    mounted: Mounted
    caller: Caller
    format_name: str
    call: Call
    is_public: bool
    lifetime: Lifetime


def read(request: HttpRequest, mounted: Mounted, path: dict[str, str], registry: Registry) -> Asked:
    """The request to a mounted resource. path: values taken from the address. registry: all that is shown.

    Raises:
        Problem: who asks may not, nothing answers there now, or the request cannot be read.
    """
    caller = caller_of(request)
    allow(caller, mounted.resource)
    _refuse_closed(mounted)
    refuse_without_headers(request, mounted.resource)
    pairs = parameters(request, mounted.resource)
    if mounted.own:  # of plugins none has to think of it
        for name, value in (*path.items(), *pairs):
            refuse_illegal(name, str(value))
    format_name = chosen(request, mounted.resource, pairs)
    reads = request.method in SAFE
    kept = _lifetime(mounted, pairs) if reads and is_shared(caller, mounted.resource) else UNKEPT
    call = _call(request, mounted, caller, path, pairs, kept.seconds)
    same = registry.v1_of(mounted)
    call = replace(call, api_understood=same.resource.steering) if same else call
    return Asked(
        request,
        mounted,
        caller,
        format_name,
        call=call if _bypasses(pairs) else replace(call, shelf=shelf(registry.digest)),
        is_public=reads and is_public(caller, mounted.resource),
        lifetime=kept,
    )


def _refuse_closed(mounted: Mounted) -> None:
    """Raises Problem: 404 for what is switched off, 503 for what lacks its tables."""
    if mounted.off:
        raise not_found(mounted.off)
    missing = unanswerable(mounted)
    if missing:
        raise unavailable(missing, MISSING, retry_after_seconds=600)


def _lifetime(mounted: Mounted, pairs: Pairs) -> Lifetime:
    return UNKEPT if _bypasses(pairs) else lifetime(settings.BIGPANDAMON, mounted.resource.point)


def _bypasses(pairs: Pairs) -> bool:
    return any(name.lower() == BYPASS for name, _ in pairs)


def _call(
    request: HttpRequest,
    mounted: Mounted,
    caller: Caller,
    path: dict[str, str],
    pairs: Pairs,
    grain_seconds: int,
) -> Call:
    personal = Access.PERSONAL in caller.rights
    return Call(
        parameters=pairs,
        now=now(),
        grain_seconds=grain_seconds,
        option=lambda key: _option(mounted, key),
        path=path,
        url=escape_uri_path(request.path),
        root=root() + mounted.prefix,
        is_core=not mounted.prefix,
        nouns=mounted.nouns,
        api=f"{root()}{API_PREFIX}{mounted.prefix}",
        reference=root() + API_PREFIX,
        strict=mounted.resource.family is Family.V1,
        understood=mounted.resource.steering,
        words={one.name: one.words for one in mounted.resource.parameters if one.words},
        privacy=caller.privacy,
        scope=mounted.scope,
        more_fields=mounted.fields_for(personal),
        more_columns=mounted.columns_for(personal),
        error_rules=mounted.error_rules,
        has_family=lambda family: state_of(family) is Presence.PRESENT,
    )


def _option(mounted: Mounted, key: str) -> Any:
    own = mounted.settings
    return own[key] if key in own else settings.BIGPANDAMON.get(key)
