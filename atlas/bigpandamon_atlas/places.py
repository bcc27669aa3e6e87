"""Where the jobs of ATLAS run, by region and tier of their queues; and what they do, by activity."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

from bigpandamon_atlas.shown import Answer, Counted, Row, many, resources, share
from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    Column,
    GroupedJobs,
    Parameter,
    cell,
    list_link,
    queue_definitions,
    request_shown,
    table,
)

PLACES = {
    "cloud": "Cloud", "region": "Region", "country": "Country", "federation": "Federation",
    "rc_site": "Centre",
}  # fmt: skip
"""Properties of queues by which regions are told; the cloud is the queue's, not the job's."""
STATES = {
    "waiting": ("pending", "defined", "waiting", "assigned", "throttled"),
    "queued": ("activated", "sent", "starting"),
    "running": ("running",),
    "leaving": ("holding", "transferring", "merging"),
    "finished": ("finished",),
    "partly": ("subfinished",),
    "failed": ("failed",),
    "cancelled": ("cancelled", "closed"),
}
MOST_QUEUES, MOST_LINKED = 100, 60
FIGURES = (
    Column("jobs", "Jobs", "number"),
    *(Column(name, name.title(), "number") for name in STATES),
    Column("percent", "Failing", "percent"),
)


def figures(states: Mapping[str, int]) -> Row:
    """Jobs by groups of states, and failed in percent of those that ended by themselves."""
    found: Row = {name: sum(states.get(one, 0) for one in group) for name, group in STATES.items()}
    percent = share(found["failed"], found["failed"] + found["finished"] + found["partly"])
    return {"jobs": sum(states.values()), **found, "percent": percent}


def tier(definition: Mapping[str, Any]) -> str:
    """As the definition says, else from the level of its tier."""
    level = definition.get("tier_level")
    return str(definition.get("tier") or (f"T{level}" if level is not None else NOT_SPECIFIED))


def regions(jobs: GroupedJobs) -> Answer:
    """Raises Problem for a request that cannot be read."""
    call, known = jobs.call, queue_definitions()
    by = call.chosen("by", PLACES, "cloud")
    queues: dict[str, Counter[str]] = defaultdict(Counter)
    for (queue, state), number in jobs.counted_by("computingsite", "jobstatus").items():
        queues[queue or NOT_SPECIFIED][state or NOT_SPECIFIED] += number
    placed = {queue: _place(known.get(queue, {}), by) for queue in queues}
    found = [{"queue": name, **placed[name], **figures(states)} for name, states in queues.items()]
    found.sort(key=lambda row: -row["jobs"])
    rows, total = _regions(queues, placed), sum(row["jobs"] for row in found)
    return Answer(
        call,
        "Regions and tiers",
        f"{many(total, 'job')} in {many(len({row['region'] for row in rows}), 'region')}",
        {"by": by, "regions": rows, "queues": found},
        _tables(jobs, rows, found, PLACES[by], _sum(queues.values())),
        choices=[(text, {**dict(call.parameters), "by": name}, name == by) for name, text in PLACES.items()],
        choices_of="Regions by",
        notes=[*filter(None, (jobs.truncated,)), *jobs.lacking],
        source=jobs.source.told,
        asked=request_shown(jobs.selection, call),
    )


def _regions(queues: Mapping[str, Counter[str]], placed: Mapping[str, Row]) -> list[Row]:
    """Queues of each region and tier taken together."""
    inside: dict[tuple[str, str], list[str]] = defaultdict(list)
    for queue, place in placed.items():
        inside[place["region"], place["tier"]].append(queue)
    return [
        {"region": region, "tier": of, "queues": sorted(named), **figures(_sum(queues[one] for one in named))}
        for (region, of), named in sorted(inside.items())
    ]


def _tables(
    jobs: GroupedJobs, rows: list[Row], queues: list[Row], title: str, seen: Collection[str]
) -> list[Row]:
    columns = (Column("region", title), Column("tier", "Tier"), *FIGURES)
    cut = f"the {MOST_QUEUES} with most jobs of {len(queues):,}" if len(queues) > MOST_QUEUES else ""
    shown = [
        _linked(jobs, row, "queue", seen, **{"computingsite.is": row["queue"]})
        for row in queues[:MOST_QUEUES]
    ]
    return [
        table(
            "regions",
            f"{title} and tier",
            columns,
            (_region(jobs, row, seen) for row in rows),
            empty=_nothing(jobs),
        ),
        table("queues", "Queues", (Column("queue", "Queue"), *columns), shown, sub=cut),
    ][: 2 if rows else 1]


def _place(told: Mapping[str, Any], by: str) -> Row:
    return {"region": str(told.get(by) or NOT_SPECIFIED), "tier": tier(told)}


def _sum(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for one in counters:
        total.update(one)
    return total


def _region(jobs: GroupedJobs, row: Row, seen: Collection[str]) -> Row:
    """A row whose number leads to the jobs of its queues, as long as an address can name them all."""
    named = row["queues"]
    if len(named) > MOST_LINKED or NOT_SPECIFIED in named:
        return row
    return _linked(jobs, row, "", seen, computingsite="|".join(named))


def _linked(jobs: GroupedJobs, row: Row, name: str, seen: Collection[str], **wanted: str) -> Row:
    """The row with links to the jobs that each of its numbers counts. name: the column that names it. seen:
    states that were counted; a request may leave out others of a group."""
    link = list_link(jobs, **wanted)
    told = {"jobs": cell("number", row["jobs"], link)}
    for group, members in STATES.items():
        states = [one for one in members if one in seen]
        of_state = {"jobstatus.is": states[0]} if len(states) == 1 else {"jobstatus": ",".join(states)}
        told[group] = cell("number", row[group], list_link(jobs, **wanted, **of_state) if row[group] else "")
    return row | told | ({name: cell("text", row[name], link)} if name else {})


def _nothing(jobs: GroupedJobs) -> str:
    """What was looked for, where nothing was found."""
    shown = request_shown(jobs.selection, jobs.call)
    wanted = ", ".join(f"{one['field']} {one['text']}" for one in shown["conditions"])
    return f"No job matched, {shown['window']['text']}{f', with {wanted}' if wanted else ''}."


def activities(jobs: GroupedJobs) -> Answer:
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for (kind, what, state), number in jobs.counted_by(
        "atlas_jobtype", "atlas_processing", "jobstatus"
    ).items():
        counted[kind or NOT_SPECIFIED, what or NOT_SPECIFIED][state or NOT_SPECIFIED] += number
    rows = [{"jobtype": kind, "processing": what, **figures(told)} for (kind, what), told in counted.items()]
    types = [
        {"jobtype": kind, **figures(_sum(told for (of, _), told in counted.items() if of == kind))}
        for kind in sorted({kind for kind, _ in counted})
    ]
    of_type, seen = (Column("jobtype", "Type"),), _sum(counted.values())
    shown = [
        _linked(jobs, row, "processing", seen,
                **{"atlas_jobtype.is": row["jobtype"], "atlas_processing.is": row["processing"]})
        for row in rows
    ]  # fmt: skip
    by_type = [_linked(jobs, row, "jobtype", seen, **{"atlas_jobtype.is": row["jobtype"]}) for row in types]
    return Answer(
        jobs.call,
        "Activities",
        f"{many(sum(row['jobs'] for row in types), 'job')} of {many(len(rows), 'kind')}",
        {"types": types, "activities": rows},
        [
            table("types", "Types of jobs", (*of_type, *FIGURES), by_type, empty=_nothing(jobs)),
            table("activities", "Activities", (*of_type, Column("processing", "Processing"), *FIGURES), shown,
                  sub="versions of clients and kinds of tests taken together"),
        ][: 2 if rows else 1],
        notes=[*filter(None, (jobs.truncated,)), *jobs.lacking],
        source=jobs.source.told,
        asked=request_shown(jobs.selection, jobs.call),
    )  # fmt: skip


REGIONS_PAGE = resources(
    "regions",
    "regions/",
    "Jobs by region and tier of their queues.",
    partial(Counted, tell=regions),
    noun="jobs",
    needs=("jobs", "queues"),
    parameters=(Parameter("by", "Property of queues that regions are told by.", words=tuple(PLACES)),),
)
ACTIVITIES_PAGE = resources(
    "activities",
    "activities/",
    "Jobs by their type and what they do.",
    partial(Counted, tell=activities),
    noun="jobs",
    needs=("jobs",),
)
