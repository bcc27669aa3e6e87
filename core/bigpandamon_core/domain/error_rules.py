"""What usually helps against an error, and whether trying again does; plugins also tell what codes mean."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorRule:
    """Advice for some codes of a component, or what one of them means.

    codes: numbers, or texts for the payload's exit code; empty means every code. transient: a retry normally
    helps. acronym and meaning: as in a table of error descriptions, told where the database has none.
    """

    component: str
    codes: tuple[int | str, ...]
    advice: str = ""
    transient: bool = False
    acronym: str = ""
    meaning: str = ""


_MEMORY = "Ask for more memory per core, or process fewer events per job."
_STORAGE = "Look whether other jobs fail at the same storage; if they do, it is the site's, otherwise retry."
RULES: tuple[ErrorRule, ...] = (
    ErrorRule("pilot", (1212, 1223, 1235), _MEMORY),
    ErrorRule("transform", (137,), "The payload was ended, often for memory. " + _MEMORY),
    ErrorRule("pilot", (1099, 1137, 1151, 1152, 1100, 1103, 1133, 1326, 1333), _STORAGE, transient=True),
    ErrorRule(
        "pilot", (1098, 1104), "The node's disk is full: ask the site, or ask for more scratch space.", True
    ),
    ErrorRule(
        "pilot", (1186, 1211, 1377, 1378, 1110), "Software could not be set up: compare with other nodes."
    ),
    ErrorRule(
        "pilot", (1150,), "The payload made no progress: look for a loop or a hanging connection in its log."
    ),
    ErrorRule("pilot", (1213,), "Over its time limit: split the input, or ask for more time."),
    ErrorRule("pilot", (1305, 1310, 1315, 1328, 1349, 1351), "The payload itself failed: read its log."),
    ErrorRule("pilot", (1106, 1124, 1168), "Output or log grew over the limit: write less, or ask for more."),
    ErrorRule(
        "pilot", tuple(range(1200, 1209)), "A signal ended it: the batch system or a person killed it.", True
    ),
    ErrorRule(
        "pilot",
        (1327, 1344, 1369, 1316, 1321, 1322),
        "A service did not answer: a retry normally helps.",
        True,
    ),
    ErrorRule(
        "pilot",
        (1163, 1177, 1364, 1370, 1373, 1380, 1381, 1382),
        "Credentials were refused or expired.",
        True,
    ),
    ErrorRule(
        "jobdispatcher", (100,), "The node went silent: look at the other jobs of this node and queue.", True
    ),
    ErrorRule("jobdispatcher", (), "The job did not report in time; a retry normally helps.", transient=True),
    ErrorRule(
        "dataservice", (), "Data management failed: look at the dataset and its storage.", transient=True
    ),
    ErrorRule("supervisor", (), "The batch worker ended before the job: read the worker's log."),
    ErrorRule("taskbuffer", (100,), "Somebody or something killed it: the text says who."),
    ErrorRule("taskbuffer", (), "The system ended or replaced it; the next attempt tells."),
    ErrorRule("transform", (), "The payload ended with this exit code: read its log."),
    ErrorRule("executor", (), "The payload reported an error: read its log."),
)
"""Core's own advice. The first rule that fits is told, a rule with codes before one without."""


def advice(component: str, code: int | str, rules: Iterable[ErrorRule] = RULES) -> ErrorRule | None:
    """The rule for an error, None if no rule has advice for its component."""
    fitting = [rule for rule in rules if rule.component == component and rule.advice]
    exact = (rule for rule in fitting if code in rule.codes)
    return next(exact, next((rule for rule in fitting if not rule.codes), None))


def meanings(rules: Iterable[ErrorRule]) -> dict[tuple[str, int | str], tuple[str, str]]:
    """(acronym, meaning) by component and code, of the rules that tell one; the first rule of a code wins."""
    told = [rule for rule in rules if rule.meaning or rule.acronym]
    return {
        (rule.component, code): (rule.acronym, rule.meaning) for rule in reversed(told) for code in rule.codes
    }
