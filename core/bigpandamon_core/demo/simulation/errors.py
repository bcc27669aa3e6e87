"""What goes wrong in a job: which error at which point of its life, with the texts that PanDA would store."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

from bigpandamon_core.demo.simulation.faults import FAULTS, Fault
from bigpandamon_core.demo.simulation.records import Row
from bigpandamon_core.domain.job_errors import BY_NAME, COMPONENTS

CODES_FILE = "error_codes.csv"
UNLIKELY = 0.06
"""Share of errors of the pilot that are drawn from all its codes."""


_FILE_CODES = frozenset(
    {1099, 1100, 1103, 1137, 1141, 1145, 1151, 1152, 1165, 1171, 1172, 1180, 1181, 1331, 1333}
)
_LIMIT_CODES = frozenset({1098, 1104, 1106, 1124, 1150, 1168, 1204, 1212, 1213, 1223, 1235})
_NETWORK_CODES = frozenset({1163, 1177, 1316, 1318, 1321, 1322, 1324, 1327, 1338, 1367, 1368, 1382, 1383})
_SIGNAL_CODES = frozenset({1144, 1200, 1201, 1202, 1203, 1205, 1206, 1207, 1208, 1236, 1379})


class Faults:
    """Draws errors; the common ones by weight, now and then any code that the pilot has."""

    def __init__(self) -> None:
        self._at = {at: _weighed([fault for fault in FAULTS if fault.at == at]) for at in ("setup", "launch")}
        later = [fault for fault in FAULTS if fault.at not in self._at]
        self._at["running"] = _weighed(later)
        self._rare = [
            Fault("pilot", int(row["code"]), "run", 0, row["description"] + " ({code})")
            for row in codes()
            if row["component"] == "pilot" and row["status"] == "current"
        ]

    def draw(self, random: Random, at: str) -> Fault:
        """at: setup, launch or running."""
        if at == "running" and random.random() < UNLIKELY:
            return random.choice(self._rare)
        faults, weights = self._at[at]
        return random.choices(faults, cum_weights=weights)[0]


def named(error: str) -> Fault:
    """The fault of `component:code`, as profiles call it."""
    component, _, code = error.partition(":")
    known = (fault for fault in FAULTS if fault.component == component and str(fault.code) == code)
    return next(known, Fault(component, int(code), "run", 0, "error {code} at {site}"))


def columns(fault: Fault, facts: Mapping[str, object]) -> Row:
    """The error fields of a job that met the fault. Texts are cut as the server cuts them."""
    component = BY_NAME[fault.component]
    row: Row = {component.code: fault.code}
    if component.diag:
        row[component.diag] = fault.diag.format_map(facts)[:250]
    if fault.exit:
        row["transexitcode"] = fault.exit
        row["exeerrorcode"] = int(fault.exit)
        row["exeerrordiag"] = f"Non-zero return code from payload ({fault.exit})"
    return row


def no_errors() -> Row:
    """The server stores 0, not NULL, where there is no error; the exit code of the payload stays NULL."""
    return {each.code: 0 for each in COMPONENTS if each.diag}


def descriptions() -> Iterator[Row]:
    """Rows of error_descriptions for every code that we know of."""
    long_names = {each.table_name: each.name for each in COMPONENTS}
    for number, row in enumerate(codes(), 1):
        component = long_names[row["component"]]
        yield {
            "id": number,
            "component": component,
            "code": int(row["code"]),
            "acronym": row["acronym"] or None,
            "diagnostics": row["description"][:256],
            "description": row["description"],
            "category": _category(component, int(row["code"])),
        }


def _category(component: str, code: int) -> int:
    """0 none yet, 1 file or storage, 2 limits, 3 network, 4 signal, 5 software, 6 internal."""
    if component == "dataservice" or (component == "pilot" and code in _FILE_CODES):
        return 1
    if component == "transform":
        return 4 if code > 128 else 5
    if component != "pilot":
        return 6 if component in ("jobdispatcher", "taskbuffer") else 0
    for category, known in ((2, _LIMIT_CODES), (3, _NETWORK_CODES), (4, _SIGNAL_CODES)):
        if code in known:
            return category
    return 5


@cache
def codes() -> tuple[dict[str, str], ...]:
    text = (files("bigpandamon_core.domain") / CODES_FILE).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _weighed(faults: list[Fault]) -> tuple[list[Fault], list[float]]:
    return faults, list(accumulate(fault.weight for fault in faults))
