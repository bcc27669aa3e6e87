"""`/site/<queue>/` as a page: what it is, how its jobs fare and why they fail, what was changed when."""

from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.domain import sites as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.sites import flat
from bigpandamon_core.domain.states import failing_percent
from bigpandamon_core.domain.text import cut
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import jobs_errors
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.jobs_links import link
from bigpandamon_core.payloads.jobs_page import states
from bigpandamon_core.payloads.jobs_trend import trend
from bigpandamon_core.payloads.site import OneSite
from bigpandamon_core.payloads.tables import Fact, fact, state_cell, table
from bigpandamon_core.state.queues import APPEARED, CHANGED

FEW = 20
"""Of fewer jobs that ended a rate tells little."""
MOST_CHANGES, MOST_PROPERTIES, LONGEST = 50, 12, 200
_FARED = (
    Column("when", "When"),
    Column("jobs", "Ended", "number"),
    Column("finished", "Finished", "number"),
    Column("failed", "Failed", "number"),
    Column("rate", "Failing", "percent"),
)
_HISTORY = (
    Column("seen_at", "Seen", "time"),
    Column("status", "Status then", "state"),
    Column("what", "What"),
    Column("old", "Before", "mono"),
    Column("new", "After", "mono"),
)
_WHAT = (
    ("Type", "type"), ("Resource", "resource_type"), ("Workflow", "workflow"), ("Harvester", "harvester"),
    ("Capability", "capability"), ("State", "state"), ("Tier", "tier"), ("Country", "country"),
    ("Comment", "comment"),
)  # fmt: skip
_LIMITS = (
    ("Cores", "corecount", ""), ("Memory", "maxrss", "MB"), ("Memory, least", "minrss", "MB"),
    ("Time", "maxtime", "s"), ("Disk", "maxwdir", "MB"), ("Input", "maxinputsize", "MB"),
    ("Nodes", "nodes", ""), ("Power of a core", "corepower", "HS06"), ("Pledge", "pledgedcpu", ""),
)  # fmt: skip
Row = dict[str, Any]


def shape(site: OneSite) -> Row:
    """The context of the page."""
    site.must_be_known()
    jobs = site.jobs
    fared = _fared(site)
    status = rules.word(site.queue.values.get("status"))
    return {
        "title": f"Queue {site.name}",
        "heading": site.name,
        "window": {"text": f"jobs since {site.since:%d %b %H:%M} UTC, and all live ones"},
        "state": {"state": status or "no status", "group": rules.group(status)} if site.is_defined else None,
        "said": _said(site),
        "counted": "Jobs",
        "states": states(jobs),
        "failing": failing_percent(jobs.tally.failed, jobs.tally.finished),
        "trend": trend(jobs),
        "facts": _facts(site),
        **jobs_errors.shown(jobs),
        "tables": [table("fared", "How its jobs fare", _FARED, fared, **_how_told(site)), _history(site)],
        "fields": [
            {"name": name, "value": flat(value)} for name, value in sorted(site.queue.document.items())
        ],
        "truncated": jobs.truncated,
        "ignored": site.ignored,
        "notes": [*site.lacking, *jobs.lacking],
        "source": jobs.source.told,
        "links": _links(site),
    }


def _said(site: OneSite) -> list[dict[str, str]]:
    if site.is_defined:
        return []
    since = site.gone_since
    text = f"It was seen to be gone at {since:%d %b %Y %H:%M} UTC." if since else "It was known before."
    return [{"title": "PanDA has no such queue any more", "text": text}]


def _facts(site: OneSite) -> list[Row]:
    told = site.queue.short
    limits = [
        fact(label, value, note=unit if value not in (None, "") else "")
        for label, name, unit in _LIMITS
        for value in [told(name)]
    ]
    what = [*_where(site), *(fact(label, told(name)) for label, name in _WHAT)]
    return [
        {"title": "What", "rows": what},
        {"title": "Limits", "rows": limits},
        {"title": "Now", "rows": _now(site)},
    ]


def _where(site: OneSite) -> list[Fact]:
    """What it belongs to, each with a link to all that do."""
    told, url = site.queue.short, f"{site.call.root}sites/?"
    named = [("Site", told("atlas_site") or told("site"), "atlas_site"), ("Region", told("cloud"), "cloud")]
    return [fact(label, value, url + urlencode({name + SHOWN: value})) for label, value, name in named]


def _now(site: OneSite) -> list[Fact]:
    root, name = site.call.root, site.name
    workers = f"{root}harvester/workers/?{urlencode({'computingsite' + SHOWN: name, 'status': 'running'})}"
    written = site.queue.written
    return [
        fact("Running workers", "unknown" if site.workers is None else f"{site.workers:,}", workers),
        fact("Jobs", f"{site.jobs.tally.total:,}", link(site.jobs)),
        _failing(site),
        fact(
            "Failed jobs", f"{site.jobs.tally.failed:,}", link(site.jobs, **{"jobstatus" + SHOWN: "failed"})
        ),
        fact("Worker nodes", "how they fare", f"{root}wns/{quote(name, safe='')}/"),
        fact("Record written", f"{written:%d %b %Y %H:%M:%S} UTC" if written else ""),
    ]


def _failing(site: OneSite) -> Fact:
    """The rate against that of its own week before."""
    tally, week = site.jobs.tally, site.sum_of_week
    rate = failing_percent(tally.failed, tally.finished)
    usual = failing_percent(week.failed, week.finished) if week else None
    if rate is None:
        return fact("Failing", "no job ended")
    enough = tally.failed + tally.finished >= FEW
    worse = enough and usual is not None and rate > max(2 * usual, usual + 5)
    note = "" if usual is None else f"{usual:.1f} % in the week before"
    return fact("Failing", f"{rate:.1f} %", note=note, bad=worse)


def _fared(site: OneSite) -> list[Row]:
    tally, week = site.jobs.tally, site.sum_of_week
    rows = [_row(site, "last 12 hours", tally.finished, tally.failed)]
    if week:
        asked = {"computingsite" + SHOWN: site.name, "date_from": iso(site.week.selection.window.begin)
                 if site.week.selection.window else "", "date_to": iso(site.since)}  # fmt: skip
        url = f"{site.call.root}statistics/?{urlencode(asked)}"
        rows.append(_numbers(week.finished, week.failed) | {"when": cell("text", "the week before", url)})
    return rows


def _row(site: OneSite, when: str, finished: int, failed: int) -> Row:
    url = link(site.jobs, **{"jobstatus" + SHOWN: "failed"})
    return _numbers(finished, failed) | {"when": when, "failed": cell("number", failed, url)}


def _numbers(finished: int, failed: int) -> Row:
    return {
        "jobs": finished + failed,
        "finished": finished,
        "failed": failed,
        "rate": failing_percent(failed, finished),
    }


def _how_told(site: OneSite) -> dict[str, str]:
    """What has to be known beside these numbers, and a link to those of all queues."""
    why, since = site.week.why_not, site.week.complete_since
    told = f"of the week before nothing is known: {why}" if why else "of those that ended by themselves"
    partly = f"; counted since {since:%d %b %Y %H:%M} UTC" if since else ""
    url = f"{site.call.root}status_summary/"
    return {"sub": told + partly, "more": "states on all queues", "more_url": url}


def _history(site: OneSite) -> Row:
    """What was recorded, a line for each property that changed."""
    told = site.history()
    rows = [line for change in told[:MOST_CHANGES] for line in _lines(change)]
    cut_at = f"the newest {MOST_CHANGES} of {len(told):,} changes" if len(told) > MOST_CHANGES else ""
    empty = "Nothing is recorded yet: the task queue-recorder of bigpandamon schedule does that."
    return table("history", "What was changed", _HISTORY, rows, sub=cut_at, empty=empty)


def _lines(change: Row) -> list[Row]:
    about = {
        "seen_at": change["seen_at"],
        "status": state_cell(change["status"], rules.group(change["status"])),
    }
    parts = change["changes"]
    if change["kind"] != CHANGED:
        what = "appeared" if change["kind"] == APPEARED else "was gone"
        return [about | {"what": f"the queue {what}, {len(parts)} properties"}]
    shown = [
        about | {"what": part["property"], "old": _side(part, "old"), "new": _side(part, "new")}
        for part in parts[:MOST_PROPERTIES]
    ]
    more = len(parts) - len(shown)
    return [*shown, *([about | {"what": f"and {more} more properties"}] if more else [])]


def _side(part: Row, side: str) -> str:
    if side not in part:
        return "not there"
    return cut(flat(part[side]), LONGEST) or "empty"


def _links(site: OneSite) -> dict[str, str]:
    named = quote(site.name, safe="")
    url = f"{site.call.root}site/?{urlencode({'site': site.name})}"
    return {"json": f"{url}&json", "lasting": url, "api": f"{site.call.api}sites/{named}"}
