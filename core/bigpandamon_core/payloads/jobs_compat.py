"""`/jobs/` as the BigPanDA JSON API gives it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bigpandamon_core.domain.job_errors import BY_NAME
from bigpandamon_core.payloads.call import Later
from bigpandamon_core.payloads.job_records import KEYS, Errors, errors_told, listed
from bigpandamon_core.payloads.jobs import Jobs, category_of
from bigpandamon_core.payloads.jobs_additions import add, are_read
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries import queues
from bigpandamon_core.queries.job_pages import TOGETHER
from bigpandamon_core.summaries.jobs import Attribute, alphabetic

SECTIONS = ("jobs", "selectionsummary", "errsByCount")
TOGETHER_WITH_OTHERS = 500
"""So many jobs are made at once where each time other tables are asked."""
UNLIMITED_BY = ("jeditaskid", "pandaid", "jobname", "origin")
MOST_LISTED = 1000
Listed = dict[str, list[str]]
"""The jobs of the list that had an error, by its key. Later releases of the monitor that set the shape no
longer told them, but programs still read them: they are told where the list has them all."""


def shape(jobs: Jobs) -> dict[str, Any]:
    """The three sections; rows leave as they arrive, the summaries follow, and a word if these were cut."""
    wanted = set(jobs.selection.get("outputs", ",".join(SECTIONS)).split(","))
    who: Listed = {}
    jobs.note_unknown_fields(KEYS)
    return {
        "jobs": job_objects(jobs, who) if "jobs" in wanted else [],
        "selectionsummary": Later(lambda: _summary(jobs)) if "selectionsummary" in wanted else [],
        "errsByCount": Later(lambda: errors(jobs, who)) if "errsByCount" in wanted else [],
        "truncated": Later(lambda: jobs.truncated, optional=True),
    }


def limit_of(jobs: Jobs) -> int:
    """Rows in the answer: as asked, or the instance's limit; none for jobs asked for by id."""
    if jobs.selection.limit is not None:
        return jobs.selection.limit
    return 10_000_000 if jobs.selection.has(*UNLIMITED_BY) else int(jobs.call.option("jobs.limit"))


def job_objects(jobs: Jobs, who: Listed) -> Iterator[dict[str, Any]]:
    """The job objects in order, cut down to `fields` where asked. Notes in `who` whose errors they were."""
    wanted = jobs.selection.fields
    nothing: Mapping[str, dict[str, Any]] = {}
    rows = jobs.together(job_queries.all_columns(), limit_of(jobs), _at_once(jobs))
    known = jobs.optional("queues", queues.definitions, nothing)
    clouds = {name: str(data.get("cloud") or "") for name, data in known.items()}
    for stored in rows:
        told = errors_told(stored)
        objects = listed(stored, jobs.call.now, clouds, told, jobs.meanings)
        add(jobs, stored, objects)
        _note(stored["pandaid"], told, who)
        if wanted:
            objects = [{name: job[name] for name in wanted if name in job} for job in objects]
        yield from objects


def _at_once(jobs: Jobs) -> int:
    return TOGETHER_WITH_OTHERS if are_read(jobs) else TOGETHER


def _note(pandaids: Sequence[int], errors: Errors, who: Listed) -> None:
    """pandaids: of all jobs, those that tell errors among them."""
    for place, of_job in errors.items():
        for error in of_job:
            known = who.setdefault(error.key, [])
            if len(known) < MOST_LISTED:
                known.append(str(pandaids[place]))


def _summary(jobs: Jobs) -> list[dict[str, Any]]:
    """Nothing where there are no jobs, as programs know it."""
    return summary(jobs) if jobs.tally.total else []


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


def errors(jobs: Jobs, who: Listed) -> list[dict[str, Any]]:
    """Errors of failed and holding jobs, most frequent first."""
    return [
        entry(jobs, error.component, error.code, error.count, error.example_pandaid)
        | _whole(who.get(error.key, []), error.count)
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
