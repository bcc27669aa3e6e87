"""The fields of a job that a request may filter by and a summary counts.

Rules from the BigPanDA JSON API; everything not named specially follows the rule of its type.
"""

from collections.abc import Mapping

from bigpandamon_core.domain import job_columns, jobs, rules
from bigpandamon_core.domain.conditions import (
    NOTHING,
    All,
    AnyOf,
    Condition,
    Elapsed,
    Not,
    Op,
    Test,
    absent,
    equal,
    one_of,
)  # fmt: skip
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.job_errors import COMPONENTS, NO_ERROR, Component, is_error
from bigpandamon_core.domain.rules import split
from bigpandamon_core.domain.states import JOB_STATES, WITH_ERRORS, shown_state
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import now

_EVENT_NUMBERS = {name: number for number, name in jobs.EVENT_SERVICE.items()}
_ANALYSIS = ("panda", "user", "rc_alrb", "rc_test2")
_LONGEST_MINUTES = jobs.DURATION_EDGES_MIN[-1] - 1
"""The last interval of durations is open: it holds whatever took longer."""
_EVENT_WORDS = (*_EVENT_NUMBERS, *map(str, jobs.EVENT_SERVICE), "ordinary", "not2", "all", NOT_SPECIFIED)
_JOB_TYPES = ("analysis", "analysis*", "production", "production*", "groupproduction", "eventservice",
              "esmerge", "test", "*test*")  # fmt: skip
HAS_GPU = Test("jobmetrics", Op.LIKE, ("", "nGPU=", ""))
_PRODUCTION = ("managed", "prod_test", "ptest", "rc_alrb", "rc_test2")
LABELS = tuple(dict.fromkeys((*_PRODUCTION, *_ANALYSIS)))
"""Usual words of prodsourcelabel."""
RESOURCE_TYPES = ("SCORE", "SCORE_HIMEM", "MCORE", "MCORE_HIMEM")
"""Usual words of resourcetype."""


def state_shown_as(value: str) -> Condition:
    """Jobs whose state, as shown, is this one."""
    special = {"subfinished": "fg_partial", "failed": "fg_stumble"}
    by_substatus = [equal("jobsubstatus", special[value])] if value in special else []
    plain = All((rules.exact("jobstatus", value), Not(one_of("jobsubstatus", ("fg_partial", "fg_stumble")))))
    return AnyOf((plain, *by_substatus))


def _last_part_is(value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return AnyOf((absent("transformation"), Test("transformation", Op.LIKE, ("", "/"))))
    return AnyOf((equal("transformation", value), Test("transformation", Op.LIKE, ("", "/" + value))))


def _transformation(column: str, value: str) -> Condition:
    return rules.contains(column, value.replace("*", "")) if value.strip("*") else Not(absent(column))


def _event_service(column: str, value: str) -> Condition:
    """Names or numbers, `|` list; `not2`, `all`; any other word stands for ordinary jobs."""
    if value == "all":
        return Not(_ordinary(column))
    if value == "not2":
        return Not(equal(column, 2))
    return AnyOf(tuple(_one_event_service(column, piece) for piece in split(value, "|")))


def _one_event_service(column: str, word: str) -> Condition:
    number = _EVENT_NUMBERS.get(word.lower()) or (int(word) if word in map(str, jobs.EVENT_SERVICE) else 0)
    return equal(column, number) if number else _ordinary(column)


def _ordinary(column: str) -> Condition:
    return Not(one_of(column, tuple(jobs.EVENT_SERVICE)))


def _harvester(column: str, value: str) -> Condition:
    of_harvester = Test(column, Op.LIKE, (jobs.HARVESTER_PREFIX, ""))
    if value == "all":
        return of_harvester
    if value == NOT_SPECIFIED:
        return AnyOf((Not(of_harvester), equal(column, jobs.HARVESTER_PREFIX)))
    return equal(column, jobs.HARVESTER_PREFIX + value)


def _pilot_version_is(value: str) -> Condition:
    with_parts = Test("pilotid", Op.LIKE, ("", "|", ""))
    if value == NOT_SPECIFIED:
        empty = AnyOf((Test("pilotid", Op.LIKE, ("", "|")), absent("pilotid"), Not(with_parts)))
        only_bar_first = All(
            (Test("pilotid", Op.LIKE, ("|", "")), Not(Test("pilotid", Op.LIKE, ("|", "|", ""))))
        )
        return AnyOf((empty, only_bar_first))
    bare = equal("pilotid", "|" + value)
    return All((Test("pilotid", Op.LIKE, ("", "|" + value)), Not(bare)))


def _processor(_column: str, value: str) -> Condition:
    wanted: dict[str, Condition] = {"gpu": HAS_GPU, "cpu": Not(HAS_GPU)}
    return wanted.get(value.lower(), NOTHING)


def _minutes(_column: str, value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return absent("starttime")
    low, high = rules.range_of(value, "-", "Give minutes as LOW-HIGH.")
    if (low, high) == (0, 0):
        return absent("starttime")
    if low > _LONGEST_MINUTES:
        return NOTHING
    return Elapsed("starttime", "endtime", low, high if high < _LONGEST_MINUTES else None, until=now())


def _events_shown(value: str) -> Condition:
    if value == "0-0":
        return AnyOf((Test("nevents", Op.AT_MOST, 0), absent("nevents")))
    return rules.integer_range("-")("nevents", value)


def _memory_shown(value: str) -> Condition:
    return absent("minramcount") if value == NOT_SPECIFIED else rules.memory("minramcount", value)


def _priority_shown(value: str) -> Condition:
    wanted = rules.integer_range(":")("currentpriority", value)
    return AnyOf((wanted, absent("currentpriority"))) if value == "0:99" else wanted


def _cores_shown(value: str) -> Condition:
    return rules.integer_or_absent(1)("corecount", value)


def _job_type(_column: str, value: str) -> Condition:
    word = value.lower().strip("*")
    if word.startswith("anal"):
        return All((one_of("prodsourcelabel", _ANALYSIS), Test("transformation", Op.LIKE, ("http", ""))))
    if word.startswith("prod"):
        return All((one_of("prodsourcelabel", _PRODUCTION), Test("transformation", Op.LIKE, ("", ".py"))))
    if word == "groupproduction":
        return All((equal("prodsourcelabel", "managed"), Not(absent("workinggroup"))))
    if word in ("eventservice", "esmerge"):
        return equal("eventservice", _EVENT_NUMBERS[word])
    return Test("prodsourcelabel", Op.FOLDED_LIKE, ("", "test", "")) if "test" in word else NOTHING


def _activity(column: str, value: str) -> Condition:
    of_people = one_of(column, jobs.ANALYSIS_LABELS)
    wanted: dict[str, Condition] = {"analysis": of_people, "production": Not(of_people)}
    return wanted.get(value, NOTHING)


def _host(column: str, value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return absent(column)
    return rules.exact(column, value) if "@" in value else rules.contains(column, value)


def _node_is(value: str) -> Condition:
    ends_bare = Test("modificationhost", Op.LIKE, ("", "@"))
    if value == "Unknown":
        return AnyOf((absent("modificationhost"), ends_bare, _node_named(value)))
    return _node_named(value)


def _node_named(value: str) -> Condition:
    return AnyOf((equal("modificationhost", value), Test("modificationhost", Op.LIKE, ("", "@" + value))))


def _with_errors(_column: str, value: str) -> Condition:
    wanted = AnyOf(tuple(state_shown_as(state) for state in sorted(WITH_ERRORS)))
    return wanted if rules.integer(value) else All()


_OWN = (
    Field("jobstatus", "State of the job.", rule=rules.exact_comma_list,
          columns=("jobstatus", "jobsubstatus"), values=(*JOB_STATES, "subfinished"), shown=shown_state,
          exactly=state_shown_as, counted=True),
    Field("pandaid", "Number of the job.", Kind.INTEGER, rule=rules.identifiers),
    Field("jeditaskid", "Task the job belongs to.", Kind.INTEGER, counted=True),
    Field("taskid", "Task number of the request side.", Kind.INTEGER),
    Field("reqid", "Request the task belongs to.", Kind.INTEGER, counted=True),
    Field("computingsite", "Queue the job runs on.", counted=True),
    Field("cloud", "Cloud the job is booked under.", counted=True),
    Field("nucleus", "Site that collects the task's output.", counted=True),
    Field("resourcetype", "Cores and memory class.", rule=rules.exact_list, counted=True),
    Field("prodsourcelabel", "Kind of activity.", rule=rules.exact, counted=True),
    Field("processingtype", "Kind of work.", rule=rules.exact_or("|*!"), counted=True),
    Field("workinggroup", "Group the work is done for.", rule=rules.exact_or("*!|,"), counted=True),
    Field("gshare", "Global share the job is booked on.", counted=True),
    Field("produsername", "User.", rule=rules.contains_or("*|,!"), counted=True),
    Field("user", "User, by part of the name.", column="produsername", rule=rules.contains),
    Field("username", "User, by part of the name.", column="produsername", rule=rules.contains),
    Field("transformation", "Payload.", rule=_transformation, shown=jobs.last_part, exactly=_last_part_is,
          counted=True),
    Field("homepackage", "Software cache and version.", counted=True),
    Field("inputfileproject", "Project of the input.", counted=True),
    Field("inputfiletype", "Data type of the input.", counted=True),
    Field("outputfiletype", "Data types of the output.", counted=True),
    Field("attemptnr", "Attempt, the first is 0 or 1.", Kind.INTEGER, counted=True),
    Field("specialhandling", "Switches of the job.", rule=rules.contains_or("*|,!"), counted=True),
    Field("jobsubstatus", "Detail of the state.", counted=True),
    Field("noutputdatafiles", "Number of output files.", Kind.INTEGER, counted=True),
    Field("actualcorecount", "Cores really used.", Kind.INTEGER, counted=True),
    Field("computingelement", "Gateway of the batch system.", counted=True),
    Field("container_name", "Container image.", rule=rules.any_when("all", rules.text), counted=True),
    Field("corecount", "Cores asked for.", Kind.INTEGER, rule=rules.integer_or_absent(1),
          shown=lambda cores: 1 if cores is None else cores, exactly=_cores_shown, counted=True),
    Field("minramcount", "Memory asked for, MB or a range like 2-3GB.", Kind.INTEGER, rule=rules.memory,
          shown=jobs.memory_range, exactly=_memory_shown, counted=True),
    Field("priorityrange", "Priority, LOW:HIGH.", column="currentpriority", rule=rules.integer_range(":"),
          shown=jobs.priority_range, exactly=_priority_shown, counted=True),
    Field("jobsetrange", "Job sets, LOW:HIGH.", column="jobsetid", rule=rules.integer_range(":")),
    Field("neventsrange", "Events, LOW-HIGH.", column="nevents", rule=rules.integer_range("-"),
          shown=jobs.events_range, exactly=_events_shown, counted=True),
    Field("durationmin", "Minutes the job ran, LOW-HIGH; 0-0 for not started.", column="starttime",
          rule=_minutes, columns=("ran_minutes",), shown=jobs.duration_range,
          exactly=lambda value: _minutes("", value), counted=True),
    Field("eventservice", "Event service kind by name or number.", rule=_event_service,
          words=_EVENT_WORDS, otherwise="ordinary jobs", shown=jobs.event_service,
          exactly=lambda value: _one_event_service("eventservice", value), counted=True),
    Field("harvesterinstance", "Instance that submitted the pilot.", column="schedulerid", rule=_harvester,
          shown=jobs.harvester_instance, exactly=lambda value: _harvester("schedulerid", value)
          if value != "all" else equal("schedulerid", jobs.HARVESTER_PREFIX + value), counted=True),
    Field("pilotversion", "Version of the pilot.", column="pilotid", rule=rules.ends_with,
          shown=jobs.pilot_version, exactly=_pilot_version_is, counted=True),
    Field("processor_type", "cpu or gpu.", column="jobmetrics", rule=_processor,
          values=("cpu", "gpu", "CPU", "GPU"), columns=("has_gpu",),
          shown=lambda gpu: "GPU" if gpu else "CPU",
          exactly=lambda value: _processor("jobmetrics", value), counted=True),
    Field("modificationhost", "Worker node, or slot@node.", rule=_host),
    Field("wn", "Worker node.", column="modificationhost", rule=_host, shown=jobs.node, exactly=_node_is),
    Field("jobtype", "Kind of work by label and payload.",
          column="prodsourcelabel", rule=_job_type, words=_JOB_TYPES),
    Field("activity", "Analysis of people (labels user and panda), or production: all others.",
          column="prodsourcelabel", rule=_activity, values=jobs.ACTIVITIES, shown=jobs.activity,
          columns=("prodsourcelabel",), exactly=lambda value: _activity("prodsourcelabel", value)),
    Field("witherrors", "1: only jobs whose errors are summed up (failed and holding).", Kind.INTEGER,
          column="jobstatus", rule=_with_errors, words=("1", "0")),
    Field("jobname", "Name of the job.", rule=rules.exact_or("*|,!")),
    Field("produserid", "Certificate subject of the user.", personal=True),
)  # fmt: skip


def _error_code(component: Component) -> Field:
    """A code column; 0 and the like are "Not specified"."""
    kind = Kind.INTEGER if component.diag else Kind.TEXT
    none = (0,) if component.diag else tuple(word for word in NO_ERROR if word)

    def exactly(value: str) -> Condition:
        if value == NOT_SPECIFIED:
            return AnyOf((absent(component.code), one_of(component.code, none)))
        return rules.integers(component.code, value) if component.diag else rules.exact(component.code, value)

    return Field(
        component.code,
        f"Error code of the {component.name}.",
        kind,
        shown=lambda code: code if is_error(code) else None,
        exactly=exactly,
    )


def _rest(declared: set[str]) -> tuple[Field, ...]:
    kinds = (
        (Kind.INTEGER, job_columns.INTEGERS),
        (Kind.NUMBER, (*job_columns.FLOATS, *job_columns.DECIMALS)),
        (Kind.TEXT, job_columns.TEXTS),
    )
    return tuple(
        Field(name, COLUMN.format(name), kind)
        for kind, names in kinds
        for name in names
        if name not in declared
    )


COLUMN = "Column {} of the job."
"""Help of fields about which nothing more is to be said."""
_CODES = tuple(_error_code(component) for component in COMPONENTS)
FIELDS: tuple[Field, ...] = (*_OWN, *_CODES, *_rest({field.name for field in (*_OWN, *_CODES)}))
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
COUNTED: tuple[Field, ...] = tuple(sorted((f for f in FIELDS if f.counted), key=lambda field: field.name))


def named(*names: str) -> tuple[Field, ...]:
    """The fields of these names, in this order."""
    return tuple(BY_NAME[name] for name in names)


def incomplete() -> Condition:
    """Records that came without status or times."""
    return AnyOf((absent("jobstatus"), absent("creationtime"), absent("modificationtime")))
