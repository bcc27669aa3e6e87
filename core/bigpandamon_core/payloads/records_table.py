"""Records of a noun as plain rows, for CSV, NDJSON and terminals."""

from typing import Any

from bigpandamon_core.payloads.call import Table
from bigpandamon_core.payloads.records import Records

TERMINAL_ROWS = 50


def shape(records: Records) -> Table:
    """Every row, or as many as `limit` says; columns as asked for by `fields`."""
    columns = records.columns_of(records.columns)
    return Table(columns, records.rows(columns, records.selection.limit))


def short(records: Records) -> Table:
    """What fits a terminal: few columns, few rows, the total in the last line."""
    limit, columns = records.selection.limit, records.listing.narrow
    most = TERMINAL_ROWS if limit is None else limit
    rows: Any = records.rows(columns, most)
    total = records.count()
    note = f"{total:,} {records.listing.record}s" + (f", the first {most:,} shown" if total > most else "")
    return Table(columns, rows, note)
