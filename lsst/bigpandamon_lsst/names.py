"""Names that tell the hierarchy: runs, tasks and files as the batch production service calls them.

A run is called `u_<operator>_<payload>_<stamp>`, a task `<run>_<count>_<label>_<chunk>`, a file
`<order>:<node>_<label>_<data id>+qgraphNodeId:<node>+qgraphId:<stamp>`. A data id is written tract, patch,
band, visit, exposure, detector, as far as the label has them; which it has, dimensions.csv tells.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

DIMENSIONS = ("tract", "patch", "band", "visit", "exposure", "detector")
BEFORE_BAND, AFTER_BAND = ("tract", "patch"), ("visit", "detector")
_TASK = re.compile(r"(?P<run>.+_[0-9]{8}T[0-9]{6}Z)_(?:(?P<number>[0-9]{2,})_)?(?P<rest>[^/]+)/?")
_CHUNK = re.compile(r"(?P<label>.+)_(?P<chunk>[0-9]{2,})")
_RUN = re.compile(r"(?:u_(?P<operator>[^_]+)_)?(?P<payload>.*)_(?P<stamp>[0-9]{8}T[0-9]{6})Z")
_FILE = re.compile(
    r"(?:[0-9]+:)?(?:(?P<node>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_)?(?P<rest>[^+]*)(?:\+.*)?"
)
_DATA_ID = re.compile(r"(?P<label>.+?)_(?P<data>(?:(?:[0-9]+|[ugrizy])(?:_|$))*)")
_VALUE = re.compile(r"[0-9]+|[ugrizy]")


@dataclass(frozen=True)
class TaskName:
    """number: how many tasks the run had before it. chunk: of those of one label. -1: not told."""

    run: str
    number: int
    label: str
    chunk: int


@dataclass(frozen=True)
class RunName:
    """operator: "" where the name does not begin as those of users do. submitted: naive UTC."""

    operator: str
    payload: str
    submitted: datetime


@dataclass(frozen=True)
class Quantum:
    """What a pseudo file stands for: one piece of work. node: in the graph, "" of clusters. text: its data id
    as written. data_id: by dimension, as far as is known what the values mean."""

    node: str
    label: str
    text: str
    data_id: Mapping[str, str] = field(default_factory=dict)


def task_name(name: str) -> TaskName | None:
    """None: no name of such a task."""
    found = _TASK.fullmatch(name)
    if found is None:
        return None
    chunked = _CHUNK.fullmatch(found["rest"])
    label, chunk = (chunked["label"], int(chunked["chunk"])) if chunked else (found["rest"], -1)
    return TaskName(found["run"], int(found["number"] or -1), label, chunk)


def run_name(run: str) -> RunName | None:
    """None: no name of a run, or its stamp is no moment."""
    found = _RUN.fullmatch(run)
    if found is None:
        return None
    try:
        submitted = datetime.strptime(found["stamp"], "%Y%m%dT%H%M%S")
    except ValueError:
        return None
    return RunName(found["operator"] or "", found["payload"], submitted)


def quantum(lfn: str, label: str = "") -> Quantum:
    """label: of its task, where that is known; else the data id is the last values of the name."""
    found = _FILE.fullmatch(lfn)
    node, rest = (found["node"] or "", found["rest"]) if found else ("", lfn)
    if label and (rest == label or rest.startswith(f"{label}_")):
        text = rest[len(label) + 1 :]
    else:
        split = _DATA_ID.fullmatch(rest)
        label, text = (split["label"], split["data"]) if split else (rest, "")
    return Quantum(node, label, text, data_id(label, text))


def data_id(label: str, text: str) -> dict[str, str]:
    """Values by dimension; nothing where it is not known what they mean."""
    values = text.strip("_").split("_")
    if not all(map(_VALUE.fullmatch, values)):
        return {}
    names = _known().get(label) or _around_band(values)
    return dict(zip(names, values, strict=True)) if len(names) == len(values) else {}


def _around_band(values: list[str]) -> tuple[str, ...]:
    """A letter is the band: tract and patch stand before it, visit and detector after it."""
    bands = [place for place, value in enumerate(values) if value.isalpha()]
    if len(bands) != 1:
        return ()
    place = bands[0]
    return (*BEFORE_BAND[:place], "band", *AFTER_BAND[: len(values) - place - 1])


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """By label its dimensions."""
    with Path(__file__).with_name("dimensions.csv").open(encoding="utf-8", newline="") as file:
        return {row["label"]: tuple(row["dimensions"].split()) for row in csv.DictReader(file)}
