"""What the checks know of PanDA's tables on Oracle, from our models and the published indexes."""

from collections.abc import Mapping
from functools import cache

from django.apps import apps
from django.db import models

from bigpandamon_core.panda.fields import PandaTime
from bigpandamon_core.panda.indexes import indexes
from tests.oracle.compiler import SCHEMAS

PARTITION_COLUMN = "MODIFICATIONTIME"
KEY_INSTEAD = "PANDAID"


@cache
def schema() -> Mapping[str, dict[str, dict[str, str]]]:
    """owner -> table -> column -> type, in upper case, as sqlglot wants it."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for model in _models():
        columns = {str(field.column).upper(): "VARCHAR2" for field in model._meta.concrete_fields}
        found.setdefault(owner(model), {})[table(model)] = columns
    return found


@cache
def times() -> frozenset[tuple[str, str]]:
    """(table, column) of all DATE columns."""
    return frozenset(
        (table(model), str(field.column).upper())
        for model in _models()
        for field in model._meta.concrete_fields
        if isinstance(field, PandaTime)
    )


@cache
def indexed() -> frozenset[tuple[str, str]]:
    """(table, column or expression): what stands in some index or divides a table into partitions."""
    columns = {
        (index.table.upper(), column.upper()) for index in indexes("oracle") for column in index.columns
    }
    return frozenset(columns | {(archive, PARTITION_COLUMN) for archive in archives()})


@cache
def archives() -> frozenset[str]:
    """Tables partitioned by modificationtime: the recent archive and all of the long-term one."""
    return frozenset(
        {"JOBSARCHIVED4", *(table(model) for model in _models() if owner(model) == SCHEMAS["arch"])}
    )


def _models() -> list[type[models.Model]]:
    return list(apps.get_app_config("panda").get_models())


def owner(model: type[models.Model]) -> str:
    return SCHEMAS[model._meta.db_table.partition(".")[0]]


def table(model: type[models.Model]) -> str:
    return model._meta.db_table.partition(".")[2].upper()
