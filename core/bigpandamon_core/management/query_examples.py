"""One call of every named read, so that its statements can be shown and looked at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from django.db import connections

from bigpandamon_core.domain import job_requests
from bigpandamon_core.domain.catalogue import NOUNS
from bigpandamon_core.domain.conditions import All, Superseded, between, equal
from bigpandamon_core.domain.cursors import Place
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.domain.window import floor
from bigpandamon_core.panda.families import FAMILIES, presence
from bigpandamon_core.panda.periods import LIVE
from bigpandamon_core.queries import (
    changes,
    clock,
    dataset_records,
    datasets,
    ended,
    errors,
    events,
    files,
    harvester,
    history,
    job_counts,
    job_doubles,
    job_groups,
    job_pages,
    jobs,
    known_values,
    last_attempts,
    listing,
    nodes,
    queues,
    rights,
    task_history,
    task_jobs,
    tasks,
    users,
    work_queues,
    worker_counts,
    workers,
)
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.listing import Listed
from bigpandamon_core.sources.dialects import Answers
from bigpandamon_core.sources.reading import ALIAS, registry, written

LISTED: Mapping[str, Listed] = {
    "tasks": tasks.TASKS,
    "datasets": dataset_records.DATASETS,
    "files": dataset_records.FILES,
    "workers": workers.WORKERS,
    "diagnostics": harvester.DIAGNOSTICS,
    "workerstats": harvester.WORKER_STATS,
    "workqueues": work_queues.WORK_QUEUES,
    "resourcetypes": work_queues.RESOURCE_TYPES,
}
"""Tables of nouns that have one."""
NARROWED: Mapping[str, str] = {"datasets": "jeditaskid=1", "files": "datasetid=1"}
"""What is asked for at least, of tables that nobody reads as a whole."""
SELECTION = "computingsite=queue*&jobstatus=failed&hours=12"
LOOKUPS = (
    "datasetid=1",
    "datasetid=1&fileid=1&jeditaskid=1",
    "unfinishedfiles=1&jeditaskid=1",
    "workerid=1&harvesterid=HARVESTER",
    "harvesterce=gateway*",
    "taskname=task*&username=ada*",
    "errorcategory=1",
    "region=WORLD",
)
COLUMNS = ("pandaid", "computingsite")
MOMENT = datetime(2026, 1, 1)
HOUR, FOLLOWED, ABSENT = timedelta(hours=1), timedelta(minutes=2), timedelta(hours=40)
ANSWERS: Answers = {
    "datasets.asked_for": [(1, 1)],
    "jobs.counted": [(0, 1, None, 0)] * (job_doubles.FEW + 1),
    "jobs.doubles": [(1,)],
    "jobs.identities": [(0, 1, "failed", None)] * (job_doubles.FEW + 1),
    "jobs.observed": [(0, 1, "running", None, MOMENT), (2, 1, "failed", MOMENT, MOMENT)],
    "jobs.page_edge": [(MOMENT,)],
    "jobs.reread": [(0, 1, None, 0)],
    "jobs.states": [(0, "failed", None, 1)],
    "known_values.collation": [("", "", "utf8mb4_bin")],
    "known_values.walk": [(0, "QUEUE_ONE"), (1, "QUEUE_ONE")],
    "lookups.error_codes": [("pilot", 1099)],
    "lookups.jobs_of_dataset": [(1,)],
    "lookups.jobs_of_unfinished_files": [(1,)],
    "lookups.jobs_of_worker": [(1,)],
    "lookups.tasks_named": [(1,)],
    "lookups.tasks_of_dataset": [(1,)],
    "lookups.workers_of_gateway": [("HARVESTER", 1)],
    "lookups.workers_of_jobs": [("HARVESTER", 1)],
    "queues.all": [("QUEUE_ONE", {"cloud": "WORLD"}, MOMENT)],
    "server.clock": [(MOMENT,)],
}
"""What some statements find, so that those that follow from it are asked, too."""


def selection(query: str, now: datetime, after: Place | None = None) -> Selection:
    """The jobs a query string asks for.

    Raises:
        Problem: it cannot be read, or not all of it.
    """
    asked = parse(parse_qsl(query, keep_blank_values=True), job_requests.noun(), now, strict=True)
    return replace(asked, after=after)


def of_jobs(asked: Selection, now: datetime) -> None:
    """Every read that a selection of jobs decides."""
    job_pages.page(asked, COLUMNS, 100, now)
    counted = ("pandaid", "ran_minutes", "has_gpu")
    list(job_counts.Counting([job_counts.Asked(asked)], counted, now).chunks())
    job_counts.states(asked, now)
    job_groups.groups(asked, COLUMNS[1:], now)
    list(job_groups.latest(asked, "produsername", now))


def run(asked: Selection, now: datetime) -> None:
    """Every read at least once."""
    known_values.forget()
    of_jobs(asked, now)
    job_pages.page(selection("", now), COLUMNS, 100, now)
    for lookup in LOOKUPS:
        list(chunks_by_id(selection(lookup, now)))
    job_doubles.outdated()
    job_doubles.OlderRows().among([(1, "jobsarchived4"), (2, "jobsactive4")])
    presence()
    of_rollups(now)
    of_harvester(now)
    of_files(now)
    for noun, listed in LISTED.items():
        of_listing(noun, listed, now)
    for call in _others(now):
        call()
    for query in registry().values():
        if query.example:
            query.example()
    known_values.forget()


def of_listing(noun: str, listed: Listed, now: datetime) -> None:
    """Every read of a noun with one table, its window as usual, and no more than must be asked for."""
    asked = parse(parse_qsl(NARROWED.get(noun, "")), NOUNS[noun](), now)
    listing.page(listed, asked, listed.columns, 100)
    listing.how_many(listed, asked)
    list(listing.values(listed, asked, listed.columns[:2]))


def of_changes(now: datetime) -> None:
    """Every read of who follows, as of this moment: plans depend on how much is asked for."""
    hour = floor(now - HOUR, 3600)
    for table in jobs.RECENT:
        for behind in (FOLLOWED, ABSENT):
            list(changes.since(table, changes.Place(now - behind, 1)))
        list(changes.whole(table, [1, 2], COLUMNS))
    for table in LIVE:
        list(changes.living(table))
    list(changes.unstamped(now - FOLLOWED))
    list(changes.ended(hour, hour + HOUR))
    changes.how_many_ended(hour, hour + HOUR)
    changes.last_ended(hour, hour + HOUR)
    list(changes.with_numbers([1, 2]))


def of_rollups(now: datetime) -> None:
    """Every read that bins are made of."""
    list(ended.ended(MOMENT, MOMENT + HOUR, COLUMNS[1:], now, {}))
    ended.living(COLUMNS[1:])


def of_harvester(now: datetime) -> None:
    """Every read about harvester beside its list of workers."""
    list(chunks_by_id(parse([("pandaid", "1")], NOUNS["workers"](), now)))
    harvester.instances()
    harvester.stats()
    harvester.dialogs(100, between("creationtime", MOMENT, now))
    harvester.taken(100, between("lastupdate", MOMENT, now))
    workers.one("HARVESTER", 1)
    workers.jobs_of("HARVESTER", 1)
    list(workers.of_jobs([1, 2]))
    list(workers.some([("HARVESTER", 1), ("HARVESTER", 2)], ("batchid",)))


def of_files(now: datetime) -> None:
    """Every read about data sets and files beside their lists."""
    for query in ("datasetid=1,2", "datasetname=scope:name", "jeditaskid=1&datasetname=name"):
        asked = parse(parse_qsl(query), NOUNS["files"](), now, strict=True)
        dataset_records.how_many_names(asked)
    datasets.newest(equal("datasetid", 1))
    datasets.also_used("scope:name", 1)
    for condition in (equal("lfn", "file"), All((equal("jeditaskid", 1), equal("fileid", 1)))):
        datasets.found_files(condition)
        files.found(condition)


def of_one_task() -> None:
    """Every read about what belongs to one task beside its jobs and data sets."""
    task_history.parameters_of(1)
    task_history.attempts_of(1)
    task_history.states_of(1)
    task_history.relatives_of(1, 2)
    task_history.storage_of(1)
    events.ranges_of(1)
    events.ranges_of_job(1, [1, 2])


def _others(now: datetime) -> Iterator[Callable[[], object]]:
    yield lambda: of_changes(now)
    yield lambda: written(
        registry()["health.ping"], "SELECT 1" + connections[ALIAS].features.bare_select_suffix
    )
    yield clock.of_panda
    yield lambda: rights.rights("READER", FAMILIES["jobs"])
    yield lambda: jobs.one(1)
    yield lambda: jobs.some([1, 2])
    yield jobs.highest
    yield lambda: jobs.number_of("jobname", "name")
    yield lambda: files.of_job(1)
    yield lambda: files.of_jobs([1, 2])
    yield lambda: files.texts_of(1)
    yield lambda: files.metadata_of_jobs([1, 2])
    yield lambda: files.datasets_of(1)
    yield lambda: files.attempts_of(1, [1, 2])
    yield lambda: files.producer_of("file")
    yield lambda: datasets.contents_of_jobs([(1, 1), (1, 2)])
    yield lambda: datasets.names({(1, 1), (1, 2)})
    yield lambda: history.states_of(1)
    yield lambda: history.attempts_of(1, 1)
    yield lambda: history.workers_of(1)
    yield lambda: history.task(1)
    yield lambda: worker_counts.running(now)
    yield lambda: worker_counts.told(now, ("harvesterid", "status"))
    yield lambda: tasks.some([1, 2], ("status",))
    yield lambda: tasks.progress([1, 2])
    yield lambda: tasks.datasets([1, 2])
    yield lambda: tasks.datasets_of(1)
    yield lambda: tasks.number_of("name")
    yield lambda: tasks.has_request(1)
    yield lambda: tasks.by_status(now - HOUR)
    yield lambda: task_jobs.jobs_of(selection("jeditaskid=1&mode=nodrop", now), COLUMNS, now)
    yield of_one_task
    yield lambda: last_attempts.looked_up(Superseded(1))
    yield lambda: last_attempts.replaced([1, 2])
    yield errors.descriptions
    yield lambda: nodes.hardware("SITE", "node")
    yield lambda: users.named("Ada Example")
    yield lambda: queues.definition("QUEUE_ONE")
