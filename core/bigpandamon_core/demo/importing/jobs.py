"""Jobs: records of one job each, complete as in an archive dump or a few columns as in an extract.

A record is taken as it is told. Nothing is derived from other files, from the file's name or from the clock:
what a record does not say stays empty, and a job without status or times is shown as incomplete.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from bigpandamon_core.demo.importing.conversion import absent, number
from bigpandamon_core.demo.importing.rows import Row, Table, Values, columns, joined_metrics, read, with_zeros
from bigpandamon_core.demo.importing.writing import Key, RowWriter
from bigpandamon_core.domain.states import FINAL
from bigpandamon_core.domain.window import now
from bigpandamon_core.panda.jobs import LONG_TEXTS, JobsActive4, JobsArchived, JobsArchived4, JobsDefined4
from bigpandamon_core.sources.csv_records import csv_records
from bigpandamon_core.sources.json_records import array_records, ndjson_records
from bigpandamon_core.sources.records import Record, RecordKind, Refused

JOBMETRICS = columns(JobsArchived)["jobmetrics"]
JOB_TABLES: tuple[Table, ...] = (JobsArchived, JobsArchived4, JobsActive4, JobsDefined4)
NEEDED = ("jobstatus", "creationtime", "modificationtime")
"""A job without one of these is incomplete; only jobsarchived takes it."""

LIVE = {
    **dict.fromkeys(("pending", "waiting", "defined", "assigned"), JobsDefined4),
    **dict.fromkeys(("activated", "throttled", "sent", "starting", "running"), JobsActive4),
    **dict.fromkeys(("holding", "transferring", "merging"), JobsActive4),
}
RECENT = timedelta(days=4)
"""Ended jobs stay in jobsarchived4 for three to four days where a long-term archive is kept."""
ALIVE = timedelta(days=30)
"""No limit lets a job live as long without a change (21 days at most): older ones are history."""

RENAMED = {
    "iocharread": "totrchar",
    "iocharwritten": "totwchar",
    "iobytesread": "totrbytes",
    "iobyteswritten": "totwbytes",
}
RATES = {
    "iocharreadrate": "raterchar",
    "iocharwriterate": "ratewchar",
    "iobytesreadrate": "raterbytes",
    "iobyteswriterate": "ratewbytes",
}
"""B/s in the records, kB/s in PanDA, whose kB has 1024 bytes."""
BYTES_PER_KB = 1024
TIMINGS = ("timegetjob", "timestagein", "timeexe", "timestageout", "timesetup")
"""The parts of pilottiming, in its order."""
METRICS = ("dbTime", "dbData", "workDirSize")
"""Values that the pilot reports in jobmetrics under these names."""
DERIVED: Mapping[str, tuple[frozenset[str], ...]] = {
    "wall_time": (frozenset({"starttime", "endtime"}),),
    "queue_time": (frozenset({"creationtime", "starttime"}),),
    "cpu_eff": (
        frozenset({"cpuconsumptiontime", "wall_time"}),
        frozenset({"cpuconsumptiontime", "starttime", "endtime"}),
    ),
}
"""Values computed from others, and from which. Told together with those they are dropped, alone they are kept
in jobmetrics; zero is what computing from absent values gave."""


def job_row(record: Record) -> Row:
    """The job a record tells. Refused if its pandaid is none or a column cannot hold its value."""
    told = {name.lower(): value for name, value in record.values.items() if not absent(value)}
    told = {RENAMED.get(name, name): value for name, value in told.items() if name not in LONG_TEXTS}
    _take_rates(told)
    _take_timings(told)
    metrics = _take_metrics(told)
    row = read(JobsArchived, told)
    if row.values.get("pandaid", 1) < 1:
        raise Refused(f"pandaid: {row.values['pandaid']} is below 1")
    values, lost = _with_metrics(row.values, metrics)
    texts = [name for name in record.values if name.lower() in LONG_TEXTS and not absent(record.values[name])]
    return Row(home(values, now()), values, (*row.left_out, *lost, *texts))


def home(job: Values, moment: datetime) -> Table:
    """The table for a job that is in none yet."""
    if any(absent(job.get(name)) for name in NEEDED):
        return JobsArchived
    age = moment - job["modificationtime"]
    if job["jobstatus"] in FINAL:
        return JobsArchived4 if age < RECENT else JobsArchived
    return LIVE.get(job["jobstatus"], JobsArchived) if age < ALIVE else JobsArchived


def _take_rates(told: dict[str, object]) -> None:
    for name, column in RATES.items():
        if name in told:
            rate = _number(name, told.pop(name)) / BYTES_PER_KB
            told.setdefault(column, rate.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _number(name: str, value: object) -> Decimal:
    try:
        return number(value)
    except ValueError as error:
        raise Refused(f"{name}: {error}") from None


def _plain(name: str, value: object) -> str:
    """A number as PanDA writes it into texts: without a fraction that is zero."""
    told = _number(name, value)
    return str(int(told)) if told == int(told) else format(told.normalize(), "f")


def _take_timings(told: dict[str, object]) -> None:
    """The timings as pilottiming, a part not told being empty. All zero means that nothing was measured."""
    parts = {name: _plain(name, told.pop(name)) for name in TIMINGS if name in told}
    if any(part != "0" for part in parts.values()):
        told.setdefault("pilottiming", "|".join(parts.get(name, "") for name in TIMINGS))


def _take_metrics(told: dict[str, object]) -> list[str]:
    """What belongs into jobmetrics, as `key=value`."""
    present = frozenset(told)
    metrics = [f"{name}={_plain(name, told.pop(name.lower()))}" for name in METRICS if name.lower() in told]
    for name, sources in DERIVED.items():
        value = _plain(name, told.pop(name)) if name in told else "0"
        if value != "0" and not any(source <= present for source in sources):
            metrics.append(f"{name}={value}")
    return metrics


def _with_metrics(job: Values, metrics: list[str]) -> tuple[Values, list[str]]:
    """The job with these metrics in jobmetrics, and the names of those that found no room there."""
    text, room, lost = job.get("jobmetrics", ""), JOBMETRICS.max_length or 0, []
    for metric in metrics:
        longer = joined_metrics(text, metric).lstrip()
        if len(longer) <= room:
            text = longer
        else:
            lost.append(metric.partition("=")[0])
    return ({**job, "jobmetrics": text} if text else job), lost


def writer(_path: Path) -> RowWriter:
    return RowWriter(job_row, with_zeros, Key(("pandaid",), "pandaid"), JOB_TABLES, jobs=True)


def recognises(_path: Path, record: Record) -> bool:
    """A pandaid alone does not make a job: files and workers have one too."""
    names = {name.lower() for name in record.values}
    return "pandaid" in names and bool(names & {"computingsite", "jobstatus"})


KIND = RecordKind(
    name="jobs",
    help="job records: CSV with a header, NDJSON, or a JSON array",
    readers={
        ".csv": csv_records,
        ".ndjson": ndjson_records,
        ".jsonl": ndjson_records,
        ".json": array_records("jobs"),
    },
    writer=writer,
    recognises=recognises,
)
