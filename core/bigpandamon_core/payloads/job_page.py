"""`/job/<pandaid>/` as a page: what went wrong and what helps, then its life, use, attempts and files."""

from collections.abc import Mapping
from json import dumps
from typing import Any
from urllib.parse import urlencode

from bigpandamon_core.domain import jobs as job_rules
from bigpandamon_core.domain.error_rules import advice
from bigpandamon_core.domain.job_errors import BY_NAME, Error, errors_of
from bigpandamon_core.domain.states import file_group, job_group, shown_state, tells_errors
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import job_events, scope
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.datasets import dataset_url
from bigpandamon_core.payloads.files import file_url
from bigpandamon_core.payloads.job import OneJob, Row
from bigpandamon_core.payloads.job_facts import facts, queue_facts, worker_facts
from bigpandamon_core.payloads.job_files import dataset_name
from bigpandamon_core.payloads.job_logs import provided
from bigpandamon_core.payloads.job_rates import HOURS, hours_before, rates
from bigpandamon_core.payloads.job_records import columns, computed, with_shown_state
from bigpandamon_core.payloads.job_resources import resources
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries.where import MERGES
from bigpandamon_core.summaries import life


def shape(job: OneJob) -> dict[str, Any]:
    """The context of the page."""
    row = job.row
    state = shown_state(row["jobstatus"], row["jobsubstatus"]) or "unknown"
    related = _related(job)
    return {
        "title": f"Job {job.pandaid}",
        "heading": f"Job {job.pandaid}",
        "window": None,
        "job": columns(row) | computed(row, job.call.now),
        "state": {"state": state, "group": job_group(state)},
        "verdict": _verdict(job),
        "rates": rates(job),
        "life": _life(job),
        "life_source": "" if job.states else "from the job's own times: no status log",
        "resources": resources(job),
        "facts": facts(job),
        "fields": [
            {"name": name, "value": _plain(value)}
            for name, value in sorted(with_shown_state(row).items())
            if name[0] != "_"
        ],
        "attempts": related["attempts"],
        "merging": {text: jobs for text, jobs in related.items() if text != "attempts" and jobs},
        "tables": job_events.tables(job),
        "files": [_file(job.call, file) for file in job.files],
        "parameters": job.parameters,
        "metadata": _readable(job.metadata, job.metadata_text),
        "worker": worker_facts(job),
        "queue": queue_facts(job),
        "logs": _logs(job),
        "incomplete": _incomplete(row),
        "ignored": job.ignored,
        "notes": _notes(job),
        "source": "the PanDA database",
        "links": _links(job),
    }


def _readable(document: Any, text: str) -> str:
    """A document on lines of its own parts, halves of surrogate pairs escaped as JSON has them; as it was
    written where it is no object or list."""
    if not isinstance(document, dict | list):
        return text
    return dumps(document, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def _plain(value: Any) -> Any:
    return iso(value) if hasattr(value, "strftime") else value


def _incomplete(row: Mapping[str, Any]) -> bool:
    return row["jobstatus"] is None or row["modificationtime"] is None


def _notes(job: OneJob) -> list[str]:
    notes = job.lacking
    if _incomplete(job.row):
        notes.append("An incomplete record: it came without its state or times, which are not guessed.")
    return notes


def _verdict(job: OneJob) -> dict[str, Any] | None:
    """What went wrong in words: the first error's meaning, the raw texts, what usually helps."""
    if not tells_errors(job.row["jobstatus"], job.row["jobsubstatus"]) or not job.errors:
        return None
    first = _telling(job.errors)
    rule = advice(first.component, first.code, job.call.error_rules)
    return {
        "sentence": _sentence(job, first),
        "detail": _detail(job, first),
        "raw": [{"error": f"{error.component} {error.code}", "diag": error.diag} for error in job.errors],
        "remedy": rule.advice if rule else "",
        "links": [_same_error(job, first)],
    }


def _telling(errors: list[Error]) -> Error:
    """The error that says most: what the payload or pilot saw comes before what the system concluded."""
    order = ("pilot", "transform", "executor", "supervisor", "dataservice", "jobdispatcher", "taskbuffer")
    return min(
        errors, key=lambda error: order.index(error.component) if error.component in order else len(order)
    )


def _sentence(job: OneJob, error: Error) -> str:
    meaning = job.meanings.get((error.component, error.code), {})
    text = str(
        meaning.get("description")
        or meaning.get("acronym")
        or error.diag
        or f"{error.component} {error.code}"
    )
    first = text.strip().splitlines()[0][:160] if text.strip() else f"{error.component} {error.code}"
    return first[:1].upper() + first[1:]


def _detail(job: OneJob, error: Error) -> str:
    row = job.row
    where = f" on {job_rules.node(row['modificationhost'])}" if row["modificationhost"] else ""
    tried = f"Attempt number {row['attemptnr']}, at most {row['maxattempt']}." if row["maxattempt"] else ""
    queue = row["computingsite"] or "unknown"
    return f"{error.component} error {error.code}{where}, queue {queue}. {tried}".strip()


def _same_error(job: OneJob, error: Error) -> dict[str, str]:
    conditions = {f"{BY_NAME[error.component].code}.is": str(error.code), "witherrors": "1"}
    asked = hours_before(job.row["modificationtime"] or job.call.now) | conditions
    return {
        "text": f"Jobs with the same error in the {HOURS} hours before",
        "url": f"{job.call.root}jobs/?{urlencode(asked)}",
    }


def _life(job: OneJob) -> list[dict[str, Any]]:
    logged = [(row["jobstatus"], row["modiftime_extended"] or row["modificationtime"]) for row in job.states]
    stages = life.from_log(logged, job.call.now) if logged else life.from_times(job.row, job.call.now)
    groups = {"waiting to start": "waiting", "after the run": "post"}
    return [
        {
            "state": stage.state,
            "group": groups.get(stage.state) or job_group(stage.state),
            "begin": stage.begin,
            "end": stage.end,
            "seconds": stage.seconds,
            "final": stage.final,
        }
        for stage in stages
    ]


def _related(job: OneJob) -> dict[str, list[dict[str, Any]]]:
    """Other jobs by what they are to it: the chain of attempts, a job alone has none; then, under words for
    it, what was merged. Each oldest first."""
    merges = [(old, new) for old, new, kind in job.attempts if kind in MERGES]
    chain = {number for old, new, kind in job.attempts if kind not in MERGES for number in (old, new)}
    found = {
        "attempts": chain if len(chain) > 1 else set(),
        "merges the outputs of": {old for old, new in merges if new == job.pandaid} - {job.pandaid},
        "its outputs are merged by": {new for old, new in merges if old == job.pandaid} - {job.pandaid},
    }
    numbers = sorted(set().union(*found.values()))
    known = job_queries.some(numbers, scope.condition(job.call)) if numbers else []
    rows = {row["pandaid"]: row for row in known}
    return {
        text: [_attempt(job, number, rows.get(number)) for number in sorted(jobs)]
        for text, jobs in found.items()
    }


def _attempt(job: OneJob, number: int, row: Mapping[str, Any] | None) -> dict[str, Any]:
    state = shown_state(row["jobstatus"], row["jobsubstatus"]) if row else "unknown"
    errors = errors_of(row) if row and tells_errors(row["jobstatus"], row["jobsubstatus"]) else []
    return {
        "pandaid": number,
        "url": f"{job.call.root}job/{number}/" if row else "",
        "state": state,
        "group": job_group(state),
        "site": row["computingsite"] if row else "",
        "error": errors[0].key if errors else "",
        "current": number == job.pandaid,
    }


def _file(call: Call, file: Row) -> Row:
    belongs = call.is_core and None not in (file["jeditaskid"], file["datasetid"])
    return {
        "lfn": file["lfn"] or "",
        "url": file_url(call, file) if call.is_core else "",
        "dataset_url": dataset_url(call, file) if belongs else "",
        "type": file["type"] or "",
        "status": file["status"] or "unknown",
        "group": file_group(file["status"] or ""),
        "size_bytes": file["fsize"],
        "dataset": dataset_name(file),
        "scope": file["scope"] or "",
        "guid": file["guid"] or "",
    }


def _logs(job: OneJob) -> list[dict[str, str]]:
    """Its log files, and addresses of logs that the records themselves hold; only http(s) becomes a link."""
    pilot = (job.row["pilotid"] or "").partition("|")[0]
    found = [("Pilot log", pilot)]
    if job.workers:
        worker = job.workers[0]
        found += [("Batch log", worker["batchlog"]), ("Batch output", worker["stdout"])]
    files = f"{job.call.root}filebrowser/?pandaid={job.pandaid}"
    own = [{"text": "Log files", "url": files}] if job.call.is_core and provided(job.call) else []
    names: dict[str, str] = {}
    for text, url in found:
        if url and url.startswith(("http://", "https://")):
            names.setdefault(url, text)
    return own + [{"text": text, "url": url} for url, text in names.items()]


def _links(job: OneJob) -> dict[str, str]:
    url = f"{job.call.root}job/{job.pandaid}/"
    return {"json": f"{url}?json", "lasting": url, "api": f"{job.call.api}jobs/{job.pandaid}"}


def lines(job: OneJob) -> Table:
    """What a terminal shows of a job: the facts, one a line."""
    told = [(fact["label"], fact["text"]) for group in facts(job) for fact in group["rows"] if fact["text"]]
    state = shown_state(job.row["jobstatus"], job.row["jobsubstatus"])
    errors = [("Error", f"{error.component} {error.code}: {error.diag}") for error in job.errors]
    rows = [("PanDA id", str(job.pandaid)), ("State", state), *errors, *told]
    return Table(("fact", "value"), ({"fact": fact, "value": value} for fact, value in rows))
