"""The fields of a task that a request may filter by and a page counts. Rules from the BigPanDA JSON API."""

from bigpandamon_core.domain import rules, tasks
from bigpandamon_core.domain.conditions import (
    NOTHING,
    All,
    AnyOf,
    Condition,
    Not,
    Op,
    Test,
    absent,
    equal,
)  # fmt: skip
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.text import NOT_SPECIFIED

INTEGERS = tuple(
    """jeditaskid reqid corecount taskpriority currentpriority walltime outdiskcount workdiskcount ramcount
    iointensity workqueue_id progress failurerate parent_tid cputime basewalltime cpuefficiency diskio
    attemptnr memoryleakcore memoryleakx2""".split()
)
TEXTS = tuple(
    """taskname status username oldstatus cloud site prodsourcelabel workinggroup vo tasktype processingtype
    architecture transuses transhome transpath lockedby termcondition splitrule walltimeunit outdiskunit
    workdiskunit ramunit iointensityunit errordialog countrygroup ticketid ticketsystemtype superstatus
    campaign gshare cputimeunit nucleus requesttype resourcetype usejumbo diskiounit container_name
    framework""".split()
)
TIMES = tuple(
    """creationdate starttime endtime frozentime lockedtime statechangetime ttcrequested ttcpredicted
    ttcpredictiondate resquetime modificationtime""".split()
)
COLUMNS = (*INTEGERS, *TEXTS, "eventservice", *TIMES)
"""All that the JSON answer about a task holds of its table."""
_TYPES = {"anal": tasks.ANALYSIS, "prod": tasks.PRODUCTION}


def _tasktype(column: str, value: str) -> Condition:
    """`anal…` and `prod…` stand for the two large types."""
    found = next((kind for word, kind in _TYPES.items() if value.startswith(word)), value)
    return rules.exact(column, found)


def _category(_column: str, value: str) -> Condition:
    production = Test("tasktype", Op.LIKE, (tasks.PRODUCTION, ""))
    analysis = Test("tasktype", Op.LIKE, (tasks.ANALYSIS, ""))
    of_group = Test("workinggroup", Op.LIKE, (tasks.GROUP_PRODUCTION, ""))
    wanted: dict[str, Condition] = {
        "production": All((production, Not(of_group))),
        "group production": All((production, of_group)),
        "group analysis": All((analysis, Not(absent("workinggroup")))),
        "user analysis": All((analysis, absent("workinggroup"))),
        "service": Not(AnyOf((production, analysis))),
    }
    return AnyOf(tuple(wanted.get(piece.strip(), NOTHING) for piece in rules.split(value, "|,")))


def _event_service(column: str, value: str) -> Condition:
    is_one = equal(column, 1)
    return is_one if value in ("1", "eventservice") else Not(is_one)


def _campaign(column: str, value: str) -> Condition:
    """Contains; with a colon, or with signs of the text rules, these hold."""
    rule = rules.text if set(":*!|,") & set(value) else rules.contains
    return rule(column, value)


def _status(column: str, value: str) -> Condition:
    """A list, exact; with signs of the text rules these hold."""
    rule = rules.text if set("*|!") & set(value) else rules.exact_comma_list
    return rule(column, value)


def _starts_with(column: str, value: str) -> Condition:
    return Test(column, Op.FOLDED_LIKE, (value, ""))


def _cores_shown(value: str) -> Condition:
    return rules.integer_or_absent(1)("corecount", value)


def _memory_shown(value: str) -> Condition:
    return absent("ramcount") if value == NOT_SPECIFIED else rules.integers("ramcount", value)


_OWN = (
    Field("status", "State of the task.", rule=_status, counted=True),
    Field("superstatus", "State on the request side.", rule=rules.exact_list, counted=True),
    Field("category", "For whom it works.", column="tasktype", rule=_category, words=tasks.CATEGORIES,
          columns=("tasktype", "workinggroup"), shown=tasks.category,
          exactly=lambda value: _category("", value), counted=True),
    Field("jeditaskid", "Number of the task.", Kind.INTEGER, rule=rules.identifiers),
    Field("reqid", "Request it belongs to.", Kind.INTEGER),
    Field("taskname", "Name of the task."),
    Field("username", "Whose it is.", counted=True),
    Field("user", "Whose it is, by part of the name.", column="username", rule=rules.contains),
    Field("tasktype", "Type: anal, prod and others.", rule=_tasktype, counted=True,
          exactly=lambda value: rules.exact("tasktype", value)),
    Field("processingtype", "Kind of work.", rule=rules.exact_or("|*!"), counted=True),
    Field("workinggroup", "Group the work is done for.", rule=rules.exact_or("*!|,"), counted=True),
    Field("prodsourcelabel", "Kind of activity.", counted=True),
    Field("campaign", "Campaign.", rule=_campaign, counted=True),
    Field("gshare", "Global share it is booked on.", counted=True),
    Field("cloud", "Cloud it is booked under.", counted=True),
    Field("nucleus", "Site that collects its output.", counted=True),
    Field("site", "Where its owner wants it to run.", rule=rules.contains_or("*|,!"), counted=True),
    Field("resourcetype", "Cores and memory class.", counted=True),
    Field("corecount", "Cores asked for.", Kind.INTEGER, shown=lambda cores: 1 if cores is None else cores,
          exactly=_cores_shown, counted=True),
    Field("ramcount", "Memory asked for, MB or a range like 2-3GB.", Kind.INTEGER, rule=rules.memory,
          exactly=_memory_shown, counted=True),
    Field("transpath", "Payload, by its end.", rule=rules.ends_with),
    Field("transhome", "Software release.", counted=True),
    Field("framework", "What submitted it.", counted=True),
    Field("eventservice", "1 or eventservice: event service tasks, anything else: the others.",
          rule=_event_service, shown=tasks.event_service,
          exactly=lambda value: _event_service("eventservice", value), counted=True),
    Field("project", "First part of the name.", column="taskname", rule=_starts_with),
    Field("stream", "Part of the name.", column="taskname", rule=rules.contains),
    Field("tag", "Last part of the name.", column="taskname", rule=rules.ends_with),
    Field("priority", "Priority now.", Kind.INTEGER, column="currentpriority"),
    Field("attemptnr", "Attempt of the task.", Kind.INTEGER, counted=True),
)  # fmt: skip


def _rest(declared: set[str]) -> tuple[Field, ...]:
    kinds = ((Kind.INTEGER, INTEGERS), (Kind.TEXT, TEXTS))
    return tuple(
        Field(name, f"Column {name} of the task.", kind)
        for kind, names in kinds
        for name in names
        if name not in declared
    )


FIELDS: tuple[Field, ...] = (*_OWN, *_rest({field.name for field in _OWN}))
