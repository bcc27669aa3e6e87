"""Where names of people are hidden: runs are called without their operators, and found by their tasks."""

from dataclasses import replace
from re import compile as pattern
from typing import Any
from urllib.parse import quote

from bigpandamon_core.plugin import Call
from bigpandamon_lsst.names import run_name

NOBODY = "(name not shown)"
_TOLD_OTHERWISE = pattern(r"\(name not shown\)|user-[0-9a-f]{10}")
Row = dict[str, Any]


def shown(call: Call, run: str) -> str:
    """The name of a run as the caller may read it: its operator is told as other people are."""
    told = run_name(run)
    if told is None or not told.operator or not call.privacy.hides_names:
        return run
    if _TOLD_OTHERWISE.fullmatch(told.operator):
        return run
    rest = run.removeprefix(f"u_{told.operator}_")
    return f"u_{operator(call, told.operator)}_{rest}"


def operator(call: Call, name: str) -> str:
    """An operator as the caller may read it."""
    return str(call.privacy.name(name) or NOBODY) if name and call.privacy.hides_names else name


def address(call: Call, path: str, run: str, jeditaskid: int) -> str:
    """Of a page about a run: by its name, or by a task of it where the name is hidden."""
    return f"{call.root}{path}/{jeditaskid if call.privacy.hides_names else quote(run)}/"


def knowing(call: Call, **parameters: str) -> Call:
    """The same with other parameters and names as they are stored: to look up what a name belongs to, never
    to show it."""
    stored = Call((), call.now, call.option)
    return replace(call, parameters=tuple(parameters.items()), understood=frozenset(), privacy=stored.privacy)
