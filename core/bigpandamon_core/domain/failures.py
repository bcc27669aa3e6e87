"""What is told of a job's failures beside their codes: whether trying again helps, and their class.

Both are told by component and code, by error rules. So the jobs of a class can be asked for by their codes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from bigpandamon_core.domain.conditions import (
    NOTHING,
    All,
    AnyOf,
    Condition,
    Not,
    Test,
    absent,
    one_of,
)
from bigpandamon_core.domain.error_rules import CLASSES, SYSTEM, ErrorRule, advice, class_rule
from bigpandamon_core.domain.job_errors import COMPONENTS, NO_ERROR, REPEATED_BY, Component, errors_of
from bigpandamon_core.domain.states import tells_errors

FAILURE, FAILURE_CLASS = "failure", "failureclass"
UNTOLD = "untold"
"""Of a job that failed without a code."""
Code = int | str
Rules = tuple[ErrorRule, ...]
Teller = Callable[[str, Code, Rules], str]
CACHED = 20_000


def help_of(component: str, code: Code, rules: Rules) -> str:
    """The component, and whether the rules say that trying again helps."""
    rule = advice(component, code, rules)
    kind = "unexplained" if rule is None else "transient" if rule.transient else "lasting"
    return f"{component} {kind}"


def class_of(component: str, code: Code, rules: Rules) -> str:
    """Application, data or timeout; system is whatever no rule says more of."""
    rule = class_rule(component, code, rules)
    return rule.kind if rule else SYSTEM


TELLERS: Mapping[str, Teller] = {FAILURE: help_of, FAILURE_CLASS: class_of}
VALUES: Mapping[str, tuple[str, ...]] = {
    FAILURE: (
        *(f"{one.name} {kind}" for one in COMPONENTS for kind in ("transient", "lasting", "unexplained")),
        UNTOLD,
    ),
    FAILURE_CLASS: (*CLASSES, UNTOLD),
}


class Failures:
    """Tells failures by some rules; remembers what it has told."""

    def __init__(self, rules: Iterable[ErrorRule]):
        self.rules = tuple(rules)
        self._told: dict[tuple[str, str, Code], str] = {}

    def of(self, name: str, row: Mapping[str, object]) -> tuple[str, ...]:
        """Each value that a job's failures have, once; none of a job that did not fail. name: in TELLERS."""
        if not tells_errors(str(row["jobstatus"] or ""), str(row["jobsubstatus"] or "")):
            return ()
        found = {self._one(name, error.component, error.code) for error in errors_of(row)}
        return tuple(sorted(found)) or (UNTOLD,)

    def _one(self, name: str, component: str, code: Code) -> str:
        key = name, component, code
        told = self._told.get(key)
        if told is None:
            if len(self._told) >= CACHED:
                self._told.clear()
            told = self._told[key] = TELLERS[name](component, code, self.rules)
        return told


def having(name: str, value: str, rules: Rules) -> Condition:
    """Codes of which one is told as a value; whatever the job's state."""
    if value == UNTOLD:
        return All(tuple(_without(one.code) for one in COMPONENTS))
    found = (_codes(one, value, TELLERS[name], rules) for one in COMPONENTS)
    parts = tuple(one for one in found if one != NOTHING)
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _codes(component: Component, value: str, tell: Teller, rules: Rules) -> Condition:
    """The codes of one component: those that rules name, and all others where these are told so, too."""
    named = dict.fromkeys(_named(component.name, rules))
    fitting = {code for code in named if tell(component.name, code, rules) == value}
    if tell(component.name, "", rules) == value:
        others = _in(component, [code for code in named if code not in fitting])
        wanted: Condition = All((Not(_without(component.code)), Not(others)))
    elif fitting:
        wanted = _in(component, [code for code in named if code in fitting])
    else:
        return NOTHING
    if component.code in REPEATED_BY:
        return All((wanted, _without(REPEATED_BY[component.code])))
    return wanted


def _named(component: str, rules: Rules) -> Iterator[Code]:
    return (code for rule in rules if rule.component == component for code in rule.codes)


def _in(component: Component, codes: list[Code]) -> Test:
    return one_of(component.code, tuple(codes if component.diag else map(str, codes)))


def _without(column: str) -> Condition:
    """No error: as far as the type of the column allows to tell so."""
    has_numbers = column != COMPONENTS[-1].code
    none: tuple[int | str, ...] = (0,) if has_numbers else tuple(word for word in NO_ERROR if word)
    return AnyOf((absent(column), one_of(column, none)))
