"""Conditions that need another table, resolved before a selection becomes SQL."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Model, QuerySet

from bigpandamon_core.domain import datasets as dataset_rules
from bigpandamon_core.domain import rules
from bigpandamon_core.domain.conditions import (
    NOTHING,
    All,
    AnyOf,
    Condition,
    Lookup,
    Not,
    Op,
    Superseded,
    Test,
    equal,
    holds,
    one_of,
    replaced,
)  # fmt: skip
from bigpandamon_core.domain.job_errors import COMPONENTS
from bigpandamon_core.domain.jobs import HARVESTER_PREFIX
from bigpandamon_core.domain.parameters import named
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.rules import MOST_IDS
from bigpandamon_core.domain.tasks import INPUTS
from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.panda.files import FilesTable4, FilesTableArch
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets, JediJobRetryHistory, JediTasks
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers, HarvesterWorkers
from bigpandamon_core.queries import datasets, queues
from bigpandamon_core.queries.own.imports import pandaids_of
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.presence import is_present, present
from bigpandamon_core.sources.reading import ALIAS, declare, tuples

MOST_WORKERS = 5_000
_OF_DATASET = declare(
    "lookups.jobs_of_dataset",
    "Jobs that used a file or a dataset.",
    binds=("fileid", "datasetid", "jeditaskid"),
    cap=MOST_IDS,
)
_OF_UNFINISHED = declare(
    "lookups.jobs_of_unfinished_files",
    "Jobs that used input of a task that is not finished.",
    binds=("jeditaskid",),
    cap=MOST_IDS,
)
_TASKS_OF_DATASET = declare(
    "lookups.tasks_of_dataset", "The task of a data set.", binds=("datasetid",), cap=MOST_IDS
)
_OF_WORKER = declare(
    "lookups.jobs_of_worker",
    "Jobs that a harvester worker ran.",
    binds=("workerid", "harvesterid"),
    cap=MOST_IDS,
)
_WORKERS_OF_JOBS = declare(
    "lookups.workers_of_jobs", "Workers that took jobs.", binds=("pandaids",), cap=MOST_WORKERS
)
_WORKERS_OF_CE = declare(
    "lookups.workers_of_gateway",
    "Workers of a computing element.",
    binds=("computingelement",),
    cap=MOST_WORKERS,
)
_TASKS_NAMED = declare(
    "lookups.tasks_named", "Tasks by name and user.", binds=("taskname", "username"), cap=MOST_IDS
)
_CODES = declare("lookups.error_codes", "Error codes of a category.", binds=("category",), cap=10_000)

Arguments = Mapping[str, str]


def resolve(condition: Condition) -> Condition:
    """The condition with every lookup replaced by what it found.

    Raises:
        Problem: a lookup found more than 50,000 records, or its arguments are wrong.
    """
    return replaced(condition, _found)


def _found(leaf: Condition) -> Condition:
    match leaf:
        case Lookup(name, column, arguments):
            return _FINDERS[name](column, dict(arguments))
        case Superseded() if not is_present(JediJobRetryHistory):
            return NOTHING
        case _:
            return leaf


def _numbers(found: Iterable[tuple[Any, ...]], column: str, parameter: str) -> Condition:
    numbers = tuple(sorted({row[0] for row in found if row[0]}))
    if len(numbers) > MOST_IDS:
        raise Problem(
            f"More than {MOST_IDS} records belong to this {parameter}",
            parameter=parameter,
            code="too-many",
            remedy="Add a condition that narrows it.",
        )
    return one_of(column, numbers) if numbers else NOTHING


def _text(parameter: str, column: str, value: str) -> Condition:
    try:
        return rules.text(column, value)
    except Problem as problem:
        raise named(problem, parameter) from None


def _jobs_of_dataset(column: str, arguments: Arguments) -> Condition:
    """Files are indexed by task, so a data set is first looked up in its task."""
    wanted = [rules.integers(name, value) for name, value in arguments.items()]
    if "jeditaskid" not in arguments:
        sets = JediDatasets.objects.using(ALIAS).filter(where(All(tuple(wanted)), frozenset()))
        tasks = tuples(_TASKS_OF_DATASET, sets.values_list("jeditaskid").distinct()[: MOST_IDS + 1])
        wanted.append(_numbers(tasks, "jeditaskid", "datasetid"))
    found = [
        row
        for table in (FilesTable4, *present([FilesTableArch]), JediDatasetContents)
        for row in tuples(_OF_DATASET, _some_jobs(table, wanted))
    ]
    return _numbers(found, column, "datasetid")


def _some_jobs(table: type[Model], wanted: Iterable[Condition], **among: QuerySet[Any]) -> QuerySet[Any, Any]:
    rows = table._default_manager.using(ALIAS).filter(where(All(tuple(wanted)), text_columns(table)), **among)
    return rows.values_list("pandaid").distinct()[: MOST_IDS + 1]


def _jobs_of_unfinished_files(column: str, arguments: Arguments) -> Condition:
    """Those of the task whose input is still to be processed: their errors are the ones that matter yet."""
    task = rules.integers("jeditaskid", arguments["jeditaskid"])
    wanted = All((task, one_of("type", INPUTS), Not(equal("status", "finished"))))
    files = JediDatasetContents.objects.using(ALIAS).filter(where(wanted, text_columns(JediDatasetContents)))
    found = [
        row
        for table in (FilesTable4, *present([FilesTableArch]))
        for row in tuples(_OF_UNFINISHED, _some_jobs(table, (task,), fileid__in=files.values("fileid")))
    ]
    return _numbers(found, column, "unfinishedfiles")


def _jobs_of_worker(column: str, arguments: Arguments) -> Condition:
    wanted: list[Condition] = []
    instance = arguments.get("harvesterinstance") or arguments.get("harvesterid")
    if instance and instance != "all":
        wanted.append(equal("harvesterid", instance))
    if "workerid" in arguments:
        wanted.append(rules.integers("workerid", arguments["workerid"]))
    if "harvesterce" in arguments:
        wanted.append(_any_worker(arguments["harvesterce"]))
    return _numbers(tuples(_OF_WORKER, _some_jobs(HarvesterRelJobsWorkers, wanted)), column, "workerid")


def _any_worker(computingelement: str) -> Condition:
    workers = HarvesterWorkers.objects.using(ALIAS).filter(
        where(_text("harvesterce", "computingelement", computingelement), text_columns(HarvesterWorkers))
    )
    rows = list(tuples(_WORKERS_OF_CE, workers.values_list("harvesterid", "workerid")[: MOST_WORKERS + 1]))
    if len(rows) > MOST_WORKERS:
        raise Problem(
            f"More than {MOST_WORKERS} workers belong to this gateway",
            parameter="harvesterce",
            code="too-many",
            remedy="Add harvesterinstance or workerid.",
        )
    by_instance: dict[str, list[int]] = {}
    for harvesterid, workerid in rows:
        by_instance.setdefault(harvesterid, []).append(workerid)
    return AnyOf(
        tuple(
            All((equal("harvesterid", name), one_of("workerid", tuple(numbers))))
            for name, numbers in by_instance.items()
        )
    )


def _jobs_of_instance(column: str, arguments: Arguments) -> Condition:
    return Test(column, Op.EQUAL, HARVESTER_PREFIX + arguments["harvesterid"])


def _tasks_named(column: str, arguments: Arguments) -> Condition:
    wanted: list[Condition] = [_text("taskname", "taskname", arguments["taskname"])]
    if "username" in arguments:
        wanted.append(_text("username", "username", arguments["username"]))
    tasks = JediTasks.objects.using(ALIAS).filter(where(All(tuple(wanted)), text_columns(JediTasks)))
    return _numbers(tuples(_TASKS_NAMED, tasks.values_list("jeditaskid")[: MOST_IDS + 1]), column, "taskname")


def _queues(column: str, arguments: Arguments) -> Condition:
    """Queues whose property matches; `region` is the queue's cloud, `site` its experiment site."""
    [(parameter, text)] = arguments.items()
    attribute = {"region": "cloud", "site": "atlas_site"}.get(parameter, parameter.removeprefix("queue"))
    wanted = _text(parameter, attribute, text)
    names = tuple(
        name
        for name, data in queues.definitions().items()
        if holds(wanted, {attribute: _told(data.get(attribute))})
    )
    return one_of(column, names) if names else NOTHING


def _told(value: Any) -> str | None:
    return None if value is None else str(value)


def _origin(column: str, arguments: Arguments) -> Condition:
    return _numbers(((number,) for number in pandaids_of(arguments["origin"])), column, "origin")


def _error_category(_column: str, arguments: Arguments) -> Condition:
    """Jobs with an error whose description has the category."""
    wanted = rules.integers("category", arguments["errorcategory"])
    rows = ErrorDescriptions.objects.using(ALIAS).filter(where(wanted, text_columns(ErrorDescriptions)))
    codes: dict[str, list[int]] = {}
    for component, code in tuples(_CODES, rows.values_list("component", "code")):
        codes.setdefault(component, []).append(code)
    return AnyOf(
        tuple(
            one_of(component.code, _as_stored(codes[name], bool(component.diag)))
            for component in COMPONENTS
            for name in (component.name, component.table_name)
            if name in codes
        )
    )


def _as_stored(codes: list[int], numeric: bool) -> tuple[int, ...] | tuple[str, ...]:
    return tuple(codes) if numeric else tuple(str(code) for code in codes)


def _workers_of_jobs(_column: str, arguments: Arguments) -> Condition:
    """Workers are numbered within their harvester."""
    wanted = where(rules.integers("pandaid", arguments["pandaid"]), frozenset())
    rows = HarvesterRelJobsWorkers.objects.using(ALIAS).filter(wanted).values_list("harvesterid", "workerid")
    found = list(tuples(_WORKERS_OF_JOBS, rows.distinct()[: MOST_WORKERS + 1]))
    if len(found) > MOST_WORKERS:
        raise Problem(
            f"More than {MOST_WORKERS} workers took these jobs",
            parameter="pandaid",
            code="too-many",
            remedy="Ask for fewer jobs.",
        )
    return AnyOf(tuple(All((equal("harvesterid", name), equal("workerid", one))) for name, one in found))


def _files_of_datasets(_column: str, arguments: Arguments) -> Condition:
    """Files are indexed by task, so data sets are first looked up in their tasks."""
    found = datasets.asked_for(dataset_rules.wanted(arguments), ("jeditaskid", "datasetid"))
    keys = ((row["jeditaskid"] for row in found), (row["datasetid"] for row in found))
    tasks, sets = (tuple(sorted(set(numbers))) for numbers in keys)
    return All((one_of("jeditaskid", tasks), one_of("datasetid", sets))) if found else NOTHING


_FINDERS: Mapping[str, Callable[[str, Arguments], Condition]] = {
    "jobs_of_dataset": _jobs_of_dataset,
    "jobs_of_unfinished_files": _jobs_of_unfinished_files,
    "files_of_datasets": _files_of_datasets,
    "workers_of_jobs": _workers_of_jobs,
    "jobs_of_worker": _jobs_of_worker,
    "jobs_of_instance": _jobs_of_instance,
    "tasks_named": _tasks_named,
    "queues": _queues,
    "origin": _origin,
    "error_category": _error_category,
}
