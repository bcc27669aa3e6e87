"""What a plugin lets people ask for and see of records: fields, columns, scope."""

import re
from collections.abc import Iterable, Iterator, Mapping

from bigpandamon_core.domain import job_columns, request_window, scopes, task_fields
from bigpandamon_core.domain.catalogue import NOUNS
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.people import NAMES, NEVER
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.plugin.contract import Plugin, all_fields
from bigpandamon_core.plugin.examining.complaint import Complaint, unknown
from bigpandamon_core.sections.catalogue import MOUNTABLE

PARAMETER = re.compile(r"[a-z][a-z0-9_]*")
CELLS = ("text", "number", "state", "time", "duration", "error", "mono")
PERSONAL = frozenset((*NAMES, *NEVER))
COLUMNS: Mapping[str, tuple[str, ...]] = {"jobs": job_columns.ALL, "tasks": task_fields.COLUMNS}
"""By noun the columns of its records."""


def fields(plugin: Plugin) -> Iterator[Complaint]:
    """Fields whose name is not the plugin's, or whose values cannot be read, counted or linked."""
    if "jobs" in plugin.fields_of:
        yield Complaint("fields_of", "fields of other nouns than jobs", "jobs", "declare those in fields")
    for noun, declared in all_fields(plugin).items():
        word = "fields" if noun == "jobs" else f"fields_of.{noun}"
        if noun not in MOUNTABLE:
            yield unknown("fields_of", noun, MOUNTABLE, "a noun")
            continue
        for field in declared:
            told = _named(plugin, noun, field, declared)
            yield from (Complaint(f"{word}.{field.name}", *one) for one in (*told, *_of_field(noun, field)))


def _named(plugin: Plugin, noun: str, field: Field, declared: tuple[Field, ...]) -> Iterator[tuple[str, str]]:
    if not field.name.startswith(f"{plugin.name}_") or not PARAMETER.fullmatch(field.name):
        yield f"a name that begins with {plugin.name}_", f'"{field.name}"'
    if [one.name for one in declared].count(field.name) > 1 or _is_taken(noun, field.name):
        yield "a name that is free", "it is taken"
    if not field.help:
        yield "a help text", '""'


def _is_taken(noun: str, name: str) -> bool:
    is_known = NOUNS[noun]().field(name) is not None
    return is_known or name in request_window.NAMES or name.startswith("queue")


def _of_field(noun: str, field: Field) -> Iterator[tuple[str, str]]:
    strange = [name for name in (*field.sources, field.source) if name not in COLUMNS[noun]]
    if strange:
        yield f"columns of {noun}", ", ".join(dict.fromkeys(strange))
    if field.shown and len(field.sources) != 1:
        yield "one column that it is derived from", str(len(field.sources))
    if field.shown and not field.exactly:
        yield "exactly, the condition for a value as shown", "none"
    if PERSONAL & set(field.sources) and not field.personal:
        yield "personal=True for what comes from a person's data", "personal=False"


def columns(plugin: Plugin) -> Iterator[Complaint]:
    """Columns that show no field of the plugin."""
    for noun, declared in plugin.columns.items():
        if noun not in MOUNTABLE:
            yield unknown("columns", noun, MOUNTABLE, "a noun")
            continue
        names = {field.name for field in all_fields(plugin).get(noun, ())}
        sorts = (*COLUMNS[noun], *NOUNS[noun]().window.time_columns)
        for column in declared:
            key = f"columns.{noun}.{column.name}"
            if column.name not in names:
                yield unknown(key, column.name, names, "the name of one of the plugin's fields")
            if column.kind not in CELLS:
                yield unknown(key, column.kind, CELLS, "a kind of cell")
            if column.sort and column.sort not in sorts:
                yield unknown(key, column.sort, sorts, f"a column of {noun} to sort by")


def scope(plugin: Plugin, texts: Iterable[tuple[str, str]]) -> Iterator[Complaint]:
    """Scopes, by noun, that cannot be read."""
    for noun, text in texts:
        if noun not in MOUNTABLE:
            yield unknown("scope", noun, MOUNTABLE, "a noun")
            continue
        try:
            scopes.read(text, NOUNS[noun](more_fields=all_fields(plugin).get(noun, ())))
        except Problem as problem:
            yield Complaint(f"scope.{noun}", "a condition in the request language", f'"{text}"', str(problem))
