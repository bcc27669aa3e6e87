"""What facets keep of every recent job: the columns, declared once.

A column has the name that rows of PanDA have for it. Text and whole numbers of few values are coded by a
dictionary; times, the job's own number and its CPU time are kept as numbers. Two columns that hardly repeat
are shortened to what is asked of them.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bigpandamon_core.domain import job_columns
from bigpandamon_core.domain.conditions import Condition, Elapsed, Lookup, Op, Test, leaves
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.job_errors import CODE_COLUMNS
from bigpandamon_core.domain.job_fields import COUNTED, HAS_GPU
from bigpandamon_core.domain.job_requests import TIMES
from bigpandamon_core.domain.timings import cpu_seconds

REVISION = 2
"""To be raised when a column is kept otherwise under the same name."""
PANDAID, STATE, SUBSTATE, MODIFIED = "pandaid", "jobstatus", "jobsubstatus", "modificationtime"
CPU = "cpuconsumptiontime"
BESIDE = ("modificationhost", "produsername", "jeditaskid", "reqid", "jobsetid", "vo")
"""Coded columns that are asked for, counted or not: node, user, task, request, job set, and for scopes."""
MINUTES, GPU = "ran_minutes", "has_gpu"
DERIVED: Mapping[str, tuple[str, ...]] = {MINUTES: ("starttime", "endtime"), GPU: ("jobmetrics",)}
"""What counted fields call columns and is computed: from which columns."""
_GPU_SIGN = "nGPU="
_BARS = (("", "|", ""), ("|", ""), ("|", "|", ""))


def _everything(_test: Test) -> bool:
    return True


@dataclass(frozen=True)
class FacetColumn:
    """shortened: what of a value is kept, None if all of it is. answers: which comparisons with a shortened
    column come out as they would with the whole value."""

    name: str
    kind: Kind
    shortened: Callable[[Any], Any] | None = None
    answers: Callable[[Test], bool] = _everything

    @property
    def is_coded(self) -> bool:
        return self.kind is not Kind.TIME and self.name not in (PANDAID, CPU)


def _as_numbers(test: Test) -> bool:
    return test.op not in (Op.FOLDED, Op.LIKE, Op.FOLDED_LIKE)


def _pilot(pilotid: str) -> str:
    """Of what stands before the version only whether it is there, and whether it begins with a bar: a pilot's
    identity holds the address of its log, which no other pilot has."""
    head, bar, version = pilotid.rpartition("|")
    return ("|" if head.startswith("|") else "-" if head else "") + bar + version


def _told_by_pilot(test: Test) -> bool:
    """How the text ends, from its last bar on, and where there are bars."""
    if test.op is Op.ABSENT or test.value in _BARS:
        return True
    if test.op is Op.EQUAL:
        return "|" not in str(test.value)[1:]
    pieces = test.value if isinstance(test.value, tuple) else ()
    return test.op in (Op.LIKE, Op.FOLDED_LIKE) and pieces[:-1] == ("",) and "|" not in str(pieces[-1])[1:]


def _nothing(_test: Test) -> bool:
    return False


_SHORTENED: Mapping[str, tuple[Callable[[Any], Any], Callable[[Test], bool]]] = {
    "pilotid": (_pilot, _told_by_pilot),
    "jobmetrics": (lambda text: _GPU_SIGN if _GPU_SIGN in text else None, lambda test: test == HAS_GPU),
    CPU: (cpu_seconds, _nothing),
}


def _column(name: str) -> FacetColumn:
    if name == PANDAID or name in TIMES:
        return FacetColumn(name, Kind.TIME if name in TIMES else Kind.INTEGER, None, _as_numbers)
    kind = Kind.TEXT if name in job_columns.TEXTS else Kind.INTEGER
    return FacetColumn(name, kind, *_SHORTENED.get(name, ()))


def sources(fields: Iterable[Field]) -> set[str]:
    """The columns of PanDA's rows that the fields are counted from."""
    return {column for field in fields for name in field.sources for column in DERIVED.get(name, (name,))}


_ASKED_FOR = sources(COUNTED) | {*CODE_COLUMNS, *BESIDE}
COLUMNS: Mapping[str, FacetColumn] = {
    name: _column(name) for name in (PANDAID, *TIMES, CPU, *sorted(_ASKED_FOR - {*TIMES, PANDAID}))
}
CODED = tuple(name for name, column in COLUMNS.items() if column.is_coded)
NUMBERS = tuple(name for name, column in COLUMNS.items() if not column.is_coded)
VERSION = (
    f"{REVISION}-"
    + hashlib.sha256(repr([(c.name, c.kind) for c in COLUMNS.values()]).encode()).hexdigest()[:12]
)
"""Equal where the columns are: batches and stores of another version are of no use."""


class WrongVersion(Exception):
    """A batch or a store of other columns than these: the store has to be rebuilt from batches of these."""

    def __init__(self, found: str):
        super().__init__(f"columns of version {found}, but this program has {VERSION}: rebuild from batches")


def unanswered(condition: Condition, columns: Mapping[str, FacetColumn] = COLUMNS) -> str:
    """Why the columns cannot tell which jobs fulfil the condition, "" if they can."""
    return next(filter(None, (_unanswered(leaf, columns) for leaf in leaves(condition))), "")


def _unanswered(leaf: Condition, columns: Mapping[str, FacetColumn]) -> str:
    match leaf:
        case Test(column):
            known = columns.get(column)
            return "" if known and known.answers(leaf) else f"{column} is not kept for recent jobs"
        case Elapsed(begin, end):
            times = all(name in columns and columns[name].kind is Kind.TIME for name in (begin, end))
            return "" if times else f"{begin} or {end} is not kept for recent jobs"
        case Lookup(name):
            return f"{name} has not been looked up"
    return "superseded attempts are too many to be looked up"


def uncounted(fields: Iterable[Field], columns: Mapping[str, FacetColumn] = COLUMNS) -> str:
    """Why the columns cannot count these fields, "" if they can."""
    missing = sorted(sources(fields) - columns.keys())
    if missing:
        return f"{', '.join(missing)} not kept for recent jobs"
    others = (
        field.name for field in fields if field.sources != (MINUTES,) and not _are_coded(field, columns)
    )
    return next((f"{name} is told from times or numbers" for name in others), "")


def _are_coded(field: Field, columns: Mapping[str, FacetColumn]) -> bool:
    return all(columns[name].is_coded for name in sources((field,)))


def kept(name: str, values: Iterable[Any]) -> list[Any]:
    """Values of PanDA's column as the facet column has them."""
    shortened = COLUMNS[name].shortened
    if shortened is None:
        return list(values)
    return [None if value is None else shortened(value) for value in values]
