"""Tasks and their datasets as they would be now, and which of them an answer tells."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bigpandamon_core.panda.tasks import JediDatasets
from tests.web.compatible import ask
from tests.web.conftest import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def task(panda):
    """`task(jeditaskid=…)` as it would be now."""

    def make(**columns: Any) -> Any:
        times = {"creationdate": NOON - DAY, "modificationtime": NOON - HOUR}
        return panda.task(**(times | columns))

    return make


@pytest.fixture
def dataset(panda):
    numbers = iter(range(1, 1000))

    def make(jeditaskid: int, type: str = "input", **columns: Any) -> int:  # noqa: A002  # the column's name
        datasetid = next(numbers)
        named = {
            "datasetname": f"scope:data.{datasetid}",
            "creationtime": NOON - DAY,
            "modificationtime": NOON,
        }
        told = named | columns
        panda.row(JediDatasets, jeditaskid=jeditaskid, datasetid=datasetid, type=type, **told)
        return datasetid

    return make


def numbers(client: Client, **parameters: object) -> list[int]:
    return [one["jeditaskid"] for one in ask(client, "/tasks/", **parameters)]
