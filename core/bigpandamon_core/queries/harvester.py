"""Reading what harvester services are, say and count."""

from typing import Any

from django.db.models import Model

from bigpandamon_core.domain.conditions import All, Condition
from bigpandamon_core.domain.harvester import COUNTED_BY
from bigpandamon_core.panda.harvester import HarvesterDialogs, HarvesterInstances, HarvesterWorkerStats
from bigpandamon_core.panda.workers import HarvesterRelJobsWorkers
from bigpandamon_core.queries.listing import listed
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, Query, declare, dicts

MOST_INSTANCES, MOST_STATS, MOST_ROWS = 1_000, 50_000, 10_000
_INSTANCES = declare("harvester.instances", "Instances, last heard first.", binds=("conditions",),
                     cap=MOST_INSTANCES)  # fmt: skip
_STATS = declare("harvester.stats", "Workers that services report, newest first.", binds=("conditions",),
                 cap=MOST_STATS)  # fmt: skip
_DIALOGS = declare("harvester.dialogs", "Messages of services, newest first.", binds=("conditions",),
                   cap=MOST_ROWS)  # fmt: skip
_TAKEN = declare("harvester.taken", "Which worker took which job, newest first.", binds=("conditions",),
                 cap=MOST_ROWS)  # fmt: skip
DIAGNOSTICS = listed("diagnostics", HarvesterDialogs, ("diagid", "harvesterid"), "Messages of services")
WORKER_STATS = listed("workerstats", HarvesterWorkerStats, COUNTED_BY, "Counts of workers by services")
INSTANCE = tuple("harvesterid description starttime owner hostname lastupdate swversion commitstamp".split())
STATS = tuple("harvesterid computingsite resourcetype status nworkers lastupdate jobtype".split())
DIALOG = tuple("creationtime harvesterid modulename messagelevel diagmessage".split())
TAKEN = tuple("harvesterid workerid pandaid lastupdate".split())
Row = dict[str, Any]


def instances(*conditions: Condition) -> list[Row]:
    return _read(_INSTANCES, HarvesterInstances, INSTANCE, ("-lastupdate", "harvesterid"), conditions)


def stats(*conditions: Condition) -> list[Row]:
    order = ("-lastupdate", "harvesterid", "computingsite", "resourcetype", "status", "jobtype")
    return _read(_STATS, HarvesterWorkerStats, STATS, order, conditions)


def dialogs(limit: int, *conditions: Condition) -> list[Row]:
    order = ("-creationtime", "-diagid")
    return _read(_DIALOGS, HarvesterDialogs, DIALOG, order, conditions, limit)


def taken(limit: int, *conditions: Condition) -> list[Row]:
    order = ("-lastupdate", "-pandaid")
    return _read(_TAKEN, HarvesterRelJobsWorkers, TAKEN, order, conditions, limit)


def _read(
    query: Query,
    table: type[Model],
    columns: tuple[str, ...],
    order: tuple[str, ...],
    conditions: tuple[Condition, ...],
    limit: int = MOST_STATS,
) -> list[Row]:
    wanted = where(All(conditions), text_columns(table))
    rows = table._default_manager.using(ALIAS).filter(wanted).order_by(*order)
    return dicts(query, rows[: min(limit, query.cap)], columns)
