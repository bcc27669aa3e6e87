"""The columns of a table of records on a page, and the choice among them."""

from dataclasses import dataclass
from typing import Any

from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.payloads.call import Call

RIGHT = frozenset({"number", "time", "duration", "percent", "size"})


@dataclass(frozen=True)
class Offered:
    """usual: those of a page without a wish; the first is always shown, for it leads to the record. further:
    those on offer beside them. noun: to whose records a plugin's columns belong."""

    usual: tuple[Column, ...]
    further: tuple[Column, ...] = ()
    noun: str = ""

    def all(self, call: Call) -> tuple[Column, ...]:
        """All there are, a plugin's own last."""
        return (*self.usual, *self.further, *self._more(call))

    def shown(self, selection: Selection, call: Call) -> tuple[Column, ...]:
        """Those that `fields` names, in its order; the usual ones and a plugin's own without a wish."""
        by_name = {column.name: column for column in self.all(call)}
        chosen = [by_name[name] for name in selection.fields if name in by_name]
        identity = self.usual[0]
        return tuple(dict.fromkeys((identity, *chosen))) if chosen else (*self.usual, *self._more(call))

    def _more(self, call: Call) -> tuple[Column, ...]:
        return call.more_columns.get(self.noun, ())

    def heads(self, selection: Selection, call: Call) -> list[dict[str, Any]]:
        """The headings, each with the link that sorts by it."""
        return [_head(column, selection, call.url) for column in self.shown(selection, call)]

    def choice(self, selection: Selection, call: Call) -> dict[str, Any]:
        """What a form needs to choose columns: those on offer, and all else that the request says."""
        columns = [column for column in self.all(call) if column != self.usual[0]]
        names = {column.name for column in self.shown(selection, call)}
        return {
            "columns": [{"name": c.name, "title": c.title, "shown": c.name in names} for c in columns],
            "shown": len(names),
            "offered": len(columns) + 1,
            "kept": selection.pairs("fields"),
            "url": call.url,
            "usual_url": f"{call.url}?{selection.query(('fields',))}" if selection.fields else "",
        }


def _head(column: Column, selection: Selection, url: str) -> dict[str, Any]:
    sort = selection.sort[0]
    current = sort.column == column.sort
    way = "" if current and sort.descending else "-"
    return {
        "name": column.name,
        "title": column.title,
        "align": "right" if column.kind in RIGHT else "left",
        "sort_url": f"{url}?{selection.query(('sortby',), sort=way + column.sort)}" if column.sort else "",
        "sorted": ("desc" if sort.descending else "asc") if current else "",
    }
