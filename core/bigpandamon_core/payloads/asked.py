"""How a page shows the request it answers, and what would change it."""

from collections.abc import Collection, Iterator
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import request_window
from bigpandamon_core.domain.alternatives import Alternative, alternatives
from bigpandamon_core.domain.nouns import REPRESENTATION, Asked
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.text import cut
from bigpandamon_core.domain.vocabulary import Doubt, refused
from bigpandamon_core.domain.window import Window
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.envelope import MOST_ROWS

SWITCH_HOURS = ((1, "1 h"), (6, "6 h"), (12, "12 h"), (24, "24 h"), (72, "3 d"), (168, "7 d"))


def request_shown(selection: Selection, call: Call, period: str = "") -> dict[str, Any]:
    """Its window, its conditions and the form that adds one. period: the window in other words."""
    window = window_shown(selection, call.url)
    return {
        "window": window | {"text": period} if period else window,
        "conditions": conditions(selection, call.url),
        "condition_choice": condition_choice(selection, call),
    }


def data_links(selection: Selection, call: Call, *forms: str, api: str = "") -> dict[str, str]:
    """The same as JSON, in these forms and below `/api/v1`, and a link that will always mean this window."""
    query, lasting = selection.query(), selection.query(**selection.absolute)
    return {
        "json": f"{call.url}?{query}&json" if query else f"{call.url}?json",
        **{form: f"{call.url}?{lasting}&format={form}" for form in forms},
        "lasting": f"{call.url}?{lasting}",
        **({"api": f"{call.api}{api}?{_api_query(selection, call)}"} if api else {}),
    }


def usual_links(call: Call, forms: Collection[str], has_api: bool) -> dict[str, str]:
    """The same in other forms where no noun is asked for, and its own address.
    has_api: it is below `/api/v1`, too."""
    given = [pair for pair in call.parameters if pair[0].lower() not in {*REPRESENTATION, "theme"}]
    query = urlencode(given)
    begin, whole = (f"{call.url}?{query}&", f"?{query}") if query else (f"{call.url}?", "")
    api = call.api + call.url.removeprefix(call.root).rstrip("/")
    links = {form: f"{begin}format={form}" for form in forms if form not in ("html", "json")}
    links |= {"lasting": call.url + whole} | ({"json": f"{begin}json"} if "json" in forms else {})
    return links | ({"api": f"{api}{whole}"} if has_api else {})


def _api_query(selection: Selection, call: Call) -> str:
    """Of the request what `/api/v1` takes: it refuses what has no effect there."""
    given = dict(selection.parameters)
    fields = {name for name in given if selection.noun.field(name.removesuffix(SHOWN))}
    of_page = (call.understood | selection.noun.steering) - call.api_understood - fields
    too_many = {"limit"} if (selection.limit or 0) > MOST_ROWS else set[str]()
    return selection.query(of_page | refused(given, selection.noun) | too_many)


def window_shown(selection: Selection, url: str) -> dict[str, Any]:
    """The period in words and the buttons that change it; nothing of records that have no time."""
    if not selection.noun.window.time_columns:
        return {}
    window = selection.window
    return {
        "text": _window_text(selection, window) if window else "all times",
        "from": window.begin if window else None,
        "to": window.end if window else None,
        "bounds_active": bool(window and window.bounds_active),
        "switch": [
            {
                "text": text,
                "url": f"{url}?{_of_hours(selection, hours)}",
                "current": _is_hours(selection, window, hours),
            }
            for hours, text in SWITCH_HOURS
        ],
    }


def _window_text(selection: Selection, window: Window) -> str:
    column = "modified" if window.column == "modificationtime" else window.column
    live = ", and all live ones" if selection.noun.live_states and not window.bounds_active else ""
    begin, end = f"{window.begin:%d %b %Y %H:%M}", f"{window.end:%d %b %Y %H:%M}"
    if selection.ends_now:
        return f"{column} since {begin} UTC{live}"
    if window.begin.date() == window.end.date():
        end = f"{window.end:%H:%M}"
    elif window.begin.year == window.end.year:
        begin = f"{window.begin:%d %b %H:%M}"
    return f"{column} {begin} to {end} UTC{live}"


def _of_hours(selection: Selection, hours: int) -> str:
    """The same request for another length of time: live records bound by it where they are bound now."""
    window = selection.window
    if _is_hours(selection, window, hours):
        return selection.query()
    unbound = bool(selection.noun.live_states) and window is not None and not window.bounds_active
    every = {"active": "all"} if unbound else {}
    return selection.query(request_window.NAMES, hours=str(hours), **every)


def _is_hours(selection: Selection, window: Window | None, hours: int) -> bool:
    return window is not None and not selection.has("date_from", "date_to") and round(window.hours) == hours


def conditions(selection: Selection, url: str) -> list[dict[str, Any]]:
    """Each value with a link to the same without it, as far as it can be taken out alone."""
    return [condition for asked in selection.asked for condition in _conditions(selection, asked, url)]


def _conditions(selection: Selection, asked: Asked, url: str) -> Iterator[dict[str, Any]]:
    name = asked.parameter
    plain = name.removesuffix(SHOWN)
    whole = selection.query(asked.parameters, **_without_mode(name))
    told = alternatives(asked, selection.get(name), selection.noun.field(plain))
    for one in told or (Alternative(asked.text, ""),):
        query = selection.query(**{name: one.rest}) if one.rest else whole
        yield {"field": plain, "text": one.text, "remove_url": f"{url}?{query}"}


def doubts(selection: Selection) -> list[str]:
    """That nothing can match a value, or that it is taken for another."""
    return [told_doubt(doubt, selection.noun.name) for doubt in selection.doubts]


def told_doubt(doubt: Doubt, records: str) -> str:
    """A doubt in a sentence. records: of what kind, as the name of their noun."""
    meant = f" Did you mean {doubt.instead}?" if doubt.instead else ""
    field = doubt.parameter.removesuffix(SHOWN)
    if doubt.taken_for:
        return f"{field} has no word {cut(doubt.value, 60)}: it is taken for {doubt.taken_for}.{meant}"
    return f"No {records.removesuffix('s')} can have the {field} {cut(doubt.value, 60)}.{meant}"


def fewer_rows(selection: Selection, most: int) -> list[str]:
    """That a page has fewer rows than were asked for."""
    if (selection.limit or 0) <= most:
        return []
    return [f"A page has at most {most} rows; as JSON, CSV or NDJSON you get all that limit allows."]


def condition_choice(selection: Selection, call: Call) -> dict[str, Any]:
    """What a form needs to add a condition: the fields, counted ones first, and all else the request says."""
    fields = sorted(selection.noun.fields, key=lambda field: field.name)
    return {
        "groups": [
            {"title": title, "names": [field.name for field in fields if field.counted is counted]}
            for title, counted in (("Attributes", True), ("Other fields", False))
            if any(field.counted is counted for field in fields)
        ],
        "kept": selection.pairs(),
        "decoded_again": True,
        "url": call.url,
        "help_url": f"{call.reference}#{selection.noun.name}",
    }


def _without_mode(parameter: str) -> dict[str, str | None]:
    return {"mode": "nodrop"} if parameter == "mode" else {}
