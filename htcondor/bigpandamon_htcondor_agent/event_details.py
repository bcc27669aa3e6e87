"""What the lines of an event tell, by ClassAd name.

Forms: the event classes of condor_utils/condor_event.cpp in https://github.com/htcondor/htcondor
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress

from bigpandamon_htcondor_agent.values import Ad, Unreadable, Value, put

_USAGE = re.compile(
    r"Usr (\d{1,9}) (\d\d):(\d\d):(\d\d), Sys (\d{1,9}) (\d\d):(\d\d):(\d\d)  -  (Run|Total) (\w+) Usage"
)
_AMOUNT = re.compile(r"(-?\d{1,18})  -  (.+)")
_CODES = re.compile(r"Code (-?\d{1,18}) Subcode (-?\d{1,18})")
_TERMINATION = re.compile(r"\([01]\) (Normal|Abnormal) termination \((?:return value|signal) (-?\d{1,18})\)")
_LABELLED = re.compile(r"(DAG Node|SlotName|GridResource|GridJobId): *(.+)")
_HOST = re.compile(r"(?:Job executing on host|Job submitted from host): *(<.*>|\S+)")
_SIZE = re.compile(r"Image size of job updated: (-?\d{1,18})")
_CHANGE = re.compile(r"Changing job attribute (\w+) from .* to (.*)")
_RECONNECT = re.compile(r"Trying to reconnect to (\S+)")
_ALIAS = re.compile(r"[?&]alias=([^&>]+)")
_ADDRESS = re.compile(r"<\[?([^]>?]+?)\]?(?::\d+)?[?>]")
_TABLE = "Partitionable Resources :"
_ROW = re.compile(r"\s*(\w+)(?: \(\w+\))?\s*:(.*)")
_AMOUNTS = {
    "MemoryUsage of job (MB)": "MemoryUsage",
    "ResidentSetSize of job (KB)": "ResidentSetSize",
    "ProportionalSetSize of job (KB)": "ProportionalSetSizeKb",
    "Run Bytes Sent By Job": "RunBytesSent",
    "Run Bytes Received By Job": "RunBytesRecvd",
    "Total Bytes Sent By Job": "BytesSent",
    "Total Bytes Received By Job": "BytesRecvd",
}
_COLUMNS = {"Usage": "{}Usage", "Request": "Request{}", "Allocated": "{}Provisioned"}
_RESOURCES = {"Cpus", "Memory", "Disk", "Gpus"}
_SPELT = {"CpusUsage": "CPUsUsage", "GpusProvisioned": "GPUsProvisioned", "RequestGpus": "RequestGPUs"}
_SLOT = {
    "Cpus": "CpusProvisioned",
    "GPUs": "GPUsProvisioned",
    "Memory": "MemoryProvisioned",
    "Disk": "DiskProvisioned",
}
"""What an execution event calls the slot's own is what the job got."""
_WITH_ATTRIBUTES = {1, 28, 33}
_WITH_REASON = {4, 7, 8, 9, 12, 13, 21, 22, 24, 35, 36, 37, 38}


def details(number: int, text: str, lines: Iterable[str]) -> Ad:
    """Of the first line and those under it; what has no form known here is left out, but for a reason."""
    found = Ad()
    _take(found, 0, text)
    columns: list[tuple[str, int]] = []
    for line in lines:
        expanded = line.expandtabs()
        if _TABLE in line:
            columns = [(word[0], word.end()) for word in re.finditer(r"\w+", expanded) if word[0] in _COLUMNS]
        elif columns and (row := _ROW.fullmatch(expanded)):
            found.update(_of_row(row, columns))
        else:
            _take(found, number, line.strip())
    return found


def machine(address: str) -> str:
    """The name of a machine in an address such as <10.0.0.1:9618?alias=node1&…>, else its number."""
    written = _ALIAS.search(address) or _ADDRESS.match(address)
    return written[1] if written else address


def _take(found: Ad, number: int, line: str) -> None:
    for form, reading in _FORMS:
        if written := form.match(line):
            found.update(reading(written))
            return
    if number in _WITH_ATTRIBUTES:
        told = _of_assignment(line)
        found.update({_SLOT.get(name, name): value for name, value in told.items()} if number == 1 else told)
    elif number in _WITH_REASON and line and "Reason" not in found and not line.startswith("("):
        found["Reason"] = line


def _of_usage(usage: re.Match[str]) -> dict[str, Value]:
    """CPU seconds: of the last run, or of all."""
    whose = f"{'Cumulative' if usage[9] == 'Total' else ''}{usage[10]}"
    figures = usage.groups()[:8]
    return {f"{whose}UserCpu": _seconds(figures[:4]), f"{whose}SysCpu": _seconds(figures[4:])}


def _seconds(written: tuple[str, ...]) -> int:
    days, hours, minutes, seconds = map(int, written)
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _of_amount(amount: re.Match[str]) -> dict[str, Value]:
    name = _AMOUNTS.get(amount[2])
    return {name: int(amount[1])} if name else {}


def _of_termination(end: re.Match[str]) -> dict[str, Value]:
    signalled = end[1] == "Abnormal"
    return {"ExitBySignal": signalled, "ExitSignal" if signalled else "ExitCode": int(end[2])}


def _of_label(label: re.Match[str]) -> dict[str, Value]:
    return {"DAGNodeName" if label[1] == "DAG Node" else label[1]: label[2]}


def _of_change(change: re.Match[str]) -> Ad:
    return _of_assignment(f"{change[1]} = {change[2]}")


def _of_assignment(line: str) -> Ad:
    found = Ad()
    with suppress(Unreadable):  # free text where attributes may be
        put(found, line, of_line=True)
    return found


def _of_row(row: re.Match[str], columns: list[tuple[str, int]]) -> dict[str, Value]:
    """A row of the table of resources: a figure belongs to the column that ends nearest to it."""
    resource, found = row[1].capitalize(), {}
    for figure in re.finditer(r"\d{1,18}(?:\.\d+)?(?= |\Z)", row[2] if resource in _RESOURCES else ""):
        away = {abs(end - row.start(2) - figure.end()): column for column, end in columns}
        name = _COLUMNS[away[min(away)]].format(resource)
        found[_SPELT.get(name, name)] = float(figure[0]) if "." in figure[0] else int(figure[0])
    return found


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, Value]]], ...] = (
    (_USAGE, _of_usage),
    (_AMOUNT, _of_amount),
    (_CODES, lambda codes: {"Code": int(codes[1]), "SubCode": int(codes[2])}),
    (_TERMINATION, _of_termination),
    (_LABELLED, _of_label),
    (_HOST, lambda host: {"Host": host[1]}),
    (_SIZE, lambda size: {"ImageSize": int(size[1])}),
    (_CHANGE, _of_change),
    (_RECONNECT, lambda machine: {"RemoteHost": machine[1]}),
)
