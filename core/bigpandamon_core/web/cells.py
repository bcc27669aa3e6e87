"""The template library `cells`: a table has a thousand cells and more, each too small for a template."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bigpandamon_core.web.formats import clock, duration, iso, number, percent

register = template.Library()

_CELLS = {"text": "<td>{}</td>", "mono": '<td class="id">{}</td>'}
_FIGURE = '<td class="n">{}</td>'
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "duration": duration,
    "number": number,
    "percent": lambda value: percent(value, 0),
}


@register.filter
def cell(told: Mapping[str, Any], as_of: datetime | None = None) -> SafeString:
    """One `<td>`, but for states. told: kind, value, text and url. as_of: times of its year go without it."""
    kind, text = told["kind"], told["text"]
    if kind == "error":
        return format_html('<td class="long soft" title="{}">{}</td>', text, text)
    inner = _inner(kind, told["value"], text, as_of)
    return format_html(_CELLS.get(kind, _FIGURE), _linked(told["url"], inner) if told["url"] else inner)


def _inner(kind: str, value: Any, text: str, as_of: datetime | None) -> str:
    if kind == "time" and value:
        return format_html('<time datetime="{}">{}</time>', iso(value), clock(value, as_of))
    return _WORDS[kind](value) if kind in _WORDS else text


def _linked(url: str, inner: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, inner)
