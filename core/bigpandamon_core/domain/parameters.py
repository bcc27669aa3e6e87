"""Request parameters as they arrive, cleaned and checked before anything is made of them.

Rules from the BigPanDA JSON API: names ignore case, `+` is a blank, `'` and `#` are dropped, double encoding
is tolerated, empty values are refused, whole numbers are checked.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from urllib.parse import unquote

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.text import UNSTORABLE

SHOWN = ".is"
"""Suffix of parameters of our own that ask for a value exactly as shown; of several any may be it."""
_BETWEEN = "\0"
"""Between the values of one that is given several times: no value holds it."""
MOST_VALUES = 100
MAY_BE_EMPTY = frozenset({"json", "snap", "dt", "dialogs", "pandaids", "workersstats"})
WHOLE_NUMBERS = frozenset(
    """days hours limit display_limit earlierthan earlierthandays pandaid taskid jeditaskid jobsetid reqid
    reqid_from reqid_to datasetid fileid taskpriority priority attemptnr statenotupdated errorcategory memory
    nodes maxtime minmemory maxmemory minrss maxrss workerid noarchjobs""".split()
)
LISTS = frozenset({"fields"})
"""Comma lists that a form sends as one parameter for each chosen word."""
WORD_LISTS = frozenset({"extra", "outputs"})
"""Comma lists of words of which each steers something of its own."""
_KEPT_HASH = frozenset({"batchid"})
_LONGEST_TEXT, _LONGEST_LIST = 20_000, 1_000_000


def clean(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Cleaned parameters by lower-case name; of a repeated name the last wins, of a list and of values as
    shown all count (`values_of`).

    Raises:
        Problem: an empty value, a character no database takes, what looks like an injected script, or many
            values.
    """
    found: dict[str, str] = {}
    shown: dict[str, list[str]] = {}
    for given, value in pairs:
        name = given.lower()
        cleaned = _clean_value(name, value)
        if name.endswith(SHOWN):
            shown.setdefault(name, []).append(cleaned)
        found[name] = f"{found[name]},{cleaned}" if name in LISTS and name in found else cleaned
    for name, values in shown.items():
        _refuse_many(name, values)
    return found | {name: together(values) for name, values in shown.items()}


def together(values: Iterable[str]) -> str:
    """Values as shown as one parameter has them, each once."""
    return _BETWEEN.join(dict.fromkeys(values))


def values_of(name: str, value: str) -> list[str]:
    """The values of a cleaned parameter: several only of those as shown."""
    return value.split(_BETWEEN) if name.endswith(SHOWN) else [value]


def told(name: str, value: str) -> str:
    """A cleaned parameter's text for people."""
    return " | ".join(values_of(name, value))


def as_given(parameters: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Cleaned parameters as a request gives them: one for each value."""
    return [(name, one) for name, value in parameters for one in values_of(name, value)]


def _refuse_many(name: str, values: Collection[str]) -> None:
    if len(values) > MOST_VALUES:
        raise Problem(
            f"{len(values)} values for {name}",
            parameter=name,
            code="list-too-long",
            remedy=f"Give at most {MOST_VALUES}, or ask by a pattern.",
        )


def repeated(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The names of which only the last value counts."""
    counts = Counter(name.lower() for name, _ in pairs)
    return tuple(
        name for name, count in counts.items() if count > 1 and name not in LISTS and not name.endswith(SHOWN)
    )


def refuse_repeated(names: Collection[str]) -> None:
    """Raises Problem: a parameter was given several times, and all but one would be lost."""
    for name in names:
        raise Problem(
            f"{name[:60]} is given more than once",
            parameter=name[:60],
            code="repeated-parameter",
            remedy="Give it once; where several values may be asked for they are one list, as in a,b or a|b.",
        )


def _clean_value(name: str, value: str) -> str:
    """A value as shown stays as it is, even if it is blanks: a link must find what was counted."""
    shown = name.endswith(SHOWN)
    refuse_script(name, value)
    if not shown:
        value = unquote(value.replace("+", " ")).replace("'", "")
        value = value if name in _KEPT_HASH else value.replace("#", "")
        refuse_script(name, value)
    if not (value if shown else value.strip()) and name not in MAY_BE_EMPTY:
        raise Problem(
            f"Empty value '' for {name}",
            parameter=name,
            code="empty-value",
            remedy="Give a value or leave it out.",
        )
    refuse_illegal(name, value)
    if len(value) > (_LONGEST_LIST if name in WHOLE_NUMBERS else _LONGEST_TEXT):
        raise Problem(
            f"The value for {name} is too long", parameter=name, code="too-long", remedy="Shorten it."
        )
    return value


def refuse_illegal(name: str, value: str) -> None:
    """Let pass what can stand in a database.

    Raises:
        Problem: the value holds a sign that no database takes.
    """
    if UNSTORABLE.search(value):
        raise Problem(
            f"Illegal character in the value for {name}",
            parameter=name,
            code="illegal-value",
            remedy="Leave it out: names hold no NUL and no half of a sign.",
        )


def written(name: str, value: str) -> str:
    """A cleaned value as a request must carry it to be read as the same again: `clean` decodes once more."""
    return value if name.endswith(SHOWN) else value.replace("%", "%25").replace("+", "%2B")


def refuse_script(name: str, value: str) -> None:
    """Raises Problem: the value looks like an injected script."""
    lowered = value.lower()
    if "script" in lowered and ("</" in lowered or "/>" in lowered):
        raise Problem(
            "Illegal request",
            parameter=name,
            code="illegal-request",
            remedy=f"Leave the markup out of {name[:60]}: it looks like a script.",
        )


def check_whole_numbers(parameters: dict[str, str]) -> None:
    """Refuse values that are not whole numbers, lists of them or "Not specified" where numbers are expected.

    Raises:
        Problem: naming the first such parameter.
    """
    for name in sorted(WHOLE_NUMBERS & parameters.keys()):
        try:
            rules.integers(name, parameters[name])
        except Problem as problem:
            raise named(problem, name) from None


def named(problem: Problem, parameter: str) -> Problem:
    """The same problem, told of a parameter."""
    return Problem(
        f"{problem.what} for {parameter}",
        where=parameter,
        remedy=problem.remedy,
        status=problem.status,
        code=problem.code,
        parameter=parameter,
    )


def integer(text: str, parameter: str) -> int:
    """One whole number.

    Raises:
        Problem: it is none; told of the parameter.
    """
    try:
        return rules.integer(text)
    except Problem as problem:
        raise named(problem, parameter) from None


def whole_number(parameters: dict[str, str], name: str, least: int = 0) -> int | None:
    """One whole number, None if the parameter is absent.

    Raises:
        Problem: not a single whole number, or below `least`.
    """
    if name not in parameters:
        return None
    number = integer(parameters[name], name)
    if number < least:
        raise Problem(
            f"Illegal value '{number}' for {name}",
            remedy=f"Give {least} or more.",
            parameter=name,
            code="illegal-value",
        )
    return number
