"""`/errors/` as a page."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.text import cut
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.errors import Errors
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_errors import errors as error_rows
from bigpandamon_core.payloads.jobs_links import can_be_asked_for, error_link, link, link_to_value
from bigpandamon_core.payloads.jobs_meant import meant
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.payloads.tables import Row, table
from bigpandamon_core.summaries.blame import Suspect
from bigpandamon_core.summaries.error_changes import Changed
from bigpandamon_core.summaries.error_times import ErrorTimes
from bigpandamon_core.summaries.errors import PlaceErrors, Places
from bigpandamon_core.summaries.jobs import ErrorCount, Key
from bigpandamon_core.summaries.messages import Message

FEW_ROWS, MOST_ROWS, MOST_ERRORS = 12, 500, 200
PLACES = {
    "computingsite": ("Queue", "queues"),
    "wn": ("Node", "nodes"),
    "jeditaskid": ("Task", "tasks"),
    "produsername": ("User", "users"),
}
_SUSPECT = (
    Column("field", "Attribute"),
    Column("value", "Value"),
    Column("failed", "Failed", "number"),
    Column("ended", "Ended", "number"),
    Column("share", "Of the failures", "percent"),
    Column("share_of_all", "Of all that ended", "percent"),
    Column("lift", "Lift", "number"),
    Column("alike", "As many have"),
)
_CHANGED = (
    Column("change", ""),
    Column("error", "Error"),
    Column("now", "Failed now", "number"),
    Column("before", "Before", "number"),
)
_MESSAGE = (
    Column("count", "Jobs", "number"),
    Column("text", "Message", "error"),
    Column("error", "Error"),
    Column("mostly", "Mostly at"),
    Column("there", "There", "number"),
    Column("example", "Example", "mono"),
)


def shape(errors: Errors) -> dict[str, Any]:
    """The context of the page."""
    errors.count_all()
    failed, total = errors.tally.failed, errors.tally.total
    beside = f", {total - failed:,} others" if total > failed else ""
    return {
        "title": "Errors",
        "heading": f"Why {failed:,} job{'' if failed == 1 else 's'} failed{beside}",
        **request_shown(errors.shown, errors.asked),
        "trend": trend(errors.population),
        "leading": [_suspects(errors), *changes(errors)],
        "errors": _over_time(errors, error_rows(errors, MOST_ERRORS)),
        "errors_left_out": max(len(errors.errors) - MOST_ERRORS, 0),
        "tables": [_messages(errors), *_place_tables(errors)],
        "truncated": errors.truncated or errors.population.truncated,
        "ignored": errors.without_effect,
        "notes": [*doubts(errors.shown), *meant(errors), *errors.lacking],
        "source": errors.source.told,
        "jobs_url": link(errors),
        "total": total,
        "links": data_links(errors.shown, errors.asked, api="errors"),
    }


def _over_time(errors: Errors, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with how often each error was met over time, where that is known."""
    times = errors.over_time
    if times is None:
        return rows
    return [row | {"times": _times(times, (row["component"], row["code"]))} for row in rows]


def _times(times: ErrorTimes, key: Key) -> dict[str, Any] | None:
    """most: of its jobs in one piece, which begins at `at`."""
    counts = times.counts.get(key)
    if counts is None:
        return None
    most = max(counts)
    return {"counts": counts, "minutes": times.minutes, "most": most, "at": times.moments[counts.index(most)]}


def _told_by(errors: Errors) -> list[str]:
    hidden = {"produsername"} if errors.call.privacy.hides_names else set()
    return [field for field in PLACES if field not in hidden]


def _suspects(errors: Errors) -> dict[str, Any]:
    rows = [_suspect(errors, one) for one in errors.suspects[:FEW_ROWS]]
    sub = "values that failed jobs have more often than jobs do; lift: how many times"
    empty = "No value of an attribute stands out: the failures are spread like the jobs."
    return table("blame", "What is to blame", _SUSPECT, rows, sub=sub, empty=empty)


def _suspect(errors: Errors, one: Suspect) -> Row:
    narrowed = _narrowed(errors, one.field, one.value)
    failed = link(errors, **{one.field + SHOWN: str(one.value), "jobstatus" + SHOWN: "failed"})
    return {
        "field": one.field,
        "value": cell("text", one.value, narrowed),
        "failed": cell("number", one.failures, failed),
        "ended": cell("number", one.ended, link_to_value(errors.population, one.field, one.value)),
        "share": 100 * one.share,
        "share_of_all": 100 * one.share_of_all,
        "lift": cell("figure", f"{one.lift:.1f}"),
        "alike": ", ".join(f"{field} {value}" for field, value in one.alike),
    }


def _narrowed(errors: Errors, field: str, value: Any) -> str:
    """The errors of one value alone."""
    if not can_be_asked_for(str(value)):
        return ""
    return f"{errors.asked.url}?{errors.shown.query(('view',), **{field + SHOWN: str(value)})}"


def changes(errors: Errors) -> list[dict[str, Any]]:
    """What is new, growing or gone, where that can be told."""
    if not errors.periods:
        return []
    found, (begin, end) = errors.changes, errors.periods[1]
    sub = f"failed jobs, compared with {begin:%d %b %H:%M} to {end:%d %b %H:%M}"
    if found is None:
        untold = "Not told: of those hours no failure is known in memory."
        return [table("changes", "New, growing, gone", _CHANGED, [], sub=sub, empty=untold)]
    jobs_of = tuple(errors.failed_between(*period) for period in errors.periods)
    rows = [_changed(errors, one, *jobs_of) for one in found[:FEW_ROWS]]
    return [table("changes", "New, growing, gone", _CHANGED, rows, sub=sub, empty="No error is.")]


def _changed(errors: Errors, one: Changed, now: Jobs, before: Jobs) -> Row:
    return {
        "change": one.change.value,
        "error": _told(errors, one.key),
        "now": cell("number", one.now, _error_link(now, one.key)),
        "before": cell("number", one.before, _error_link(before, one.key)),
    }


def _error_link(jobs: Jobs, key: Key, **more: str) -> str:
    return error_link(jobs, ErrorCount(*key, 0, 0, (), (), ()), **more)


def _told(errors: Errors, key: Key) -> str:
    """An error in words."""
    meaning = errors.meanings.get(key) or {}
    words = meaning.get("description") or meaning.get("acronym") or ""
    return f"{key[0]}:{key[1]} {cut(words, 80)}".rstrip()


def _messages(errors: Errors) -> dict[str, Any]:
    found, many = errors.messages, errors.sampled
    rows = [_message(errors, one) for one in found[: 2 * FEW_ROWS]]
    cut_off = errors.tally.total > many
    sub = f"of {'the newest ' if cut_off else ''}{many:,} jobs; numbers, names and times left out"
    return table("messages", "What they said", _MESSAGE, rows, sub=sub, empty="No job said anything.")


def _message(errors: Errors, one: Message) -> Row:
    site, count = one.sites.most_common(1)[0]
    key = (one.component, one.code)
    return {
        "count": one.count,
        "text": cell("error", one.text),
        "error": cell("text", f"{one.component}:{one.code}", _error_link(errors, key)),
        "mostly": cell("text", site, _narrowed(errors, "computingsite", site)),
        "there": count,
        "example": cell("mono", one.pandaid, f"{errors.call.root}job/{one.pandaid}/"),
    }


def _place_tables(errors: Errors) -> list[dict[str, Any]]:
    found = errors.places(MOST_ROWS if errors.shown.get("view") in PLACES else FEW_ROWS)
    return [_place_table(errors, field, found[field]) for field in _told_by(errors)]


def _place_table(errors: Errors, field: str, places: Places) -> dict[str, Any]:
    title, many_of = PLACES[field]
    is_open = errors.shown.get("view") == field
    shown = places.first[: MOST_ROWS if is_open else FEW_ROWS]
    ended = _ended(errors, field)
    columns = (
        Column("name", title),
        Column("rate", "Failing", "percent"),
        Column("jobs", "Jobs with errors", "number"),
        Column("mostly", "Mostly"),
        Column("count", "Jobs", "number"),
        Column("failed", "Failed", "number"),
        Column("ended", "Ended", "number"),
    )
    rows = [_place(errors, field, place, ended.get(place.name)) for place in shown]
    noun = many_of.removesuffix("s") if places.many == 1 else many_of
    more: dict[str, str] = {"sub": f"{places.many:,} {noun} with errors"}
    if places.many > len(shown) and not is_open:
        url = f"{errors.asked.url}?{errors.shown.query(view=field)}#{field}-title"
        more |= {"more": "more", "more_url": url}
    return table(field, f"By {title.lower()}", columns, rows, **more)


def _ended(errors: Errors, field: str) -> Mapping[Any, tuple[int, int]]:
    """By value how many failed and finished, where that was counted."""
    counted = (*errors.population.attributes, errors.nodes)
    attribute = next(one for one in counted if one.field.name == field)
    return {one.value: (one.failed, one.finished) for one in attribute.values}


def _place(errors: Errors, field: str, place: PlaceErrors, ended: tuple[int, int] | None) -> Row:
    key, count = place.most_frequent[0]
    here = {field + SHOWN: str(place.name)} if can_be_asked_for(str(place.name)) else None
    told: dict[str, Any] = {
        "name": cell("text", place.name, _narrowed(errors, field, place.name)),
        "jobs": place.jobs,
        "mostly": _told(errors, key),
        "count": cell("number", count, _error_link(errors, key, **here) if here else ""),
    }
    if ended is None:
        return told
    failed, finished = ended
    population = errors.population
    return told | {
        "failed": cell(
            "number", failed, link(population, **here, **{"jobstatus" + SHOWN: "failed"}) if here else ""
        ),
        "ended": cell("number", failed + finished, link(population, **here) if here else ""),
        "rate": failing_percent(failed, finished),
    }
