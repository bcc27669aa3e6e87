"""Files of operators as rows: the table of tolerated failures, failures by task, queues of Harvester."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from django.db import models, transaction

from bigpandamon_core.plugin import Outcome, Record, RecordKind, Refused, Unreadable, json_document
from bigpandamon_lsst.models import HarvesterQueue, Reported, Tolerated
from bigpandamon_lsst.tolerance import COMPONENTS, pieces

MOST_BYTES = 1_000_000
"""Of a document that is read as one."""
TABLE, REPORTS = "pandaErrorCode", "reports"
DIGITS_OF_A_CODE, DIGITS_OF_A_TASK = 9, 18
UNSTORABLE = re.compile("[\0\ud800-\udfff]|\\\\x00|\\\\ud[89a-f]")
"""Also as Python writes them inside lists."""
ON = "on"
"""Key of a record that tells what it belongs to."""
Row = dict[str, Any]
Made = tuple[Row, Row]
"""What tells a row, and its other columns."""


def yaml_records(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """The rows of the table, or of lists by task; places are lines."""
    try:
        loader = yaml.SafeLoader(_document(stream))
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise Refused("neither a table of errors nor lists by task")
        yield from _rows(loader, root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        yield Unreadable(f"line {mark.line + 1}" if mark else "the file", f"not YAML: {error.problem}")
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, Refused) as error:
        yield Unreadable("the file", str(error)[:200])


def _document(stream: BinaryIO) -> bytes:
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(f"longer than {MOST_BYTES} bytes")
    return content


def _rows(loader: yaml.SafeLoader, root: yaml.MappingNode) -> Iterator[Record | Unreadable]:
    for key, value in root.value:
        if key.value == TABLE and isinstance(value, yaml.MappingNode):
            for code, rows in value.value:
                yield from _named(loader, code, rows)
        elif isinstance(value, yaml.SequenceNode):
            for row in value.value:
                yield _record(loader, row, row, {"list": REPORTS, ON: key.value})


def _named(loader: yaml.SafeLoader, code: yaml.Node, rows: yaml.Node) -> Iterator[Record | Unreadable]:
    """The rows below an error code, each under its name."""
    if not isinstance(rows, yaml.MappingNode):
        yield Unreadable(f"line {rows.start_mark.line + 1}", "no rows below the code")
        return
    for name, row in rows.value:
        yield _record(loader, name, row, {"list": TABLE, ON: code.value, "name": name.value})


def _record(loader: yaml.SafeLoader, place: yaml.Node, node: yaml.Node, more: Row) -> Record | Unreadable:
    line = f"line {place.start_mark.line + 1}"
    values = loader.construct_object(node, deep=True)
    return Record(line, {**values, **more}) if isinstance(values, dict) else Unreadable(line, "no row")


def queue_records(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """A JSON document of queues by name."""
    try:
        found = json_document(stream, MOST_BYTES)
    except Refused as error:
        yield Unreadable("the file", str(error))
        return
    if not isinstance(found, dict):
        yield Unreadable("the file", "no queues by name")
        return
    for name, limits in found.items():
        if isinstance(limits, dict):
            yield Record(f"queue {name}", {**limits, ON: name})
        else:
            yield Unreadable(f"queue {name}", "no settings")


def tolerated(values: Row) -> Made:
    """A row of the table. Raises Refused."""
    component, code = _error(values.get(ON))
    pattern = _text(values, "diagMessage", 10_000)
    try:
        pieces(pattern)
    except ValueError as error:
        raise Refused(f"diagMessage: {error}") from error
    tickets = values.get("ticket") or []
    told = {
        "pattern": pattern,
        "pipetask": _text(values, "pipetask", 100),
        "tickets": " ".join(map(str, tickets if isinstance(tickets, list) else [tickets]))[:400],
        "resolved": _flag(values, "resolved"),
        "rescue": _flag(values, "rescue"),
        "flavor": _text(values, "flavor", 40),
        "intensity": _share(values),
    }
    return {"component": component, "code": code, "name": _text(values, "name", 100)}, told


def reported(values: Row) -> Made:
    """A failure of a task. Raises Refused."""
    component, code = _error(values.get("panda_err_code"))
    number = str(values.get(ON))
    if not number.isdecimal() or len(number) > DIGITS_OF_A_TASK:
        raise Refused("the number of a task over the list")
    key = {
        "jeditaskid": int(number),
        "lfn": _text(values, "data_id", 500),
        "component": component,
        "code": code,
    }
    return key, {
        "diagnostic": _text(values, "diagnostic_message", 10_000),
        "error_type": _text(values, "error_type", 100),
        "log_url": _text(values, "log_file_url", 1000),
        "pipetask": _text(values, "pipetask", 100),
    }


def queue(values: Row) -> Made:
    """A queue. Raises Refused."""
    told = {name: value for name, value in values.items() if name != ON}
    _text({"settings": told}, "settings", 100_000)
    return {"name": _text(values, ON, 100)}, {
        "status": _text(told, "queueStatus", 40),
        "template": _text(told, "templateQueueName", 100),
        "limits": told,
    }


def _error(told: object) -> tuple[str, int]:
    """`pilot, 1305`, as component and code of PanDA."""
    component, _, code = str(told).partition(",")
    if not code.strip().isdecimal() or len(code.strip()) > DIGITS_OF_A_CODE:
        raise Refused("an error code such as pilot, 1305")
    return COMPONENTS.get(component.strip(), component.strip())[:40], int(code)


def _text(values: Row, name: str, longest: int) -> str:
    text = str(values.get(name) if values.get(name) is not None else "").strip()
    if len(text) > longest:
        raise Refused(f"{name}: at most {longest} characters")
    if UNSTORABLE.search(text):
        raise Refused(f"{name}: characters that no database keeps")
    return text


def _flag(values: Row, name: str) -> bool:
    if not isinstance(values.get(name), bool):
        raise Refused(f"{name}: True or False")
    return bool(values[name])


def _share(values: Row) -> float:
    share = values.get("intensity")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise Refused("intensity: a share from 0 to 1")
    return float(share)


class Writer:
    """Stores rows; what a file says of a known one takes the place of what it said before."""

    def __init__(self, model: type[models.Model], made: Callable[[Row], Made]):
        self._model = model
        self._made = made

    def write(self, records: Sequence[Record]) -> Outcome:
        outcome = Outcome()
        with transaction.atomic(using="default"):
            for record in records:
                try:
                    self._store(self._made(dict(record.values)), outcome)
                except Refused as refused:
                    outcome.refused.append(Unreadable(record.place, str(refused)))
        return outcome

    def _store(self, made: Made, outcome: Outcome) -> None:
        key, told = made
        row, is_new = self._model._default_manager.get_or_create(**key, defaults=told)
        changed = [name for name, value in told.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, told[name])
        if changed:
            row.save(update_fields=changed)
        outcome.added += is_new
        outcome.completed += bool(changed)
        outcome.unchanged += not is_new and not changed


def _is_of(word: str) -> Callable[[Path, Record], bool]:
    return lambda _path, record: record.values.get("list") == word


KINDS = (
    RecordKind(
        name="lsst-tolerated",
        help="table of tolerated failures: YAML with pandaErrorCode",
        readers={".yaml": yaml_records, ".yml": yaml_records},
        writer=lambda _path: Writer(Tolerated, tolerated),
        recognises=_is_of(TABLE),
    ),
    RecordKind(
        name="lsst-reported",
        help="failures by task: YAML with a list below the number of each",
        readers={".yaml": yaml_records, ".yml": yaml_records},
        writer=lambda _path: Writer(Reported, reported),
        recognises=_is_of(REPORTS),
    ),
    RecordKind(
        name="lsst-queues",
        help="queues of Harvester: a JSON document of settings by name",
        readers={".json": queue_records},
        writer=lambda _path: Writer(HarvesterQueue, queue),
        recognises=lambda _path, record: (
            "walltimeLimit" in record.values or "templateQueueName" in record.values
        ),
    ),
)
