"""What resources have in common: those of nouns with one table, and those that also stand at `/api/v1`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain.window import iso
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.registry import API_PREFIX
from bigpandamon_core.sections.types import Family, Parameter, Resource

STEERING = (
    Parameter("limit", "Most rows in the list; summaries always count all.", "integer"),
    Parameter("sort", "Order by a column, with - before it for descending."),
    Parameter("fields", "Comma list of keys each record keeps; an answer without it has them all."),
)
VIEW = Parameter("view", "On the page: all values of this attribute, not only the most frequent.")
ON_PAGES = (*STEERING, VIEW)
PAGING = (Parameter("after", "Continue after this place, from the link of the page before."),)


def v1_alike(page: Resource, shape: Callable[[Any], Any], path: str, **changes: Any) -> Resource:
    """The same in the envelope, at `/api/v1/<path>`. changes: what else differs."""
    alike = {
        "name": f"v1-{page.name}",
        "path": API_PREFIX + path,
        "also_at": (),
        "formats": {"json": shape},
        "template": "",
        "family": Family.V1,
        "answer": schemas.V1_RECORD,
        "refusal": {},
        "methods": ("GET", "HEAD"),
    }
    return replace(page, **(alike | changes))


def _nothing(_payload: Any) -> Mapping[str, Any]:
    return {}


def at_v1(
    page: Resource,
    path: str = "",
    shape: Callable[[Any], Any] | None = None,
    meta: Callable[[Any], Mapping[str, Any]] = _nothing,
    **changes: Any,
) -> Resource:
    """A page of a plugin below `/api/v1`: its JSON, or what shape tells, is the data of the envelope; other
    forms stay as they are.

    path: behind `/api/v1/`, that of the page unless said otherwise. meta: from what the page builds, what is
    told beside `as_of`. changes: what else differs.
    """
    told = partial(_enveloped, shape or page.formats["json"], meta)
    forms = {name: form for name, form in page.formats.items() if name not in ("html", "json")}
    alike = {
        "name": f"{page.name}-v1",
        "answer": schemas.envelope({} if shape else page.answer),
    }
    found = v1_alike(page, told, path or page.path.rstrip("/"), **(alike | changes))
    return replace(found, formats={**forms, **found.formats})


def _enveloped(
    shape: Callable[[Any], Any], meta: Callable[[Any], Mapping[str, Any]], payload: Any
) -> dict[str, Any]:
    call = payload.call
    asked = urlencode(call.parameters)
    links = {"self": f"{call.url}?{asked}" if asked else call.url}
    return {"data": shape(payload), "meta": {"as_of": iso(call.now), **meta(payload)}, "links": links}


def v1_of(page: Resource, shape: Callable[[Any], Any], parameters: tuple[Parameter, ...] = ()) -> Resource:
    """The same records at `/api/v1/<noun>`, a page at a time. parameters: those beside the usual ones."""
    rows = {name: page.formats[name] for name in ("csv", "ndjson", "text") if name in page.formats}
    return v1_alike(
        page,
        shape,
        page.noun,
        help=f"{page.help.partition(':')[0].rstrip('.')}, a page at a time.",
        formats={"json": shape, **rows},
        parameters=(*STEERING, *parameters, *PAGING),
        answer=schemas.V1_RECORDS,
    )
