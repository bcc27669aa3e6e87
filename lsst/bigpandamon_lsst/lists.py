"""What operators keep in files, as it was imported."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import models

from bigpandamon_core.plugin import Access, Call, Column, Resource, Table, cell, table
from bigpandamon_lsst.models import HarvesterQueue, Reported, Tolerated

MOST = 1_000
Rows = list[dict[str, Any]]
TOLERATED = (
    Column("component", "Component", "text"),
    Column("code", "Code", "mono"),
    Column("name", "Known as", "text"),
    Column("pipetask", "Label", "text"),
    Column("intensity", "Share that may be lost", "text"),
    Column("rescue", "Rescue helps", "text"),
    Column("resolved", "Resolved", "text"),
    Column("flavor", "Where from", "text"),
    Column("tickets", "Tickets", "text"),
    Column("pattern", "Pattern", "error"),
)
REPORTED = (
    Column("jeditaskid", "Task", "mono"),
    Column("lfn", "File", "error"),
    Column("component", "Component", "text"),
    Column("code", "Code", "mono"),
    Column("pipetask", "Written as", "text"),
    Column("error_type", "Kind", "text"),
    Column("diagnostic", "Said", "error"),
    Column("log_url", "Log", "text"),
)
QUEUES = (
    Column("name", "Queue", "text"),
    Column("status", "State", "text"),
    Column("template", "Template", "text"),
    Column("limits", "Limits", "text"),
)


class Kept:
    """The rows of a list in their order."""

    def __init__(
        self,
        model: type[models.Model],
        columns: tuple[Column, ...],
        order: tuple[str, ...],
        title: str,
        call: Call,
    ):
        self.call, self.columns, self.title = call, columns, title
        found = model._default_manager.order_by(*order)
        self.rows = list(found[: MOST + 1])
        self.truncated = f"only {MOST:,} are shown" if len(self.rows) > MOST else ""
        self.rows = self.rows[:MOST]

    @property
    def told(self) -> Rows:
        return [
            {column.name: _plain(self.call, getattr(row, column.name)) for column in self.columns}
            for row in self.rows
        ]


def _plain(call: Call, value: Any) -> Any:
    """As the caller may see it; of settings the numbers alone: others may be paths of credentials."""
    if isinstance(value, dict):
        return _numbers(value)
    return call.privacy.text(value) if isinstance(value, str) else value


def _numbers(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: told for name, told in settings.items() if isinstance(told, int | float)}


def cells_of(call: Call, columns: tuple[Column, ...], row: models.Model) -> dict[str, Any]:
    """A row as tables of pages take it."""
    return {column.name: _cell(call, column, getattr(row, column.name)) for column in columns}


def _cell(call: Call, column: Column, value: Any) -> Any:
    if column.name == "jeditaskid":
        return cell("mono", value, f"{call.root.removesuffix('lsst/')}task/{value}/")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{100 * value:g} %"
    if isinstance(value, dict):
        return ", ".join(f"{name} {told}" for name, told in _numbers(value).items())
    value = _plain(call, value)
    is_link = column.name == "log_url" and str(value).startswith(("https://", "http://"))
    return cell("text", "log", str(value)) if is_link else value


def page(kept: Kept) -> dict[str, Any]:
    rows = [cells_of(kept.call, kept.columns, row) for row in kept.rows]
    return {
        "title": kept.title,
        "heading": kept.title,
        "truncated": kept.truncated,
        "tables": [table("list", f"{len(rows):,} rows", kept.columns, rows, empty="None was imported.")],
        "source": "imported from files of operators",
    }


def plain(kept: Kept) -> Rows:
    return kept.told


def rows(kept: Kept) -> Table:
    return Table(tuple(column.name for column in kept.columns), kept.told, kept.truncated)


def _resource(
    name: str, title: str, model: type[models.Model], columns: tuple[Column, ...], *order: str
) -> Resource:
    build: Callable[[Call], Kept] = partial(Kept, model, columns, order, title)
    return Resource(
        name=f"lsst-{name}",
        path=f"lsst/{name}/",
        help=f"{title}, as imported.",
        access=Access.READ,
        build=build,
        formats={"html": page, "json": plain, "csv": rows},
        template="lsst/record.html",
        answer={"type": "array", "items": {"type": "object"}},
    )


RESOURCES = (
    _resource("tolerated", "Tolerated failures", Tolerated, TOLERATED, "component", "code", "name"),
    _resource("reported", "Failures by task", Reported, REPORTED, "-jeditaskid", "lfn"),
    _resource("queues", "Queues of Harvester", HarvesterQueue, QUEUES, "name"),
)
