"""Jobs as programs written for the BigPanDA JSON API expect them: changed columns and computed keys."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import repeat
from typing import Any

from bigpandamon_core.domain import job_columns, jobs
from bigpandamon_core.domain.by_column import ByColumn, records
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, DIAG_COLUMNS, Error, errors_of
from bigpandamon_core.domain.states import shown_state, tells_errors
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut

Meanings = Mapping[tuple[str, int | str], Mapping[str, Any]]
Errors = Mapping[int, Sequence[Error]]
"""By place among the jobs the errors of those that tell them."""
LONGEST_ERRORINFO = 300
_FURTHER_KEYS = """
    homecloud consumer category jobinfo processor_type wn durationsec durationmin duration waittimesec
    waittime priorityrange jobsetrange maxpssgbpercore cpuefficiency jobmode substate pilotversion errorinfo
    error_desc error_category transformerrordiag maxvmemmb avgvmemmb metastruct datasets fileattemptnr
    filemaxattempts
""".split()
_BESIDE = ("_table", "_owner")
"""What rows carry that is no column."""
_OF_ERRORS = (*CODE_COLUMNS, *DIAG_COLUMNS)
KEYS = frozenset({*job_columns.ALL, *_FURTHER_KEYS})
"""What the objects of a list can have: those of a column always, the others each when it applies."""


def listed(
    stored: ByColumn, now: datetime, clouds: Mapping[str, str], errors: Errors, meanings: Meanings
) -> list[dict[str, Any]]:
    """The job objects of a list: all columns, changed as programs know them, and the computed keys.

    stored: the columns of jobs. clouds: cloud by queue. errors: what errors_told finds. meanings:
    descriptions by component and code.
    """
    told = _columns(stored)
    told["schedulerid"] = [*map(jobs.scheduler_shown, stored["schedulerid"])]
    told["homecloud"] = [clouds.get(queue or "") for queue in stored["computingsite"]]
    told["consumer"] = [None] * len(stored["pandaid"])
    told["pilotversion"] = [jobs.pilot_version(pilotid) or NOT_SPECIFIED for pilotid in stored["pilotid"]]
    found = _with_computed(told, stored, now)
    for place, of_job in errors.items():
        found[place].update(error_keys(of_job, meanings))
    return found


def columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """The 125 columns of a job: absent text is "", numbers are numbers, some values are told otherwise."""
    return next(records(_columns(_alone(row))))


def computed(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Keys that follow from the columns of a job. Durations in seconds, memory in GB."""
    return _with_computed({}, _alone(row), now)[0]


def _alone(row: Mapping[str, Any]) -> ByColumn:
    return {name: (value,) for name, value in row.items()}


def _columns(stored: ByColumn) -> ByColumn:
    told = {name: values for name, values in stored.items() if name not in _BESIDE}
    for name in job_columns.TEXTS:
        values = told[name]
        if not any(values):
            told[name] = [""] * len(values)
        elif not all(values):
            told[name] = [value or "" for value in values]
    for name in job_columns.FRACTIONS:
        told[name] = [_number(value) if isinstance(value, Decimal) else value for value in told[name]]
    consumptions, conversions = stored["cpuconsumptiontime"], stored["cpuconversion"]
    told["cpuconsumptiontime"] = [None if value is None else float(value) for value in consumptions]
    told["cpuconversion"] = [None if value is None else str(value) for value in conversions]
    told["eventservice"] = [*map(jobs.event_service, stored["eventservice"])]
    told["transformation"] = [*map(jobs.last_part, stored["transformation"])]
    told["corecount"] = [1 if cores is None else cores for cores in stored["corecount"]]
    told["produsername"] = [*map(jobs.owner, stored["produsername"], stored["produserid"])]
    told["jobstatus"] = [*map(shown_state, stored["jobstatus"], stored["jobsubstatus"])]
    return told


STORED_STATE = "jobstatus_stored"
"""What the database has as state, where it is told beside the state as shown."""


def with_shown_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its state as every form tells it."""
    shown = shown_state(row["jobstatus"], row["jobsubstatus"]) or None
    return {**row, "jobstatus": shown, STORED_STATE: row["jobstatus"]}


def _number(value: Decimal) -> int | float:
    number = float(value)
    return int(value) if number.is_integer() else number


def _with_computed(told: ByColumn, stored: ByColumn, now: datetime) -> list[dict[str, Any]]:
    """Jobs with what is told of them and what follows from what is stored."""
    ran = _from_states(jobs.duration_seconds, stored, ("starttime", "endtime"), now)
    waited = _from_states(jobs.wait_seconds, stored, ("creationtime", "starttime", "endtime"), now)
    modes = stored["eventservice"], stored["jobsubstatus"], stored["commandtopilot"]
    always: ByColumn = {
        "category": [*map(jobs.category, stored["processingtype"], stored["transformation"])],
        "jobinfo": [*map(_jobinfo, *modes)],
        "processor_type": [*map(jobs.processor_type, stored["jobmetrics"])],
        "wn": [*map(jobs.node, stored["modificationhost"])],
        "durationsec": ran,
        "durationmin": [seconds // 60 for seconds in ran],
        "duration": [*map(jobs.clock_text, ran)],
        "waittimesec": waited,
        "waittime": [*map(jobs.clock_text, waited)],
        "priorityrange": [*map(jobs.priority_range, stored["currentpriority"])],
    }
    found = [*records(told | always)]
    for key, values in _sometimes(stored, ran).items():
        for job, value in zip(found, values, strict=True):
            if value is not None:
                job[key] = value
    return found


def _from_states(
    seconds: Callable[..., int], stored: ByColumn, times: Iterable[str], now: datetime
) -> list[int]:
    states = [state or "" for state in stored["jobstatus"]]
    return [*map(seconds, states, *(stored[name] for name in times), repeat(now))]


def _sometimes(stored: ByColumn, ran: Sequence[int]) -> dict[str, Iterable[Any]]:
    """Keys that not all jobs have: None for those without. ran: seconds."""
    cores = [
        used or asked for used, asked in zip(stored["actualcorecount"], stored["corecount"], strict=True)
    ]
    consumed = [float(seconds or 0) for seconds in stored["cpuconsumptiontime"]]
    found: dict[str, Iterable[Any]] = {
        "jobsetrange": (jobs.jobset_range(number) or None for number in stored["jobsetid"]),
        "maxpssgbpercore": map(jobs.memory_per_core_gb, stored["maxpss"], cores),
        "cpuefficiency": map(jobs.cpu_efficiency, consumed, ran, cores),
    }
    if any(stored["eventservice"]):
        modes = [*map(_event_service_mode, stored["eventservice"], stored["jobmetrics"])]
        found |= {key: [mode.get(name) or None for mode in modes] for key, name in _MODES.items()}
    return found


_MODES = {"jobmode": "mode", "substate": "HPCStatus"}


def _event_service_mode(eventservice: int | None, jobmetrics: str | None) -> dict[str, str]:
    """What pilots of event service jobs report among their metrics: how they work, how far they are."""
    if not eventservice or "HPCStatus=" not in (jobmetrics or ""):
        return {}
    metrics = dict(pair.partition("=")[::2] for pair in (jobmetrics or "").split())
    return metrics if "HPCStatus" in metrics else {}


def _jobinfo(eventservice: int | None, jobsubstatus: str | None, commandtopilot: str | None) -> str:
    """What is to be told of a job beyond its state, in a few words; empty for most."""
    if not (eventservice or jobsubstatus or commandtopilot):
        return ""
    kind = jobs.event_service(eventservice)
    parts = [] if kind == "ordinary" else [f"{kind} job"]
    if jobsubstatus:
        parts.append(f"sub-status {jobsubstatus}")
    if commandtopilot:
        parts.append(f"command to pilot: {commandtopilot}")
    return "; ".join(parts)


def errors_told(stored: ByColumn) -> Errors:
    """The errors of the failed and holding ones."""
    states = enumerate(zip(stored["jobstatus"], stored["jobsubstatus"], strict=True))
    return {
        place: errors_of({name: stored[name][place] for name in _OF_ERRORS})
        for place, of_job in states
        if tells_errors(*of_job)
    }


def error_keys(errors: Sequence[Error], meanings: Meanings) -> dict[str, Any]:
    """`errorinfo`, `error_desc` and `error_category` of a job that tells its errors; `transformerrordiag` if
    one of them is its payload's."""
    known = [meanings.get((error.component, error.code), {}) for error in errors]
    told = "".join(f"{error.key} {error.diag or _meant(known[at])} " for at, error in enumerate(errors))
    found = {
        "errorinfo": cut(told, LONGEST_ERRORINFO),
        "error_desc": ", ".join(dict.fromkeys(_meant(meaning) for meaning in known if _meant(meaning))),
        "error_category": ", ".join(dict.fromkeys(str(meaning["category"]) for meaning in known if meaning)),
    }
    of_transform = [_meant(known[at]) for at, error in enumerate(errors) if error.component == "transform"]
    return found | {"transformerrordiag": of_transform[0]} if of_transform else found


def _meant(meaning: Mapping[str, Any]) -> str:
    return str(meaning.get("description") or meaning.get("acronym") or "")
