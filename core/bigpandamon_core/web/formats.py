"""The template library `formats`: how numbers, times and sizes read on a page, and figures of a page's parts.

Every filter takes what a payload holds, None included, and never fails: an absent value is shown as a dash.
"""

from datetime import datetime
from decimal import Decimal
from typing import TypeGuard

from django import template

from bigpandamon_core.web import drawings, stacks

register = template.Library()

ABSENT = "–"
FIXED = "\u00a0"
"""A blank that keeps a number and its unit on one line."""
FEW = 20
"""Below so many ended jobs a failing rate is printed without colour: small numbers shout."""
SHORT = 600
"""Durations from here on, in seconds, are told without seconds."""
RATE_STEPS = (2, 5, 10, 25)
_SIZES = ("B", "kB", "MB", "GB", "TB", "PB", "EB")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


@register.filter
def number(value: object) -> str:
    """56,325 or 2.35; text passes unchanged."""
    if not _is_number(value):
        return ABSENT if value in (None, "") else str(value)
    amount = float(value)
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}".rstrip("0").rstrip(".")


@register.filter
def percent(value: object, places: int = 1) -> str:
    """19.7 %; the value is in percent, not a fraction. Only all is told as all: >99.9 %."""
    if not _is_number(value):
        return ABSENT
    least, rounded = 10**-places, round(float(value), places)
    if rounded == 0 < value:
        return f"<{least:g}{FIXED}%"
    if rounded == 100 > value:
        return f">{100 - least:g}{FIXED}%"
    return f"{value:.{places}f}{FIXED}%"


@register.filter
def step(minutes: int) -> str:
    """15 min, 6 h, 7 d: the length of a bar."""
    for name, unit in (("d", 1440), ("h", 60)):
        if minutes % unit == 0 and minutes > unit:
            return f"{minutes // unit}{FIXED}{name}"
    return f"{minutes}{FIXED}min"


@register.filter
def duration(seconds: object) -> str:
    """The two largest units: 16 s, 41 min, 2 h 38 min, 3 d 4 h."""
    if not _is_number(seconds):
        return ABSENT
    whole = round(float(seconds))
    if whole < 0:
        return f"−{duration(-whole)}"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest if whole < SHORT else 0, "s")]
    large = next((place for place, (amount, _) in enumerate(parts) if amount), 3)
    told = [f"{amount}{FIXED}{unit}" for amount, unit in parts[large : large + 2] if amount]
    return FIXED.join(told) or f"0{FIXED}s"


@register.filter
def ago(seconds: object) -> str:
    """12 s ago, 41 min ago, 2 h 38 min ago; "" when unknown."""
    return f"{duration(seconds)}{FIXED}ago" if _is_number(seconds) else ""


@register.filter
def clock(moment: object, reference: object = None) -> str:
    """21 Nov 00:41 beside a reference of the same year, else 2018-11-21 00:41. UTC."""
    if not isinstance(moment, datetime):
        return ABSENT if moment in (None, "") else str(moment)
    if isinstance(reference, datetime) and reference.year == moment.year:
        return f"{moment.day}{FIXED}{moment:%b}{FIXED}{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}{FIXED}{moment:%H:%M}"


@register.filter
def clock_seconds(moment: object) -> str:
    """00:41:31 of a moment."""
    return f"{moment:%H:%M:%S}" if isinstance(moment, datetime) else ABSENT


@register.filter
def iso(moment: object) -> str:
    """For `<time datetime>`: UTC said aloud, so that a browser does not take it for local time."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if isinstance(moment, datetime) else ""


@register.filter
def size(amount_bytes: object) -> str:
    """366.6 MB, in powers of ten."""
    if not _is_number(amount_bytes):
        return ABSENT
    amount, place = float(amount_bytes), 0
    while abs(amount) >= 999.95 and place < len(_SIZES) - 1:
        amount, place = amount / 1000, place + 1
    return f"{amount:.0f}{FIXED}B" if not place else f"{amount:.1f}{FIXED}{_SIZES[place]}"


@register.filter
def rate_step(rate: object, ended: object = None) -> str:
    """The class of a failing rate, r0 to r4; r0 also for a rate of few jobs."""
    if not _is_number(rate) or (_is_number(ended) and ended < FEW):
        return "r0"
    return f"r{sum(1 for step in RATE_STEPS if rate >= step)}"


for _drawing in (*drawings.FILTERS, *stacks.FILTERS):
    register.filter(_drawing)
