"""What a plugin lets people ask for and see of jobs: fields, columns, scope."""

import re
from collections.abc import Iterable, Iterator

from bigpandamon_core.domain import job_columns, job_requests, request_window, scopes
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_requests import TIMES
from bigpandamon_core.domain.people import NAMES, NEVER
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.examining.complaint import Complaint, unknown
from bigpandamon_core.sections.catalogue import MOUNTABLE

PARAMETER = re.compile(r"[a-z][a-z0-9_]*")
CELLS = ("text", "number", "state", "time", "duration", "error", "mono")
PERSONAL = frozenset((*NAMES, *NEVER))


def fields(plugin: Plugin) -> Iterator[Complaint]:
    """Fields whose name is not the plugin's, or whose values cannot be read, counted or linked."""
    names = [field.name for field in plugin.fields]
    for field in plugin.fields:
        key = f"fields.{field.name}"
        if not field.name.startswith(f"{plugin.name}_") or not PARAMETER.fullmatch(field.name):
            yield Complaint(key, f"a name that begins with {plugin.name}_", f'"{field.name}"')
        if names.count(field.name) > 1 or _is_taken(field.name):
            yield Complaint(key, "a name that is free", "it is taken")
        if not field.help:
            yield Complaint(key, "a help text", '""')
        yield from (Complaint(key, expected, found) for expected, found in _of_field(field))


def _is_taken(name: str) -> bool:
    return (
        job_requests.noun().field(name) is not None
        or name in request_window.NAMES
        or name.startswith("queue")
    )


def _of_field(field: Field) -> Iterator[tuple[str, str]]:
    strange = [name for name in (*field.sources, field.source) if name not in job_columns.ALL]
    if strange:
        yield "columns of jobs", ", ".join(dict.fromkeys(strange))
    if field.shown and len(field.sources) != 1:
        yield "one column that it is derived from", str(len(field.sources))
    if field.shown and not field.exactly:
        yield "exactly, the condition for a value as shown", "none"
    if PERSONAL & set(field.sources) and not field.personal:
        yield "personal=True for what comes from a person's data", "personal=False"


def columns(plugin: Plugin) -> Iterator[Complaint]:
    """Columns that show no field of the plugin."""
    names = {field.name for field in plugin.fields}
    for noun, declared in plugin.columns.items():
        if noun not in MOUNTABLE:
            yield unknown("columns", noun, MOUNTABLE, "a noun")
        for column in declared:
            key = f"columns.{noun}.{column.name}"
            if column.name not in names:
                yield unknown(key, column.name, names, "the name of one of the plugin's fields")
            if column.kind not in CELLS:
                yield unknown(key, column.kind, CELLS, "a kind of cell")
            if column.sort and column.sort not in (*job_columns.ALL, *TIMES):
                yield unknown(key, column.sort, job_columns.ALL, "a column of jobs to sort by")


def scope(plugin: Plugin, texts: Iterable[tuple[str, str]]) -> Iterator[Complaint]:
    """Scopes, by noun, that cannot be read."""
    for noun, text in texts:
        if noun not in MOUNTABLE:
            yield unknown("scope", noun, MOUNTABLE, "a noun")
            continue
        try:
            scopes.read(text, job_requests.noun(more_fields=plugin.fields))
        except Problem as problem:
            yield Complaint(f"scope.{noun}", "a condition in the request language", f'"{text}"', str(problem))
