"""Global shares: the tree with its targets, beside what executes and what is queued, in HS06."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Sum

from bigpandamon_atlas.shown import Answer, Row, address, by_name, narrowed, narrowing, resources
from bigpandamon_atlas.tables import GlobalShares, JobsDefinedShareStats, JobsShareStats
from bigpandamon_core.plugin import Call, Column, Parameter, cell, declare, dicts, state_cell, table

EXECUTING, QUEUED = ("sent", "starting", "running"), ("activated", "throttled")
RULES = (
    "prodsourcelabel",
    "workinggroup",
    "campaign",
    "processingtype",
    "transpath",
    "vo",
    "rtype",
    "queue_id",
)
NODE = ("name", "value", "parent", "throttled", *RULES)
ROOT, UNDEFINED = "root", "not in the tree"
FAR = 2
"""So many times above its target, or below it with jobs queued, a share is far from it."""
VERDICTS = {
    "far below target": "bad",
    "below, none queued": "waiting",
    "far above target": "ended",
    "near target": "good",
    "no target": "waiting",
}
SUMS = {"jobs": Sum("njobs"), "hs": Sum("hs"), "as_of": Max("ts")}
COLUMNS = (
    Column("share", "Share", "text"),
    Column("verdict", "Executes", "state"),
    Column("percent", "Of its parent", "percent"),
    Column("target", "Target, HS06", "number"),
    Column("executing", "Executing, HS06", "number"),
    Column("queued", "Queued, HS06", "number"),
    Column("jobs_executing", "Jobs executing", "number"),
    Column("jobs_queued", "Jobs queued", "number"),
    Column("jobs_other", "Other jobs", "number"),
    Column("rule", "Takes jobs with", "mono"),
)
QUEUES = (
    Column("gshare", "Share", "text"),
    Column("computingsite", "Queue", "text"),
    Column("jobstatus", "State", "text"),
    Column("jobs", "Jobs", "number"),
    Column("hs", "HS06", "number"),
)


def _tree() -> list[Row]:
    return dicts(TREE, GlobalShares.objects.order_by("name")[: TREE.cap], NODE)


def _stats(*by: str, **wanted: str) -> list[Row]:
    """Jobs and their power by some columns, of both tables."""
    found = []
    for query, model in ((ACTIVE, JobsShareStats), (DEFINED, JobsDefinedShareStats)):
        rows = model.objects.filter(**wanted).values(*by).annotate(**SUMS).order_by()
        found += dicts(query, rows[: query.cap], (*by, *SUMS))
    return found


TREE = declare("atlas.shares", "The tree of global shares.", cap=1000, example=_tree)
ACTIVE = declare(
    "atlas.share_stats",
    "Active jobs and their power by share, queue and state.",
    binds=("share",),
    cap=5000,
    example=lambda: _stats("gshare", "computingsite", "jobstatus", gshare="Test"),
)
DEFINED = declare(
    "atlas.share_stats_defined",
    "The same of defined jobs.",
    binds=("share",),
    cap=5000,
    example=lambda: _stats("gshare", "jobstatus"),
)


@dataclass
class Use:
    """Power in HS06, and jobs."""

    executing: int = 0
    queued: int = 0
    jobs_executing: int = 0
    jobs_queued: int = 0
    jobs_other: int = 0

    def add(self, state: str, jobs: int, power: int) -> None:
        if state in EXECUTING:
            self.executing, self.jobs_executing = self.executing + power, self.jobs_executing + jobs
        elif state in QUEUED:
            self.queued, self.jobs_queued = self.queued + power, self.jobs_queued + jobs
        else:
            self.jobs_other += jobs

    def join(self, other: "Use") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def used(stats: list[Row]) -> dict[str, Use]:
    """By share."""
    found: dict[str, Use] = defaultdict(Use)
    for row in stats:
        found[row["gshare"] or "Undefined"].add(row["jobstatus"], row["jobs"] or 0, row["hs"] or 0)
    return found


class Tree:
    """Nodes in the order of the tree, each with what its leaves use. nodes: rows of the table."""

    def __init__(self, nodes: list[Row], use: Mapping[str, Use]):
        self.nodes = {row["name"]: row for row in nodes}
        self.use = use
        self.children: dict[str, list[Row]] = defaultdict(list)
        for row in nodes:
            parent = row["parent"]
            self.children[parent if parent in self.nodes and parent != row["name"] else ROOT].append(row)
        self.total = sum(one.executing for one in use.values())

    def rows(self) -> list[Row]:
        """Highest percent first among siblings; then what is in no node."""
        below = [row for row, _ in self._below(ROOT, 0, 1.0, frozenset())]
        others = sorted((self.use.keys() | self.nodes.keys()) - {row["share"] for row in below})
        return below + [_row(name, 0, None, UNDEFINED, self.use.get(name, Use()), None) for name in others]

    def _below(self, name: str, depth: int, part: float, above: frozenset[str]) -> Iterator[tuple[Row, Use]]:
        """A node comes before its own; each with what it uses if it is a child of this one."""
        for node in sorted(self.children[name], key=lambda row: (-row["value"], row["name"])):
            if node["name"] in above:
                continue
            share_of_all = part * node["value"] / 100
            deeper = list(self._below(node["name"], depth + 1, share_of_all, above | {node["name"]}))
            use = Use()
            use.join(self.use.get(node["name"], Use()))
            for row, of_child in deeper:
                if row["depth"] == depth + 1:
                    use.join(of_child)
            yield _row(node["name"], depth, node["value"], rule(node), use, share_of_all * self.total), use
            yield from deeper


def rule(node: Row) -> str:
    """What jobs of a node have, in words."""
    told = [f"{name}={node[name]}" for name in RULES if node[name] not in (None, "")]
    return ", ".join([*told, *(["throttled"] if node["throttled"] == "Y" else [])])


def _row(name: str, depth: int, percent: int | None, takes: str, use: Use, target: float | None) -> Row:
    verdict = verdict_on(target, use)
    told = {"share": name, "depth": depth, "percent": percent, "target": target, "verdict": verdict}
    return told | vars(use) | {"rule": takes}


def verdict_on(target: float | None, use: Use) -> str:
    if target is None:
        return "no target"
    if use.executing * FAR < target:
        return "far below target" if use.queued else "below, none queued"
    return "far above target" if use.executing > target * FAR else "near target"


LATE = timedelta(minutes=15)
"""The server counts each minute."""


def shares(call: Call) -> Answer:
    """What each share should and does execute, by the statistics that the server writes each minute."""
    chosen = call.parameter("share")
    tree, stats = _tree(), _stats("gshare", "jobstatus")
    rows = Tree(tree, used(stats)).rows()
    names = ("computingsite", "jobstatus")
    queues = by_name(_stats("gshare", *names, gshare=chosen), *names) if chosen else []
    as_of = max((row["as_of"] for row in stats if row["as_of"]), default=None)
    executing = sum(one.executing for one in used(stats).values())
    told = {"as_of": f"{as_of:%Y-%m-%dT%H:%M:%S}" if as_of else None, "executing": executing}
    shown = [_shown(call, row) for row in rows]
    about = {"sub": "targets are parts of what executes", "empty": "The tables of shares are empty."}
    tables = [table("shares", "Shares", COLUMNS, shown, **about)]
    if chosen:
        title = f"{chosen} by queue and state"
        tables.append(table("queues", title, QUEUES, queues, empty="No job is told of."))
    return Answer(
        call,
        "Global shares",
        f"{executing:,} HS06 execute",
        told | {"shares": rows, "queues": queues},
        tables,
        choices=narrowed(narrowing(call, "share")),
        choices_of="Share",
        notes=list(_doubts(tree, as_of, call.now)),
    )


def _doubts(tree: list[Row], as_of: datetime | None, now: datetime) -> Iterator[str]:
    if as_of:
        late = ", long ago: what executes now is not known" if now - as_of > LATE else ""
        yield f"Counted by the PanDA server at {as_of:%d %b %Y %H:%M:%S} UTC{late}."
    if not tree:
        yield "The table of global shares is empty: there are no targets."
    sums: dict[str, int] = defaultdict(int)
    for row in tree:
        sums[row["parent"] or ROOT] += row["value"]
    wrong = sorted(f"{name} ({total} %)" for name, total in sums.items() if total != 100)
    if wrong:
        yield f"Shares below these do not add up to 100 %: {', '.join(wrong)}."


def _shown(call: Call, row: Row) -> Row:
    """A row of the table, indented; the name leads to the queues."""
    return row | {
        "share": cell("text", "\u2003" * row["depth"] + row["share"], address(call.url, share=row["share"])),
        "verdict": state_cell(row["verdict"], VERDICTS[row["verdict"]]),
        "target": round(row["target"]) if row["target"] is not None else None,
    }


SHARES_PAGE = resources(
    "shares",
    "shares/",
    "Global shares: target, executing and queued power of each node of the tree.",
    shares,
    needs=("shares",),
    parameters=(Parameter("share", "Share whose queues are told, too."),),
)
