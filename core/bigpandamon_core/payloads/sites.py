"""Queues as lists of records. There are some hundreds: they are asked for in memory."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.domain import sites as rules
from bigpandamon_core.domain.cursors import OF_THE_ROW, unreadable, write_cursor
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.people import without_contacts
from bigpandamon_core.domain.privacy import Privacy
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.sites import NAME, WRITTEN, Queue
from bigpandamon_core.domain.text import is_absent, near
from bigpandamon_core.payloads import records_page, scope
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.records import Counts, Listing, Records, Row
from bigpandamon_core.queries import queues as queries
from bigpandamon_core.queries.own import queues as history

CHANGED = "changed"
COLUMNS = Offered(
    (
        Column(NAME, "Queue", "text", NAME),
        Column("atlas_site", "Site", "text", "atlas_site"),
        Column("cloud", "Region", "text", "cloud"),
        Column("type", "Type", "text", "type"),
        Column("status", "Status", "state", "status"),
        Column("corecount", "Cores", "number", "corecount"),
        Column("maxrss", "Memory, MB", "number", "maxrss"),
        Column(CHANGED, "Last change", "time"),
    ),
    (
        Column(WRITTEN, "Record written", "time", WRITTEN),
        *(
            Column(name, name, kind, name)
            for kind, names in (
                ("text", "gocname tier resource_type capability workflow harvester state country comment"),
                ("number", "minrss maxtime mintime maxinputsize maxwdir corepower nodes pledgedcpu"),
            )
            for name in names.split()
        ),
    ),
)


def shown(document: Mapping[str, Any], privacy: Privacy) -> dict[str, Any]:
    """A queue's document as the caller may see it."""
    told: dict[str, Any] = privacy.document(without_contacts(document))
    return told


def site_url(call: Call, queue: str) -> str:
    """The address of a queue's page, "" where there is none: pages of queues are core's."""
    if not call.is_core or not queue:
        return ""
    by_name = f"{quote(queue, safe='')}/" if "/" not in queue else f"?{urlencode({'site': queue})}"
    return f"{call.root}site/{by_name}"


def no_such_queue(name: str, known: Iterable[str]) -> Problem:
    """That no queue has the name (404), and which it may be."""
    similar = near(name, known)
    meant = f"Did you mean {' or '.join(similar)}?" if similar else "Check how it is written: case counts."
    return not_found(f"There is no queue {name[:200]}.", meant)


def queue_url(call: Call, queue: str, is_defined: bool) -> str:
    """The address of a queue's page, or of its jobs where it has none."""
    of_jobs = f"{call.root}jobs/?{urlencode({'computingsite' + SHOWN: queue})}"
    return (site_url(call, queue) if is_defined else "") or of_jobs


def _site(_call: Call, row: Row) -> Cell:
    return cell("text", row["atlas_site"] or row["site"])


SITES = Listing(
    title="Queues",
    record="queue",
    noun=lambda _call: rules.noun(),
    columns=COLUMNS,
    narrow=(NAME, "atlas_site", "cloud", "type", "status", "corecount", "maxrss"),
    made_of={"atlas_site": ("atlas_site", "site")},
    cells={NAME: lambda call, row: cell("text", row[NAME], site_url(call, row[NAME])), "atlas_site": _site},
    groups={"status": rules.group},
    beside=lambda records, rows: _add_changes(rows),
    states=("status", rules.STATUSES),
)


def _add_changes(rows: list[Row]) -> None:
    """When each was seen to change last; of those of which no change was seen when its record was written."""
    changes = history.last_changes()
    for row in rows:
        row[CHANGED] = changes.get(row[NAME], row[WRITTEN])


class Sites(Records):
    """Queues whose properties fit; read when they are first asked for."""

    def __init__(self, call: Call):
        super().__init__(call, SITES)

    @cached_property
    def queues(self) -> list[Queue]:
        """All there are, by name."""
        privacy = self.call.privacy
        found = (
            Queue(name, shown(document, privacy), written) for name, document, written in queries.records()
        )
        return sorted(found, key=lambda queue: queue.name)

    @cached_property
    def properties(self) -> frozenset[str]:
        """Those that any queue has, in lower case."""
        return frozenset(name for queue in self.queues for name in queue.values)

    @cached_property
    def found(self) -> list[Queue]:
        """Those of the selection in its order. From then on the selection knows which of its words were no
        properties.

        Raises:
            Problem: of a strict call a word is none.
        """
        unknown = [one for one in self.selection.asked if not self._property(one.parameter)]
        if self.call.strict:
            scope.refuse_unknown([one.parameter for one in unknown])
        names = {one.parameter for one in unknown}
        self.selection = replace(
            self.selection,
            asked=tuple(one for one in self.selection.asked if one not in unknown),
            parameters=tuple(pair for pair in self.selection.parameters if pair[0] not in names),
            ignored=tuple(sorted({*self.selection.ignored, *names})),
        )
        return _ordered((queue for queue in self.queues if self._fits(queue)), self.selection.sort[0])

    def _property(self, parameter: str) -> str:
        return rules.property_of(parameter.removesuffix(SHOWN), self.properties)

    def _fits(self, queue: Queue) -> bool:
        return rules.fits(
            self.selection.condition, lambda column: queue.texts(rules.property_of(column, self.properties))
        )

    @property
    def columns(self) -> tuple[str, ...]:
        return (NAME, WRITTEN, *sorted(self.properties - {NAME, WRITTEN}))

    def page(self, columns: tuple[str, ...], limit: int) -> list[Row]:
        wanted = (*columns, NAME, WRITTEN)
        return [
            {name: queue.values.get(name) for name in wanted}
            | {"_cursor": write_cursor(OF_THE_ROW, queue.name)}
            for queue in self._after()[:limit]
        ]

    def _after(self) -> list[Queue]:
        """Those after the cursor.

        Raises:
            Problem: its queue is not there any more.
        """
        if self.selection.after is None:
            return self.found
        places = [place for place, queue in enumerate(self.found) if queue.name == self.selection.after[1]]
        if not places:
            raise unreadable()
        return self.found[places[0] + 1 :]

    def rows(self, columns: tuple[str, ...], limit: int | None) -> Iterator[Row]:
        return ({name: queue.values.get(name) for name in columns} for queue in self._after()[:limit])

    def count(self) -> int:
        return len(self.found)

    @cached_property
    def tally(self) -> Counts:
        return {
            one.name: Counter(one.show(queue.short(one.source)) for queue in self.found)
            for one in self.counted
        }


def _ordered(queues: Iterable[Queue], sort: Sort) -> list[Queue]:
    """Numbers before texts, absent values last."""
    told = [(queue, queue.short(sort.column)) for queue in queues]
    present = [pair for pair in told if not is_absent(pair[1])]
    present.sort(key=lambda pair: _rank(pair[1]), reverse=sort.descending)
    return [queue for queue, _ in (*present, *(pair for pair in told if is_absent(pair[1])))]


def _rank(value: Any) -> tuple[bool, float, str]:
    is_number = isinstance(value, int | float)
    return not is_number, value if is_number else 0, rules.word(value)


def page(sites: Sites) -> dict[str, Any]:
    """The context of the page; once queues are read it is known which words of the request mean something."""
    sites.count()
    return records_page.shape(sites)


def compatible(sites: Sites) -> list[dict[str, Any]]:
    """The array that programs know: configuration records as they are stored."""
    wanted = frozenset(sites.selection.fields)
    records = [{"nickname": queue.name, **queue.document} for queue in sites.found[: sites.selection.limit]]
    if not wanted:
        return records
    sites.note_unknown_fields({key for record in records for key in record})
    return [{key: value for key, value in record.items() if key in wanted} for record in records]


def lines(sites: Sites) -> Table:
    """Every queue with nested properties as text, for forms that have no nested values."""
    columns = sites.columns_of(sites.columns)
    rows = ({name: queue.short(name) for name in columns} for queue in sites.found[: sites.selection.limit])
    return Table(columns, rows)
