"""One harvester service as a page."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.domain import harvester as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.harvester import HEARTBEATS
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import iso
from bigpandamon_core.domain.workers import worker_group
from bigpandamon_core.payloads import records_page, tabs
from bigpandamon_core.payloads.asked import data_links, doubts, request_shown
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.harvester import age_text
from bigpandamon_core.payloads.harvester_instance import OneInstance
from bigpandamon_core.payloads.jobs_trend import numbers
from bigpandamon_core.payloads.sites import site_url
from bigpandamon_core.payloads.tables import Fact, fact, moment_text, state_cell, table
from bigpandamon_core.payloads.worker_stats import in_order, state_cells, state_columns, stats_url
from bigpandamon_core.summaries.trends import SECOND, Piece
from bigpandamon_core.summaries.workers import failing_of

Row = dict[str, Any]
MOST_ROWS = 200
_WHAT = (
    ("Description", "description"),
    ("Host", "hostname"),
    ("Version", "swversion"),
    ("Commit", "commitstamp"),
    ("Owner", "owner"),
)
_MESSAGES = (
    Column("creationtime", "When", "time"),
    Column("messagelevel", "Level", "state"),
    Column("modulename", "Part"),
    Column("diagmessage", "Said", "error"),
)


def shape(one: OneInstance) -> Row:
    """The context of the page."""
    states = one.workers.states
    return {
        "title": f"Harvester {one.name}",
        **tabs.harvester(one.call),
        "heading": one.name,
        **request_shown(one.shown, one.asked),
        "state": {"state": one.heartbeat, "group": HEARTBEATS[one.heartbeat]},
        "said": _said(one),
        "counted": "Workers",
        "states": _strip(one, states),
        "trend": _trend(one),
        "facts": _facts(one),
        "tables": [
            _places(one, "queues", "Queue", "computingsite", one.workers.by_queue),
            _places(one, "gateways", "Gateway", "computingelement", one.workers.by_gateway),
            _messages(one),
        ],
        "truncated": one.truncated,
        "ignored": one.without_effect,
        "notes": [*doubts(one.shown), *one.lacking],
        "source": "read in the PanDA database",
        "links": data_links(one.shown, one.asked, api=f"instances/{quote(one.name, safe='')}"),
    }


def _said(one: OneInstance) -> list[Row]:
    """What is wrong, loudly."""
    if HEARTBEATS[one.heartbeat] != "bad":
        return []
    heard = moment_text(one.row["lastupdate"])
    text = f"It was heard last at {heard}, {age_text(one.silent_seconds)} ago: what it told may hold no more."
    return [{"title": "Not heard", "text": text}]


def _strip(one: OneInstance, states: Counter[str]) -> list[Row]:
    return [
        {
            "state": state,
            "group": worker_group(state),
            "short": state,
            "count": states[state],
            "url": records_page.link(one, limit=None, **{"status" + SHOWN: state}),
        }
        for state in in_order(states)
    ]


def _trend(one: OneInstance) -> Row | None:
    """When workers were submitted, and what became of them."""
    parts = one.workers.pieces
    if not one.workers.states or not parts:
        return None
    return {
        "of": "workers",
        "when": "when workers were submitted",
        "minutes": one.workers.minutes,
        "bars": [_bar(one, piece) for piece in parts],
        "begin": parts[0].begin,
        "end": parts[-1].end,
        "ended": False,
    }


def _bar(one: OneInstance, piece: Piece) -> Row:
    last = piece.end - SECOND
    url = records_page.link(one, limit=None, date_from=iso(piece.begin), date_to=iso(last))
    return {"begin": piece.begin, "end": last, "url": url} | numbers(piece)


def _facts(one: OneInstance) -> list[Row]:
    late = HEARTBEATS[one.heartbeat] == "bad"
    heard = one.row.get("lastupdate")
    ago = f"{age_text(one.silent_seconds)} ago" if heard else ""
    heartbeat = [
        fact("Last heard", ago, note="" if late else moment_text(heard), bad=late),
        fact("Started", moment_text(one.row.get("starttime"))),
    ]
    what = [fact(label, one.row.get(name)) for label, name in _WHAT]
    now = [_now(one, state) for state in in_order(one.now)]
    jobs = fact("Jobs", "its jobs", f"{one.call.root}jobs/?{urlencode({'harvesterinstance': one.name})}")
    groups = (("Service", [*heartbeat, *what, jobs]), ("Workers now, as it told", now))
    return [{"title": title, "rows": rows} for title, rows in groups if any(row["text"] for row in rows)]


def _now(one: OneInstance, state: str) -> Fact:
    return fact(state, f"{one.now[state]:,}", stats_url(one.call, harvesterid=one.name, status=state))


def _places(one: OneInstance, name: str, title: str, column: str, places: Mapping[str, Counter[str]]) -> Row:
    """Workers of the window by one column and their state."""
    found = sorted(places.items(), key=lambda item: (-item[1].total(), item[0]))
    columns = (
        Column("name", title),
        Column("workers", "Workers", "number"),
        Column("failing", "Failing", "percent"),
        *state_columns(one.workers.states),
    )
    rows = [_place(one, column, value or NOT_SPECIFIED, states) for value, states in found[:MOST_ROWS]]
    cut = f"the {MOST_ROWS} with most workers" if len(found) > MOST_ROWS else ""
    return table(name, f"{title}s", columns, rows, sub=cut, empty="No worker was submitted in this window.")


def _place(one: OneInstance, column: str, value: str, states: Counter[str]) -> Row:
    here = {column + SHOWN: value}
    urls = {
        state: records_page.link(one, limit=None, **here, **{"status" + SHOWN: state}) for state in states
    }
    page = site_url(one.call, value) if column == "computingsite" and value != NOT_SPECIFIED else ""
    return state_cells(states, urls) | {
        "name": cell("text", value, page),
        "workers": cell("number", states.total(), records_page.link(one, limit=None, **here)),
        "failing": failing_of(states),
    }


def _messages(one: OneInstance) -> Row:
    named = urlencode({"harvesterid" + SHOWN: one.name})
    rows = [
        row | {"messagelevel": state_cell(row["messagelevel"], rules.level_group(row["messagelevel"] or ""))}
        for row in one.messages
    ]
    return table(
        "messages",
        "What it said last",
        _MESSAGES,
        rows,
        empty=f"Nothing in the last {rules.MESSAGE_HOURS} hours.",
        more="all",
        more_url=f"{one.call.root}harvester/diagnostics/?{named}",
    )
