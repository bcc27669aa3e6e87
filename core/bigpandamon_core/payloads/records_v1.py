"""Records of a noun for `/api/v1`."""

from typing import Any

from bigpandamon_core.payloads.envelope import limit_of, links, meta, plain
from bigpandamon_core.payloads.records import Records
from bigpandamon_core.sources.reading import snapshot


def shape(records: Records) -> dict[str, Any]:
    """One page of rows with the total and the next page's address.

    Raises:
        Problem: a page of more than MOST_ROWS is asked for.
    """
    columns, limit = records.columns_of(records.columns), limit_of(records.selection)
    with snapshot():
        rows = records.page(columns, limit + 1) if limit else []
        total = records.count()
    shown = rows[:limit]
    return {
        "data": [plain({name: row[name] for name in columns}) for row in shown],
        "meta": meta(records, total=total),
        "links": links(records, shown[-1]["_cursor"] if len(rows) > limit > 0 else ""),
    }
