"""`/jobs/` as a page: states, attributes, errors and one page of rows, every count a link to its rows."""

from collections.abc import Mapping
from typing import Any

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain import request_window
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.job_errors import BY_NAME, errors_of
from bigpandamon_core.domain.job_requests import link_changes
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.selection import Selection, write_cursor
from bigpandamon_core.domain.states import (
    JOB_STATES, SHORT, WITH_ERRORS, failing_percent, job_group, shown_state,
)  # fmt: skip
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut
from bigpandamon_core.domain.window import Window
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import job_order
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.summaries.jobs import Attribute, ErrorCount, ValueCount, alphabetic, telling

COLUMNS = (
    Column("pandaid", "PanDA id", "mono", "pandaid"),
    Column("jeditaskid", "Task", "mono", "jeditaskid"),
    Column("produsername", "User", "text", "produsername"),
    Column("jobstatus", "State", "state", "jobstatus"),
    Column("computingsite", "Queue", "text", "computingsite"),
    Column("corecount", "Cores", "number", "corecount"),
    Column("currentpriority", "Priority", "number", "currentpriority"),
    Column("attemptnr", "Attempt", "number", "attemptnr"),
    Column("modificationtime", "Modified", "time", "modificationtime"),
    Column("duration", "Ran", "duration"),
    Column("cpuefficiency", "CPU eff.", "number"),
    Column("maxpss", "Peak GB", "number", "maxpss"),
    Column("error", "Error", "error"),
)
SHOWN_VALUES = 7
MOST_ERRORS = 20
MOST_ROWS = 500
SWITCH_HOURS = ((1, "1 h"), (6, "6 h"), (12, "12 h"), (24, "24 h"), (72, "3 d"), (168, "7 d"))


def shape(jobs: Jobs) -> dict[str, Any]:
    """The context of the page."""
    selection, tally = jobs.selection, jobs.tally
    rows = jobs.page(job_queries.all_columns(), _limit(jobs) + 1)
    shown = rows[: _limit(jobs)]
    return {
        "title": "Jobs",
        "heading": f"{tally.total:,} jobs" if tally.total != 1 else "1 job",
        "total": tally.total,
        "window": window_shown(selection, jobs.call.url),
        "conditions": _conditions(selection, jobs.call.url),
        "states": [_state(jobs, state, count) for state, count in _in_order(tally.states())],
        "failing": failing_percent(tally.failed, tally.finished),
        "attributes": _attributes(jobs),
        "attribute_order": _orders(selection, jobs.call.url),
        "errors": [_error(jobs, error) for error in jobs.errors[:MOST_ERRORS]],
        "columns": [_column(column, selection, jobs.call.url) for column in COLUMNS],
        "rows": [_row(jobs, row) for row in shown],
        "rows_title": _rows_title(len(shown), tally.total, selection),
        "next_url": _next(jobs, shown) if len(rows) > len(shown) else "",
        "previous_url": f"{jobs.call.url}?{selection.query()}" if selection.after else "",
        "incomplete": sum(1 for row in shown if row["jobstatus"] is None or row["modificationtime"] is None),
        "truncated": jobs.truncated,
        "ignored": selection.ignored,
        "source": "counted in the PanDA database",
        "links": links(selection, jobs.call.url),
    }


def _limit(jobs: Jobs) -> int:
    asked = jobs.selection.limit
    rows = int(jobs.call.option("jobs.page_rows")) if asked is None else asked
    return min(rows, MOST_ROWS)


def window_shown(selection: Selection, url: str) -> dict[str, Any]:
    """The period in words and the buttons that change it."""
    window = selection.window
    return {
        "text": _window_text(window) if window else "all times",
        "from": window.begin if window else None,
        "to": window.end if window else None,
        "bounds_active": bool(window and window.bounds_active),
        "switch": [
            {
                "text": text,
                "url": f"{url}?{selection.query(request_window.NAMES, hours=str(hours))}",
                "current": _is_hours(selection, window, hours),
            }
            for hours, text in SWITCH_HOURS
        ],
    }


def _window_text(window: Window) -> str:
    column = "modified" if window.column == "modificationtime" else window.column
    live = "" if window.bounds_active else ", and all live ones"
    return f"{column} {window.begin:%d %b %Y %H:%M} to {window.end:%d %b %Y %H:%M} UTC{live}"


def _is_hours(selection: Selection, window: Window | None, hours: int) -> bool:
    return window is not None and not selection.has("date_from", "date_to") and round(window.hours) == hours


def _conditions(selection: Selection, url: str) -> list[dict[str, Any]]:
    return [
        {
            "field": asked.parameter.removesuffix(SHOWN),
            "text": asked.text,
            "remove_url": f"{url}?{selection.query((asked.parameter,), **_without_mode(asked.parameter))}",
        }
        for asked in selection.asked
    ]


def _without_mode(parameter: str) -> dict[str, str | None]:
    return {"mode": "nodrop"} if parameter == "mode" else {}


def _in_order(states: Mapping[str, int]) -> list[tuple[str, int]]:
    rank = {state: place for place, state in enumerate((*JOB_STATES[:12], "subfinished", *JOB_STATES[12:]))}
    return sorted(states.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0]))


def _state(jobs: Jobs, state: str, count: int) -> dict[str, Any]:
    return {
        "state": state,
        "group": job_group(state),
        "short": SHORT.get(state, state),
        "count": count,
        "url": link_to_value(jobs, "jobstatus", state),
    }


def link(jobs: Jobs, drop: tuple[str, ...] = (), **changes: str | None) -> str:
    """The address that shows the same jobs with changed parameters, in the same absolute window."""
    selection = jobs.selection
    return f"{jobs.call.url}?{selection.query((*drop, 'sort', 'sortby', 'fields', 'order', 'view'), **link_changes(selection, **changes))}"


def link_to_value(jobs: Jobs, field: str, value: Any) -> str:
    """The jobs counted for one value. A condition the request already puts on the field stays, both hold."""
    name = field + SHOWN
    if field in ("jeditaskid", "pandaid") and value != NOT_SPECIFIED and not jobs.selection.has(field):
        return link(jobs, **{field: str(value)})
    return link(jobs, **{name: str(value)})


def _attributes(jobs: Jobs) -> list[dict[str, Any]]:
    shown = [_attribute(jobs, attribute) for attribute in jobs.tally.attributes() if _tells(attribute)]
    if jobs.selection.get("order", "count") == "failing":
        return sorted(shown, key=lambda a: -max((v["rate"] or 0) * v["telling"] for v in a["values"]))
    return shown


def _tells(attribute: Attribute) -> bool:
    """An attribute that no job has says nothing."""
    return any(value.value != NOT_SPECIFIED for value in attribute.values)


def _attribute(jobs: Jobs, attribute: Attribute) -> dict[str, Any]:
    order, name = jobs.selection.get("order", "count"), attribute.field.name
    values = _ordered(attribute.values, order)
    most = len(values) if jobs.selection.get("view") == name else SHOWN_VALUES
    return {
        "field": name,
        "title": name,
        "distinct": len(values),
        "values": [_value(jobs, name, value) for value in values[:most]],
        "more": max(len(values) - most, 0),
        "more_url": link(jobs, view=name) + f"#attribute-{name}",
    }


def _ordered(values: tuple[ValueCount, ...], order: str) -> list[ValueCount]:
    if order == "alpha":
        return sorted(values, key=lambda value: alphabetic(value.value))
    if order == "failing":
        return sorted(values, key=lambda value: -(failing_percent(value.failed, value.finished) or 0))
    return list(values)


def _value(jobs: Jobs, field: str, value: ValueCount) -> dict[str, Any]:
    tally = jobs.tally
    personal = field == "produsername"
    return {
        "value": value.value,
        "text": str(jobs.call.privacy.name(value.value) if personal else value.value) or "(not shown)",
        "count": value.count,
        "url": "" if personal and jobs.call.privacy.hides_names else link_to_value(jobs, field, value.value),
        "failed": value.failed,
        "ended": value.ended,
        "rate": failing_percent(value.failed, value.finished),
        "telling": telling(value, tally.failed, tally.finished),
        "share": value.count / tally.total if tally.total else 0,
        "group": job_group(str(value.value)) if field == "jobstatus" else "",
    }


def _orders(selection: Selection, url: str) -> list[dict[str, Any]]:
    current = selection.get("order", "count")
    return [
        {"text": text, "url": f"{url}?{selection.query(order=word)}", "current": word == current}
        for word, text in (("count", "count"), ("alpha", "name"), ("failing", "failing"))
    ]


def error_link(jobs: Jobs, error: ErrorCount, **more: str) -> str:
    """The jobs counted for an error: among those whose errors are summed up, with this code."""
    component = BY_NAME[error.component]
    changes: dict[str, str | None] = {component.code + SHOWN: str(error.code)}
    if error.component == "taskbuffer":
        changes["superrorcode" + SHOWN] = NOT_SPECIFIED
    if not jobs.sums_up_all_states:
        changes["witherrors"] = "1"
    return link(jobs, **changes, **more)


def _error(jobs: Jobs, error: ErrorCount) -> dict[str, Any]:
    meaning = jobs.meanings.get((error.component, error.code)) or {}
    return {
        "error": error.key,
        "component": error.component,
        "code": error.code,
        "diag": jobs.examples.get(error.key, ""),
        "description": meaning.get("description") or meaning.get("acronym") or "",
        "count": error.count,
        "jobs_url": error_link(jobs, error),
        "example_pandaid": error.example_pandaid,
        "example_url": f"{jobs.call.root}job/{error.example_pandaid}/",
        "top_sites": [_top(jobs, error, "computingsite", *item) for item in error.sites],
        "top_tasks": [_top(jobs, error, "jeditaskid", *item) for item in error.tasks],
        "top_users": [_top(jobs, error, "produsername", *item) for item in error.users],
    }


def _top(jobs: Jobs, error: ErrorCount, field: str, value: Any, count: int) -> dict[str, Any]:
    hidden = field == "produsername" and jobs.call.privacy.hides_names
    name = field if field == "jeditaskid" and value != NOT_SPECIFIED else field + SHOWN
    return {
        "value": jobs.call.privacy.name(value) if field == "produsername" else value,
        "count": count,
        "url": "" if hidden else error_link(jobs, error, **{name: str(value)}),
    }


def _column(column: Column, selection: Selection, url: str) -> dict[str, Any]:
    sort = selection.sort[0]
    current = sort.column == column.sort
    way = "" if current and sort.descending else "-"
    return {
        "name": column.name,
        "title": column.title,
        "align": "right" if column.kind in ("number", "time", "duration") else "left",
        "sort_url": f"{url}?{selection.query(('sortby',), sort=way + column.sort)}" if column.sort else "",
        "sorted": ("desc" if sort.descending else "asc") if current else "",
    }


def _rows_title(shown: int, total: int, selection: Selection) -> str:
    if selection.after:
        return f"The next {shown:,} of {total:,} jobs"
    if shown == total:
        return f"All {total:,} jobs" if total != 1 else "The job"
    newest = selection.sort == selection.noun.default_sort
    return f"{'Newest' if newest else 'First'} {shown:,} of {total:,} jobs"


def _next(jobs: Jobs, shown: list[dict[str, Any]]) -> str:
    if not shown or jobs.selection.sort[0].column in ("duration", "queuetime"):
        return ""
    last = shown[-1]
    cursor = write_cursor(job_order.sort_value(last, jobs.selection.sort[0]), last["pandaid"])
    absolute = link_changes(jobs.selection) | {"limit": jobs.selection.get("limit") or None}
    return f"{jobs.call.url}?{jobs.selection.query(**absolute)}&after={cursor}"


def _row(jobs: Jobs, row: Mapping[str, Any]) -> dict[str, Any]:
    state = shown_state(row["jobstatus"], row["jobsubstatus"])
    url = f"{jobs.call.root}job/{row['pandaid']}/"
    task = link_to_value(jobs, "jeditaskid", row["jeditaskid"]) if row["jeditaskid"] else ""
    ran = job_rules.duration_seconds(row["jobstatus"] or "", row["starttime"], row["endtime"], jobs.call.now)
    cores = row["actualcorecount"] or row["corecount"]
    hidden = jobs.call.privacy.hides_names
    cells = (
        cell("mono", row["pandaid"], url),
        cell("mono", row["jeditaskid"], task),
        cell("text", row["produsername"], "" if hidden else link_to_value(jobs, "produsername", row["produsername"])),
        cell("state", state or "unknown") | {"state": state or "unknown", "group": job_group(state)},
        cell("text", row["computingsite"], link_to_value(jobs, "computingsite", row["computingsite"])),
        cell("number", row["corecount"]),
        cell("number", row["currentpriority"]),
        cell("number", row["attemptnr"]),
        cell("time", row["modificationtime"]),
        cell("duration", ran or None),
        cell("number", job_rules.cpu_efficiency(row["cpuconsumptiontime"] and float(row["cpuconsumptiontime"]), ran, cores)),
        cell("number", job_rules.memory_per_core_gb(row["maxpss"], 1)),
        cell("error", error_text(row)),
    )
    return {"url": url, "cells": cells}


def cell(kind: str, value: Any, url: str = "") -> dict[str, Any]:
    absent = value in (None, "")
    return {"kind": kind, "value": value, "text": "" if absent else str(value), "url": "" if absent else url}


def error_text(row: Mapping[str, Any]) -> str:
    """The errors of a failed or holding job in one line."""
    if row["jobstatus"] not in WITH_ERRORS:
        return ""
    return cut("; ".join(f"{error.component} {error.code}: {error.diag}" for error in errors_of(row)), 200)


def links(selection: Selection, url: str) -> dict[str, str]:
    """The same jobs as data, and a link that will always mean this window."""
    query, absolute = selection.query(), selection.query(**selection.absolute())
    return {
        "json": f"{url}?{query}&json" if query else f"{url}?json",
        "csv": f"{url}?{absolute}&format=csv",
        "ndjson": f"{url}?{absolute}&format=ndjson",
        "copy": f"{url}?{absolute}",
        "api": f"/api/v1/jobs?{query}",
    }
