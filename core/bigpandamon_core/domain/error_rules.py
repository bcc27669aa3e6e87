"""What usually helps against an error, and whether trying again does; plugins also tell what codes mean."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class ErrorRule:
    """Advice for some codes of a component, what one of them means, or of which class they are.

    codes: numbers, or texts for the payload's exit code; empty means every code. transient: a retry normally
    helps. acronym and meaning: as in a table of error descriptions, told where the database has none. kind: a
    class of failures, one of CLASSES.
    """

    component: str
    codes: tuple[int | str, ...]
    advice: str = ""
    transient: bool = False
    acronym: str = ""
    meaning: str = ""
    kind: str = ""


CLASSES = (APPLICATION, SYSTEM, DATA, TIMEOUT) = ("application", "system", "data", "timeout")
"""Of failures: by what the payload does, what runs it, how files come and go, and waiting too long."""
_MEMORY = "Ask for more memory per core, or process fewer events per job."
_STORAGE = "Look whether other jobs fail at the same storage; if they do, it is the site's, otherwise retry."
_ADVICE = (
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
_OF_DATA = (
    1097, 1099, 1100, 1101, 1103, 1105, 1107, 1108, 1113, 1114, *range(1119, 1124), *range(1130, 1143), 1145,
    1147, 1148, *range(1151, 1163), 1164, 1166, 1167, *range(1169, 1176), *range(1178, 1186), 1188, 1189,
    1192, 1194, 1221, 1242, 1313, 1314, 1316, 1321, 1322, 1323, 1326, 1327, 1329, 1331, 1333, 1338, 1361,
    1362, 1366, 1368, 1374, 1383,
)  # fmt: skip
_OF_APPLICATION = (
    1102, 1106, 1124, 1165, 1168, 1187, 1190, 1191, 1203, 1205, 1206, 1210, 1212, 1220, 1223, 1224, 1228,
    1235, 1305, 1310, 1315, 1328, 1335, 1343, 1349, 1350, 1351, 1355, 1356, 1357, 1371,
)  # fmt: skip
_CLASSES = (
    ErrorRule("pilot", _OF_DATA, kind=DATA),
    ErrorRule("pilot", _OF_APPLICATION, kind=APPLICATION),
    ErrorRule("pilot", (1150, 1195, 1204, 1213, 1317, 1330, 1367, 1376, 1378), kind=TIMEOUT),
    ErrorRule("dataservice", (), kind=DATA),
    ErrorRule("transform", (152,), kind=TIMEOUT),
    ErrorRule("transform", (), kind=APPLICATION),
    ErrorRule("executor", (), kind=APPLICATION),
    ErrorRule("jobdispatcher", (101,), kind=SYSTEM),
    ErrorRule("jobdispatcher", (), kind=TIMEOUT),
    ErrorRule("taskbuffer", (101, 110), kind=DATA),
    ErrorRule("taskbuffer", (102, 104), kind=TIMEOUT),
    ErrorRule("supervisor", (3601, *range(3631, 3650), 3681, 4103, 4104, 4315, 4316), kind=DATA),
    ErrorRule(
        "supervisor",
        (2002, 4214, 4215, 4311, 4312, 4313, 4314, 4319, 5520, 6815, *range(8982, 8986)),
        kind=TIMEOUT,
    ),
)
RULES: tuple[ErrorRule, ...] = (*_ADVICE, *_CLASSES)
"""Core's own advice and classes. The first rule that fits is told, a rule with codes before one without."""


def advice(component: str, code: int | str, rules: Iterable[ErrorRule] = RULES) -> ErrorRule | None:
    """The rule for an error, None if no rule has advice for its component."""
    return _fitting(code, [rule for rule in rules if rule.component == component and rule.advice])


def class_rule(component: str, code: int | str, rules: Iterable[ErrorRule] = RULES) -> ErrorRule | None:
    """The rule for the class of an error, None if no rule has one for its component."""
    return _fitting(code, [rule for rule in rules if rule.component == component and rule.kind])


def _fitting(code: int | str, rules: list[ErrorRule]) -> ErrorRule | None:
    exact = (rule for rule in rules if code in rule.codes)
    return next(exact, next((rule for rule in rules if not rule.codes), None))


def meanings(rules: Iterable[ErrorRule]) -> dict[tuple[str, int | str], tuple[str, str]]:
    """(acronym, meaning) by component and code, of the rules that tell one; the first rule of a code wins."""
    told = [rule for rule in rules if rule.meaning or rule.acronym]
    return {
        (rule.component, code): (rule.acronym, rule.meaning) for rule in reversed(told) for code in rule.codes
    }
