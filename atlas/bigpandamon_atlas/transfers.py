"""Transfers between sites in an interval: a matrix of the busiest, all links, what was deleted and staged."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Sum

from bigpandamon_atlas.flows import DELETIONS, STAGINGS, TRANSFERS
from bigpandamon_atlas.models import Flow, Interval
from bigpandamon_atlas.shown import Answer, Row, address, in_path, many, resources, share
from bigpandamon_core.plugin import Call, Cell, Column, Parameter, Problem, cell, not_found, table

SITES, MOST_SITES, MOST_LINKS = 12, 40, 200
SUMS = {"files": Sum("files"), "size": Sum("size"), "failed": Sum("failed")}
SITE_SUMS = {
    name: Sum(name) for name in ("files", "size", "failed", "failed_size", "planned", "planned_size")
}
FIGURES = (
    Column("size", "Volume", "size"),
    Column("rate", "Mean, per second", "size"),
    Column("files", "Files", "number"),
    Column("failed", "Failed files", "number"),
    Column("percent", "Failed share", "percent"),
)
LINKS = (Column("source", "From", "text"), Column("destination", "To", "text"), *FIGURES)
AT_SITES = (Column("destination", "Site", "text"), *FIGURES)
DELETED = (
    *AT_SITES,
    Column("failed_size", "Volume failed", "size"),
    Column("planned", "Planned", "number"),
    Column("planned_size", "Volume planned", "size"),
)
LISTED = tuple(column.name for column in LINKS)
OWN = "handed in from files of the transfer dashboard"
EMPTY = "Nothing was handed in (bigpandamon import atlas-transfers FILE)."


class Chosen:
    """An interval and its flows. Raises Problem where the request names one that was not handed in."""

    def __init__(self, call: Call):
        self.call = call
        self.all = list(Interval.objects.order_by("-end", "-begin")[:100])
        asked = call.parameter("interval")
        found = [one for one in self.all if not asked or str(one.pk) == asked]
        if asked and not found:
            remedy = (
                f"Give one of {', '.join(str(one.pk) for one in self.all[:20]) or 'none: there are none'}."
            )
            raise Problem(f"No interval {asked[:40]}", parameter="interval", remedy=remedy)
        self.one: Interval | None = found[0] if found else None
        self.flows = Flow.objects.filter(interval=self.one)

    @property
    def seconds(self) -> float:
        return (self.one.end - self.one.begin).total_seconds() if self.one else 0

    @property
    def choices(self) -> list[tuple[str, Row, bool]]:
        return [(str(one), {"interval": one.pk}, one == self.one) for one in self.all[:12]]

    @property
    def told(self) -> Row | None:
        if self.one is None:
            return None
        window = {"begin": f"{self.one.begin:%Y-%m-%dT%H:%M:%S}", "end": f"{self.one.end:%Y-%m-%dT%H:%M:%S}"}
        return {"id": self.one.pk, **window, "activities": self.one.activities.splitlines()}

    def with_rates(self, row: Row) -> Row:
        """Bytes a second over the interval, and failed attempts in percent of all."""
        rate = (row["size"] or 0) / self.seconds if self.seconds else None
        return row | {
            "rate": rate,
            "percent": share(row["failed"], (row["files"] or 0) + (row["failed"] or 0)),
        }

    def site_url(self, site: str) -> str:
        url = f"{self.call.root}transfers/site/{quote(site)}/"
        return "" if "/" in site else address(url, interval=self.one.pk if self.one else "")

    def shown(self, row: Row) -> Row:
        """The row of a table, in which sites lead to their links."""
        sites = {name: row.get(name) for name in ("source", "destination")}
        return row | {
            name: cell("text", site, self.site_url(site) if site else "") for name, site in sites.items()
        }

    def of_kind(self, kind: str, *by: str, sums: Mapping[str, Any], **wanted: str) -> list[Row]:
        """Sums by some columns, most bytes first."""
        rows = self.flows.filter(kind=kind, **wanted).values(*by).annotate(**sums).order_by("-size", *by)
        return [self.with_rates(row) for row in rows]


def transfers(call: Call) -> Answer:
    """Raises Problem for a number of sites or an interval that is none."""
    most, chosen = call.number("sites", SITES, MOST_SITES), Chosen(call)
    links = chosen.of_kind(TRANSFERS, "source", "destination", sums=SUMS)
    busiest = _busiest(links)[:most]
    totals = chosen.flows.values("kind").annotate(rows=Count("pk"), **SUMS).order_by("kind")
    parts = {kind: chosen.of_kind(kind, "destination", sums=SITE_SUMS) for kind in (DELETIONS, STAGINGS)}
    what = call.chosen("show", ("volume", "failures"), "volume")
    more = f"the {MOST_LINKS} with most bytes of {len(links):,}" if len(links) > MOST_LINKS else ""
    return Answer(
        call,
        "Transfers",
        f"{many(len(links), 'link')} between sites" + (f", {chosen.one}" if chosen.one else ""),
        {"interval": chosen.told, "intervals": [{"id": one.pk, "told": str(one)} for one in chosen.all],
         "totals": [chosen.with_rates(row) for row in totals], "busiest": busiest, "links": links, **parts},
        [
            _matrix(chosen, links, busiest, what),
            table("links", "Links", LINKS, map(chosen.shown, links[:MOST_LINKS]), sub=more, empty=EMPTY),
            table(DELETIONS, "Deletions", DELETED, map(chosen.shown, parts[DELETIONS]), empty=EMPTY),
            table(STAGINGS, "Stagings from tape", AT_SITES, map(chosen.shown, parts[STAGINGS]), empty=EMPTY),
        ],
        choices=chosen.choices,
        choices_of="Interval",
        source=OWN,
        listed=("links", LISTED),
    )  # fmt: skip


def _busiest(links: list[Row]) -> list[str]:
    """Sites by what went in and out of them."""
    found: Counter[str] = Counter()
    for link in links:
        for site in sorted({link["source"], link["destination"]}):
            found[site] += link["size"] or 0
    return sorted(found, key=lambda site: (-found[site], site))


def _matrix(chosen: Chosen, links: list[Row], sites: list[str], what: str) -> Row:
    """Sources as rows, destinations as columns; the links of a site are behind its name."""
    known = {(link["source"], link["destination"]): link for link in links}
    other = "failures" if what == "volume" else "volume"
    columns = (Column("source", "From \\ to"), *(Column(f"to {site}", site, "size") for site in sites))
    rows: list[dict[str, Cell]] = []
    for source in sites:
        cells = {f"to {site}": _of_link(known.get((source, site)), what) for site in sites}
        rows.append({"source": cell("text", source, chosen.site_url(source)), **cells})
    url = address(chosen.call.url, interval=chosen.call.parameter("interval"), show=other)
    title = "Volume" if what == "volume" else "Failed attempts"
    sub = f"between the {len(sites)} busiest sites"
    return table("matrix", title, columns, rows, sub=sub, empty=EMPTY, more=f"show {other}", more_url=url)


def _of_link(link: Row | None, what: str) -> Cell:
    if link is None:
        return cell("text", None)
    return cell("size", link["size"]) if what == "volume" else cell("percent", link["percent"])


def site(call: Call) -> Answer:
    """The links of one site in an interval. Raises Problem where nothing is known of it."""
    name, chosen = call.path["site"], Chosen(call)
    outward = chosen.of_kind(TRANSFERS, "source", "destination", sums=SUMS, source=name)
    inward = chosen.of_kind(TRANSFERS, "source", "destination", sums=SUMS, destination=name)
    parts = {kind: chosen.of_kind(kind, "destination", sums=SITE_SUMS, destination=name)
             for kind in (DELETIONS, STAGINGS)}  # fmt: skip
    if not (outward or inward or any(parts.values())):
        raise not_found(
            f"Nothing is known of the site {name[:80]} in this interval.",
            "Choose another interval, or a site of the matrix.",
        )
    return Answer(
        call,
        f"Transfers of {name}",
        f"{name}: {many(len(outward), 'link')} out, {len(inward):,} in",
        {"site": name, "interval": chosen.told, "out": outward, "in": inward, **parts},
        [
            table("out", "From there", LINKS, map(chosen.shown, outward), empty="Nothing left this site."),
            table("in", "To there", LINKS, map(chosen.shown, inward), empty="Nothing came to this site."),
            table(DELETIONS, "Deletions", DELETED, parts[DELETIONS], empty="Nothing was deleted there."),
            table(
                STAGINGS, "Stagings from tape", AT_SITES, parts[STAGINGS], empty="Nothing was staged there."
            ),
        ],
        choices=chosen.choices,
        choices_of="Interval",
        source=OWN,
    )


INTERVAL = Parameter("interval", "Number of an interval that was handed in; the newest without.", "count")
TRANSFERS_PAGE = resources(
    "transfers",
    "transfers/",
    "Transfers between sites in an interval: volume, rate, failures; deletions and stagings.",
    transfers,
    has_list=True,
    parameters=(
        INTERVAL,
        Parameter("sites", f"How many of the busiest sites the matrix shows, up to {MOST_SITES}.", "count"),
        Parameter("show", "What the matrix shows.", words=("volume", "failures")),
    ),
)
SITE_PAGE = resources(
    "transfers-site",
    "transfers/site/<str:site>/",
    "Transfers of one site in an interval, its deletions and stagings.",
    site,
    parameters=(in_path("site", "Name of the site."), INTERVAL),
)
