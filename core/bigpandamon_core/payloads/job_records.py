"""A job as programs written for the BigPanDA JSON API expect it: changed columns and computed keys."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bigpandamon_core.domain import job_columns, jobs
from bigpandamon_core.domain.job_errors import errors_of, is_error
from bigpandamon_core.domain.states import shown_state, tells_errors
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut

Meanings = Mapping[tuple[str, int | str], Mapping[str, Any]]
LONGEST_ERRORINFO = 300
_FURTHER_KEYS = """
    homecloud consumer category jobinfo processor_type wn durationsec durationmin duration waittimesec
    waittime priorityrange jobsetrange maxpssgbpercore cpuefficiency jobmode substate pilotversion errorinfo
    error_desc error_category transformerrordiag maxvmemmb avgvmemmb metastruct datasets fileattemptnr
    filemaxattempts
""".split()
_BESIDE = ("_table", "_owner", "_cursor")
"""What rows carry that is no column."""
KEYS = frozenset({*job_columns.ALL, *_FURTHER_KEYS})
"""What the objects of a list can have: those of a column always, the others each when it applies."""


def record(
    row: Mapping[str, Any], now: datetime, clouds: Mapping[str, str], meanings: Meanings
) -> dict[str, Any]:
    """The job object of a list: all columns, changed as programs know them, and the computed keys.

    row: the columns of a job. clouds: cloud by queue. meanings: descriptions by component and code.
    """
    job = columns(row)
    job["schedulerid"] = jobs.scheduler_shown(row["schedulerid"])
    job.update(computed(row, now))
    job["homecloud"] = clouds.get(row["computingsite"] or "")
    job["consumer"] = None
    job["pilotversion"] = jobs.pilot_version(row["pilotid"]) or NOT_SPECIFIED
    job.update(error_keys(row, meanings))
    return job


def columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """The 125 columns: absent text is "", numbers are numbers, some values are told otherwise."""
    job: dict[str, Any] = dict(row)
    for name in _BESIDE:
        job.pop(name, None)
    for name in job_columns.TEXTS:
        if job[name] is None:
            job[name] = ""
    for name in job_columns.FRACTIONS:
        if isinstance(value := job[name], Decimal):
            job[name] = _number(value)
    consumption, conversion = row["cpuconsumptiontime"], row["cpuconversion"]
    job["cpuconsumptiontime"] = None if consumption is None else float(consumption)
    job["cpuconversion"] = None if conversion is None else str(conversion)
    job["eventservice"] = jobs.event_service(row["eventservice"])
    job["transformation"] = jobs.last_part(row["transformation"])
    job["corecount"] = 1 if row["corecount"] is None else row["corecount"]
    job["produsername"] = jobs.owner(row["produsername"], row["produserid"])
    job["jobstatus"] = shown_state(row["jobstatus"], row["jobsubstatus"])
    return job


STORED_STATE = "jobstatus_stored"
"""What the database has as state, where it is told beside the state as shown."""


def with_shown_state(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its state as every form tells it."""
    shown = shown_state(row["jobstatus"], row["jobsubstatus"]) or None
    return {**row, "jobstatus": shown, STORED_STATE: row["jobstatus"]}


def _number(value: Decimal) -> int | float:
    number = float(value)
    return int(value) if number.is_integer() else number


def computed(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Keys that follow from the columns. Durations in seconds, memory in GB."""
    state = row["jobstatus"] or ""
    ran = jobs.duration_seconds(state, row["starttime"], row["endtime"], now)
    waited = jobs.wait_seconds(state, row["creationtime"], row["starttime"], row["endtime"], now)
    cores = row["actualcorecount"] or row["corecount"]
    consumed = float(row["cpuconsumptiontime"] or 0)
    found = {
        "category": jobs.category(row["processingtype"], row["transformation"]),
        "jobinfo": jobinfo(row),
        "processor_type": jobs.processor_type(row["jobmetrics"]),
        "wn": jobs.node(row["modificationhost"]),
        "durationsec": ran,
        "durationmin": ran // 60,
        "duration": jobs.clock_text(ran),
        "waittimesec": waited,
        "waittime": jobs.clock_text(waited),
        "priorityrange": jobs.priority_range(row["currentpriority"]),
    }
    if jobset := jobs.jobset_range(row["jobsetid"]):
        found["jobsetrange"] = jobset
    if (memory := jobs.memory_per_core_gb(row["maxpss"], cores)) is not None:
        found["maxpssgbpercore"] = memory
    if (efficiency := jobs.cpu_efficiency(consumed, ran, cores)) is not None:
        found["cpuefficiency"] = efficiency
    return found | _event_service_mode(row) if row["eventservice"] else found


def _event_service_mode(row: Mapping[str, Any]) -> dict[str, str]:
    """What pilots of event service jobs report among their metrics: how they work, how far they are."""
    if "HPCStatus=" not in (row["jobmetrics"] or ""):
        return {}
    metrics = dict(pair.partition("=")[::2] for pair in row["jobmetrics"].split())
    names = {"jobmode": "mode", "substate": "HPCStatus"} if "HPCStatus" in metrics else {}
    return {key: metrics[name] for key, name in names.items() if metrics.get(name)}


def jobinfo(row: Mapping[str, Any]) -> str:
    """What is to be told of a job beyond its state, in a few words; empty for most."""
    if not (row["eventservice"] or row["jobsubstatus"] or row["commandtopilot"]):
        return ""
    kind = jobs.event_service(row["eventservice"])
    parts = [] if kind == "ordinary" else [f"{kind} job"]
    if row["jobsubstatus"]:
        parts.append(f"sub-status {row['jobsubstatus']}")
    if row["commandtopilot"]:
        parts.append(f"command to pilot: {row['commandtopilot']}")
    return "; ".join(parts)


def error_keys(row: Mapping[str, Any], meanings: Meanings) -> dict[str, Any]:
    """`errorinfo`, `error_desc` and `error_category` of failed and holding jobs."""
    if not tells_errors(row["jobstatus"], row["jobsubstatus"]):
        return {}
    errors = errors_of(row)
    known = [meanings.get((error.component, error.code), {}) for error in errors]
    told = "".join(f"{error.key} {error.diag or _meant(known[at])} " for at, error in enumerate(errors))
    found = {
        "errorinfo": cut(told, LONGEST_ERRORINFO),
        "error_desc": ", ".join(dict.fromkeys(_meant(meaning) for meaning in known if _meant(meaning))),
        "error_category": ", ".join(dict.fromkeys(str(meaning["category"]) for meaning in known if meaning)),
    }
    if is_error(row["transexitcode"]):
        found["transformerrordiag"] = _meant(meanings.get(("transform", _code(row["transexitcode"])), {}))
    return found


def _meant(meaning: Mapping[str, Any]) -> str:
    return str(meaning.get("description") or meaning.get("acronym") or "")


def _code(text: Any) -> int | str:
    return int(text) if str(text).strip().isdigit() else str(text)


def memory_of_task(row: Mapping[str, Any]) -> dict[str, str]:
    """What requests for one task get besides: memory in MB as text with two decimals."""
    names = {"maxpss": "maxpss", "maxvmemmb": "maxvmem", "avgvmemmb": "avgvmem"}
    return {key: f"{row[name] / 1024:.2f}" for key, name in names.items() if row[name] is not None}
