"""The error fields of a job: eight components, each with a code and (but for the payload's exit code) a text.

Order, names and which of two are told follow the PanDA server and the BigPanDA JSON API.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bigpandamon_core.domain.text import is_absent

NO_ERROR = ("", "0", "NULL", "None")


@dataclass(frozen=True, slots=True)
class Component:
    """One of the places an error may come from. diag: the column of its text, "" if it has none."""

    name: str
    code: str
    diag: str
    table_name: str


COMPONENTS = (
    Component("brokerage", "brokerageerrorcode", "brokerageerrordiag", "brokerage"),
    Component("dataservice", "ddmerrorcode", "ddmerrordiag", "ddm"),
    Component("executor", "exeerrorcode", "exeerrordiag", "exe"),
    Component("jobdispatcher", "jobdispatchererrorcode", "jobdispatchererrordiag", "jobdispatcher"),
    Component("pilot", "piloterrorcode", "piloterrordiag", "pilot"),
    Component("supervisor", "superrorcode", "superrordiag", "sup"),
    Component("taskbuffer", "taskbuffererrorcode", "taskbuffererrordiag", "taskbuffer"),
    Component("transform", "transexitcode", "", "trans"),
)
BY_NAME: Mapping[str, Component] = {component.name: component for component in COMPONENTS}
BY_CODE_COLUMN: Mapping[str, Component] = {component.code: component for component in COMPONENTS}
CODE_COLUMNS = tuple(component.code for component in COMPONENTS)
REPEATED_BY: Mapping[str, str] = {"taskbuffererrorcode": "superrorcode"}
"""A code that is not told beside another one, whose text its own repeats."""
DIAG_COLUMNS = tuple(component.diag for component in COMPONENTS if component.diag)


@dataclass(frozen=True, slots=True)
class Error:
    """One error of one job."""

    component: str
    code: int | str
    diag: str

    @property
    def key(self) -> str:
        return f"{self.component}:{self.code}"


def is_error(code: object) -> bool:
    return bool(code) and str(code) not in NO_ERROR


def code_value(code: object) -> int | str:
    """A code as number where it is one and written as one (the payload's exit code is stored as text)."""
    text = str(code)
    digits = text.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 19
    return int(text) if is_number and str(int(text)) == text else text


def errors_of(row: Mapping[str, object]) -> list[Error]:
    """All errors of a job, in the order of the components, but for those that another one repeats."""
    found = []
    for component in COMPONENTS:
        code = row.get(component.code)
        if not is_error(code):
            continue
        if component.code in REPEATED_BY and is_error(row.get(REPEATED_BY[component.code])):
            continue
        diag = row.get(component.diag) if component.diag else ""
        found.append(Error(component.name, code_value(code), "" if is_absent(diag) else str(diag)))
    return found
