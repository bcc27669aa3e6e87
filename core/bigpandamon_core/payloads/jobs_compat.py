"""`/jobs/` as the BigPanDA JSON API gives it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from bigpandamon_core.domain.job_errors import BY_NAME, errors_of
from bigpandamon_core.payloads.call import Later
from bigpandamon_core.payloads.job_records import KEYS, record
from bigpandamon_core.payloads.jobs import Jobs, category_of
from bigpandamon_core.payloads.jobs_additions import add, are_read
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries import queues
from bigpandamon_core.summaries.jobs import Attribute, alphabetic

SECTIONS = ("jobs", "selectionsummary", "errsByCount")
BATCH, BATCH_OF_STATEMENTS = 100, 500
"""So many jobs at once stay in a processor's cache; where each batch is asked for in other tables, more."""
UNLIMITED_BY = ("jeditaskid", "pandaid", "jobname", "origin")
MOST_LISTED = 1000
Listed = dict[str, list[str]]
"""The jobs of the list that had an error, by its key. Later releases of the monitor that set the shape no
longer told them, but programs still read them: they are told where the list has them all."""


def shape(jobs: Jobs) -> dict[str, Any]:
    """The three sections; rows leave as they arrive, the summaries follow, and a word if these were cut."""
    wanted = set(jobs.selection.get("outputs", ",".join(SECTIONS)).split(","))
    listed: Listed = {}
    jobs.note_unknown_fields(KEYS)
    return {
        "jobs": job_objects(jobs, listed) if "jobs" in wanted else [],
        "selectionsummary": Later(lambda: summary(jobs)) if "selectionsummary" in wanted else [],
        "errsByCount": Later(lambda: errors(jobs, listed)) if "errsByCount" in wanted else [],
        "truncated": Later(lambda: jobs.truncated, optional=True),
    }


def limit_of(jobs: Jobs) -> int:
    """Rows in the answer: as asked, or the instance's limit; none for jobs asked for by id."""
    if jobs.selection.limit is not None:
        return jobs.selection.limit
    return 10_000_000 if jobs.selection.has(*UNLIMITED_BY) else int(jobs.call.option("jobs.limit"))


def job_objects(jobs: Jobs, listed: Listed) -> Iterator[dict[str, Any]]:
    """The job objects in order, cut down to `fields` where asked. Notes in `listed` who had which error."""
    wanted = jobs.selection.fields
    rows = jobs.rows(job_queries.all_columns(), limit_of(jobs))
    nothing: Mapping[str, dict[str, Any]] = {}
    known = jobs.optional("queues", queues.definitions, nothing)
    clouds = {name: str(data.get("cloud") or "") for name, data in known.items()}
    size = BATCH_OF_STATEMENTS if are_read(jobs) else BATCH
    while batch := list(islice(rows, size)):
        objects = [record(row, jobs.call.now, clouds, jobs.meanings) for row in batch]
        add(jobs, batch, objects)
        _note((row for row, job in zip(batch, objects, strict=True) if "errorinfo" in job), listed)
        if wanted:
            objects = [{name: job[name] for name in wanted if name in job} for job in objects]
        yield from objects


def _note(rows: Iterable[dict[str, Any]], listed: Listed) -> None:
    """rows: of jobs whose errors are told."""
    for row in rows:
        for error in errors_of(row):
            known = listed.setdefault(error.key, [])
            if len(known) < MOST_LISTED:
                known.append(str(row["pandaid"]))


def summary(jobs: Jobs) -> list[dict[str, Any]]:
    """Every attribute with its values and counts, ordered by field."""
    alpha = jobs.selection.get("sortby") == "alpha"
    return [_attribute(attribute, alpha) for attribute in jobs.attributes]


def _attribute(attribute: Attribute, alpha: bool) -> dict[str, Any]:
    values = sorted(attribute.values, key=lambda v: alphabetic(v.value)) if alpha else attribute.values
    found: dict[str, Any] = {
        "field": attribute.field.name,
        "list": [{"kname": value.value, "kvalue": value.count} for value in values],
    }
    return found | {"stats": {"sum": attribute.total}} if attribute.total is not None else found


def errors(jobs: Jobs, listed: Listed) -> list[dict[str, Any]]:
    """Errors of failed and holding jobs, most frequent first."""
    return [
        entry(jobs, error.component, error.code, error.count, error.example_pandaid)
        | _whole(listed.get(error.key, []), error.count)
        for error in jobs.errors
    ]


def entry(jobs: Jobs, component: str, code: int | str, count: int, example_pandaid: int) -> dict[str, Any]:
    """An error and how many jobs had it."""
    meaning = jobs.meanings.get((component, code))
    return {
        "error": f"{component}:{code}",
        "codename": BY_NAME[component].code,
        "codeval": code,
        "diag": jobs.examples.get(f"{component}:{code}", ""),
        "desc": str((meaning or {}).get("description") or ""),
        "cat": category_of(meaning),
        "example_pandaid": example_pandaid,
        "count": count,
    }


def _whole(pandaids: list[str], count: int) -> dict[str, Any]:
    """`pandalist` where it names every job of the count; a part of them would pass for all."""
    return {"pandalist": pandaids} if len(pandaids) == count else {}
