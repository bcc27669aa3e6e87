"""The page and the JSON of one batch job: what it is, what happened to it, why it is held or gone."""

from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.plugin import Call, Column, Table, fact, fact_groups, table
from bigpandamon_htcondor import telling
from bigpandamon_htcondor.dags import dag_url
from bigpandamon_htcondor.hiding import said
from bigpandamon_htcondor.models import BatchEvent, BatchJob
from bigpandamon_htcondor.one_job import Job
from bigpandamon_htcondor.states import EVENTS, UNIVERSES, group, hold

PREFIX = "htcondor/"
EVENT_COLUMNS = (
    Column("moment", "When", "time"),
    Column("what", "Event"),
    Column("text", "What the log says", "error"),
)


def plain(job: Job) -> dict[str, Any]:
    """The job under its ClassAd names, with its states, events and further attributes."""
    return telling.told(job.job, job.call) | {
        "wmsid": ",".join(map(str, job.pandaids)) or None,
        "HoldMeaning": hold(job.job.reason_code, job.job.reason_subcode)[0]
        if job.job.state == "held"
        else None,
        "States": [{name: one[name] for name in ("state", "begin", "end", "reason")} for one in job.stages],
        "Events": [
            {"EventTypeNumber": one.number, "EventTime": one.moment, "Text": event_text(job, one)}
            for one in job.events
        ],
        "Attributes": {one["name"]: one["value"] for one in job.public},
    }


def of_rest(job: Job) -> dict[str, Any]:
    """As programs of the REST successor read it."""
    return telling.of_rest(job.job, job.call, {job.job.globaljobid: job.pandaids})


def lines(job: Job) -> Table:
    """What a terminal shows: the facts, one a line."""
    told = [(one["label"], one["text"]) for group_ in facts(job) for one in group_["rows"] if one["text"]]
    rows = [("Batch job", job.job.globaljobid), ("State", job.job.state), *told]
    return Table(("fact", "value"), [{"fact": label, "value": text} for label, text in rows])


def whole(job: Job) -> dict[str, Any]:
    """All of its ClassAd, and its events word for word, for those who may see personal data."""
    events = [
        {"EventTypeNumber": one.number, "EventTime": one.moment, "Text": one.text} for one in job.events
    ]
    return {"GlobalJobId": job.job.globaljobid, "ClassAd": job.ad, "Events": events}


def page(job: Job) -> dict[str, Any]:
    """The context of the page."""
    row = job.job
    return {
        "title": f"Batch job {row.batchid or row.globaljobid}",
        "heading": f"Batch job {row.batchid or ''}",
        "name": row.globaljobid,
        "state": {"state": row.state or "unknown", "group": group(row.state)},
        "said": why(row, job.call),
        "life": job.stages,
        "facts": facts(job),
        "tables": [events_table(job)] if job.events else [],
        "fields": job.public,
        "notes": list(filter(None, [telling.gone(row)])),
        "source": "as its scheduler told it",
    }


def why(row: BatchJob, call: Call) -> list[dict[str, str]]:
    """Why it is held or gone, in words, and what usually helps."""
    reason = telling.reason(row, call)
    if row.state != "held":
        return [{"title": "Why it left its node or the queue", "text": reason}] if reason else []
    meaning, advice = hold(row.reason_code, row.reason_subcode)
    code = f"code {row.reason_code}" + (f", subcode {row.reason_subcode}" if row.reason_subcode else "")
    told = [f"{meaning.capitalize()} ({code})." if meaning else f"Hold {code}."]
    told += [f"The scheduler says: {reason}."] if reason else []
    told += [f"What usually helps: {advice}"] if advice else []
    return [{"title": "Why it is held", "text": " ".join(told)}]


def facts(job: Job) -> list[dict[str, Any]]:
    row, root, hides = job.job, job.call.root, job.call.privacy.hides_names
    core = root.removesuffix(PREFIX)
    pandaids = [fact("PanDA job", one, f"{core}job/{one}/") for one in job.pandaids]
    worker = urlencode({"harvesterid": row.harvesterid, "workerid": row.workerid or ""})
    worker_url = f"{core}harvester/worker/?{worker}" if row.harvesterid and row.workerid is not None else ""
    return fact_groups(
        {
            "Belongs to": [
                *pandaids,
                fact("Harvester", row.harvesterid),
                fact("Worker", row.workerid, worker_url),
                fact("PanDA queue", row.queue),
                fact("Factory", row.factory),
                fact("Batch", "" if hides else row.batchname),
                fact("DAGMan job", row.dag, f"{root}jobs/?{urlencode({'batchid': f'{row.dag}.0'})}"),
                fact("DAG", "" if hides else job.dag, dag_url(root, job.dag)),
                fact("DAG node", row.dagnode),
                fact("Owner", job.call.privacy.name(row.owner)),
                fact("Accounting", "" if hides else row.accounting),
            ],
            "Where": _where(row, root),
            "When": [_when(*one) for one in _times(row)],
            "Use": _use(row),
            "Outcome": _outcome(row, root),
        }
    )


def _where(row: BatchJob, root: str) -> list[dict[str, Any]]:
    return [
        fact("Scheduler", row.schedd, f"{root}jobs/?schedd={quote(row.schedd)}"),
        fact("Submit host", row.host, f"{root}jobs/?host={quote(row.host)}"),
        fact("Site or gateway", row.site, f"{root}jobs/?site={quote(row.site)}"),
        fact("Node", row.node),
        fact("Universe", UNIVERSES.get(row.universe or 0, row.universe)),
    ]


def _times(row: BatchJob) -> tuple[tuple[str, Any], ...]:
    return (
        ("Queued", row.queued), ("Started", row.started), ("In this state since", row.entered),
        ("Ended", row.ended), ("Told of", row.observed), ("Changed here", row.received),
    )  # fmt: skip


def _when(label: str, moment: Any) -> dict[str, Any]:
    return fact(label, f"{moment:%d %b %Y %H:%M:%S} UTC" if moment else "")


def percent(part: float | None, whole_: float | None) -> str:
    return f"{100 * part / whole_:.0f} %" if part is not None and whole_ else ""


def _use(row: BatchJob) -> list[dict[str, Any]]:
    lost = (
        None
        if None in (row.core_s, row.committed_core_s)
        else (row.core_s or 0) - (row.committed_core_s or 0)
    )
    return [
        fact("Cores", f"{row.cpus:g}" if row.cpus else ""),
        fact("Wall time of all runs", f"{row.wall_s:,.0f} s" if row.wall_s is not None else ""),
        fact("Processor time", f"{row.cpu_s:,.0f} s" if row.cpu_s is not None else ""),
        fact("CPU efficiency", percent(row.cpu_s, row.cpu_core_s)),
        fact(
            "Lost to evictions",
            percent(lost, row.core_s),
            note="of its core time",
            bad=bool(lost and lost > 0),
        ),
        fact("Memory used", f"{row.used_mb:,} MiB" if row.used_mb is not None else ""),
        fact("Memory asked for", f"{row.asked_mb:,} MiB" if row.asked_mb is not None else ""),
        fact("Disk used", f"{row.used_disk_kb:,} KiB" if row.used_disk_kb is not None else ""),
    ]


def _outcome(row: BatchJob, root: str) -> list[dict[str, Any]]:
    held = {"state": "held", "holdcode": row.reason_code or 0}
    is_held = row.state == "held" and row.reason_code is not None
    return [
        fact("Starts", row.starts, bad=(row.starts or 0) > 1),
        fact("Holds", row.holds),
        fact("Exit code", row.exit_code, bad=bool(row.exit_code)),
        fact("Signal", row.exit_signal, bad=bool(row.exit_signal)),
        fact("Held for the same reason", "all of them" if is_held else "", f"{root}jobs/?{urlencode(held)}"),
    ]


def event_text(job: Job, event: BatchEvent) -> str:
    return said(event.text, job.job.owner, job.call)


def events_table(job: Job) -> dict[str, Any]:
    rows = [
        {
            "moment": one.moment,
            "what": f"{one.number:03} {EVENTS.get(one.number, '')}",
            "text": event_text(job, one),
        }
        for one in job.events
    ]
    title = f"{len(rows):,} event{'' if len(rows) == 1 else 's'}"
    return table("events", title, EVENT_COLUMNS, rows, sub="as its log tells them")
