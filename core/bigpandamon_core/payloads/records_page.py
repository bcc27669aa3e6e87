"""Records of a noun as a page: attributes and one page of rows, every count a link to its rows."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from bigpandamon_core.domain.fields import Column, Field
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut
from bigpandamon_core.payloads.asked import data_links, doubts, fewer_rows, request_shown
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.jobs_links import can_be_asked_for
from bigpandamon_core.payloads.records import Records, Row
from bigpandamon_core.sources.reading import snapshot

MOST_ROWS = 500
SHOWN_VALUES = 7
LONGEST_SAID = 200
_OF_THE_PAGE = ("sort", "sortby", "view")


def shape(records: Records) -> dict[str, Any]:
    """The context of the page."""
    selection, call, declared = records.selection, records.call, records.listing
    records.note_unknown_fields({column.name for column in declared.columns.all(call)})
    limit = _limit(records)
    with snapshot():
        rows = records.page(_sources(records), limit + 1)
        total = records.count()
        attributes = _attributes(records, total)
        shown = rows[:limit]
        if declared.beside:
            declared.beside(records, shown)
    return {
        "title": declared.title,
        "heading": f"{total:,} {declared.record}{'' if total == 1 else 's'}",
        "total": total,
        **(declared.more_of_page(call) if declared.more_of_page else {}),
        **request_shown(selection, call),
        "states": _states(records),
        "attributes": attributes,
        "columns": declared.columns.heads(selection, call),
        "column_choice": declared.columns.choice(selection, call),
        "rows": [{"cells": list(_cells(records, row))} for row in shown],
        "rows_title": _rows_title(records, len(shown), total),
        "next_url": link(records) + f"&after={shown[-1]['_cursor']}" if len(rows) > limit > 0 else "",
        "previous_url": f"{call.url}?{selection.query()}" if selection.after else "",
        "truncated": records.truncated,
        "ignored": records.without_effect,
        "notes": [*doubts(selection), *fewer_rows(selection, MOST_ROWS), *records.lacking],
        "source": "counted in the PanDA database",
        "links": data_links(selection, call, "csv", "ndjson", api=selection.noun.name),
    }


def _limit(records: Records) -> int:
    asked = records.selection.limit
    rows = int(records.call.option("jobs.page_rows")) if asked is None else asked
    return min(rows, MOST_ROWS)


def _rows_title(records: Records, count: int, total: int) -> str:
    many = f"{records.listing.record}s"
    if not total:
        return f"No {many}"
    if records.selection.after:
        return f"The next {count:,} of {total:,} {many}"
    if count == total:
        return f"All {total:,} {many}" if total != 1 else f"The {records.listing.record}"
    return f"First {count:,} of {total:,} {many}"


def link(records: Records, **changes: str | None) -> str:
    """The address that shows the same records with changed parameters, in the same absolute window; "" if no
    request may carry one of them."""
    if not all(can_be_asked_for(value) for value in changes.values() if value is not None):
        return ""
    selection = records.selection
    carried = {**selection.absolute, "limit": selection.get("limit") or None} | changes
    return f"{records.call.url}?{selection.query(_OF_THE_PAGE if changes else (), **carried)}"


def _states(records: Records) -> list[dict[str, Any]]:
    """The records by state, in the order in which one may pass them."""
    name, order = records.listing.states
    group = records.listing.groups.get(name, str)
    place = {state: place for place, state in enumerate(order)}
    counts = sorted(
        records.tally.get(name, {}).items(), key=lambda item: (place.get(item[0], len(place)), str(item[0]))
    )
    return [
        {
            "state": state,
            "group": group(state),
            "short": state,
            "count": count,
            "url": link(records, limit=None, **{name + SHOWN: str(state)}),
        }
        for state, count in counts
    ]


def _attributes(records: Records, total: int) -> list[dict[str, Any]]:
    """The counted fields that any record has."""
    return [
        _attribute(records, name, counts.most_common(), total)
        for name, counts in records.tally.items()
        if any(value != NOT_SPECIFIED for value in counts)
    ]


def _attribute(records: Records, name: str, values: list[tuple[Any, int]], total: int) -> dict[str, Any]:
    most = len(values) if records.selection.get("view") == name else SHOWN_VALUES
    field = records.selection.noun.field(name)
    return {
        "field": name,
        "title": name,
        "help": field.help if field else "",
        "distinct": len(values),
        "values": [_value(records, name, value, count, total) for value, count in values[:most]],
        "more": max(len(values) - most, 0),
        "more_url": link(records, view=name) + f"#attribute-{name}",
    }


def _value(records: Records, name: str, value: Any, count: int, total: int) -> dict[str, Any]:
    group, text = records.listing.groups.get(name), str(records.told(name, value))
    return {
        "value": value,
        "text": text,
        "count": count,
        "url": link(records, limit=None, **{name + SHOWN: str(value)}) if text == str(value) else "",
        "failed": 0,
        "ended": 0,
        "rate": None,
        "telling": False,
        "share": count / total if total else 0,
        "group": group(str(value)) if group else "",
    }


def _sources(records: Records) -> tuple[str, ...]:
    """What is read of a record for the cells of the columns shown."""
    shown = records.listing.columns.shown(records.selection, records.call)
    return tuple(dict.fromkeys(chain.from_iterable(_made_of(records, one.name) for one in shown)))


def _made_of(records: Records, name: str) -> tuple[str, ...]:
    added = records.added(name)
    return added.sources if added else records.listing.made_of.get(name, (name,))


def _cells(records: Records, row: Row) -> Iterable[Cell]:
    """A record as the cells of the columns shown."""
    return (
        _cell(records, column, row)
        for column in records.listing.columns.shown(records.selection, records.call)
    )


def _cell(records: Records, column: Column, row: Row) -> Cell:
    make, group = records.listing.cells.get(column.name), records.listing.groups.get(column.name)
    if make:
        return make(records.call, row)
    if added := records.added(column.name):
        return _of_field(records, column, added, row)
    value = row[column.name]
    if column.kind == "state":
        state = str(value or "unknown")
        return cell("state", state) | {"state": state, "group": group(state) if group else ""}
    return cell(column.kind, cut(str(value or ""), LONGEST_SAID) if column.kind == "error" else value)


def _of_field(records: Records, column: Column, added: Field, row: Row) -> Cell:
    """What a plugin's field is of a record, of a counted one a link to all that have it."""
    value = added.show(*(row[name] for name in added.sources))
    url = link(records, limit=None, **{added.name + SHOWN: str(value)}) if added.counted else ""
    return cell(column.kind, None if value == NOT_SPECIFIED else value, url)
