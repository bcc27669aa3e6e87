"""The template library `cells`: a table has a thousand cells and more, attributes have hundreds of values,
each too small for a template."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bigpandamon_core.web.drawings import Drawn
from bigpandamon_core.web.formats import clock, duration, iso, number, percent, rate_step, size

register = template.Library()

_CELLS = {"text": "<td>{}</td>", "mono": '<td class="id">{}</td>'}
_FIGURE = '<td class="n">{}</td>'
_WORDS: Mapping[str, Callable[[Any], str]] = {
    "duration": duration,
    "number": number,
    "percent": lambda value: percent(value, 0),
    "size": size,
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


_VALUE = (
    '<li{}><a{} title="{}">{}{}</a><span class="n">{}</span>{}<svg width="{}%" viewBox="0 0 {} 3" '
    'preserveAspectRatio="none" aria-hidden="true">{}</svg></li>'
)
_MARK = SafeString('<i class="mark" aria-hidden="true"></i> ')


@register.filter
def value(bar: Drawn) -> SafeString:
    """One `<li>` of an attribute: a value, how many jobs have it, the part of them that failed."""
    told = bar.item
    group, text, width = told["group"], told["text"], bar.width
    of_group = format_html(' class="{}"', group) if group else ""
    url = format_html(' href="{}"', told["url"]) if told["url"] else ""
    failed = (
        format_html('<rect class="bad" width="{}" height="3"/>', bar.failed)
        if bar.failed and not group
        else ""
    )
    mark, rate = (_MARK, "") if group else ("", _rate(told))
    return format_html(
        _VALUE, of_group, url, text, mark, text, number(told["count"]), rate, width, width, failed
    )


def _rate(told: Mapping[str, Any]) -> SafeString | str:
    rate, ended = told["rate"], told["ended"]
    if rate is None:
        return ""
    step = f" {rate_step(rate, ended)}" if told["telling"] else ""
    title = f"{number(told['failed'])} of {number(ended)} that ended failed"
    return format_html('<span class="n rate{}" title="{}">{}</span>', step, title, percent(rate, 0))
