"""The workflow service (iDDS), where its tables are in the same database: its requests by their numbers.

A task of PanDA has the number of its request in `reqid`. States and kinds are numbers there; their words are
those of HSF/iDDS (main/lib/idds/common/constants.py).
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.db import models

from bigpandamon_core.plugin import PandaTable, declare, dicts

STATES = tuple(
    """New Ready Transforming Finished SubFinished Failed Extend ToCancel Cancelling Cancelled ToSuspend
    Suspending Suspended ToResume Resuming ToExpire Expiring Expired ToFinish ToForceFinish Terminating
    Building Built Throttling ToClose""".split()
)
KINDS = tuple(
    """Workflow EventStreaming StageIn ActiveLearning HyperParameterOpt Derivation Processing Actuating Data
    iWorkflow iWork GenericWorkflow GenericWork BuildWork""".split()
)
GROUPS = {
    **dict.fromkeys(("Finished", "SubFinished"), "good"),
    **dict.fromkeys(("Failed", "Expired"), "bad"),
    "Cancelled": "ended",
    "Suspended": "waiting",
}
"""How states are shown, as the batch production service takes them; the others run."""
BOUND = 500
"""Requests that one statement names."""


class Requests(PandaTable):
    request_id = models.BigIntegerField(primary_key=True)
    status = models.IntegerField(null=True)
    transform_tag = models.CharField(max_length=20, null=True)

    class Meta(PandaTable.Meta):
        db_table = "idds.requests"


class Transforms(PandaTable):
    """One for each task of a request."""

    transform_id = models.BigIntegerField(primary_key=True)
    request_id = models.BigIntegerField(null=True)
    transform_type = models.IntegerField(null=True)

    class Meta(PandaTable.Meta):
        db_table = "idds.transforms"


FAMILIES = {"idds": (Requests, Transforms)}
SCHEMAS = ("idds",)


class Request(NamedTuple):
    """As the service knows it. kinds: of its transforms."""

    number: int
    status: str
    kinds: str
    tag: str | None

    @property
    def group(self) -> str:
        return GROUPS.get(self.status, "running")


def requests(numbers: Collection[int]) -> dict[int, Request]:
    """By number, those that the service has."""
    found: dict[int, Request] = {}
    listed = sorted(numbers)
    for begin in range(0, len(listed), BOUND):
        some = listed[begin : begin + BOUND]
        kinds = _kinds(some)
        for row in _rows(some):
            number = row["request_id"]
            told = ",".join(_word(KINDS, kind) for kind in kinds.get(number, ()))
            found[number] = Request(number, _word(STATES, row["status"]), told, row["transform_tag"] or None)
    return found


def _word(words: tuple[str, ...], number: int | None) -> str:
    """A number that is not known stays one."""
    if number is None:
        return ""
    return words[number] if 0 <= number < len(words) else str(number)


def _rows(numbers: Collection[int]) -> list[dict[str, Any]]:
    found = Requests.objects.filter(request_id__in=numbers)
    return dicts(REQUESTS, found, ("request_id", "status", "transform_tag"))


def _kinds(numbers: Collection[int]) -> Mapping[int, list[int]]:
    """By request the kinds of its transforms."""
    found = Transforms.objects.filter(request_id__in=numbers, transform_type__isnull=False)
    columns = ("request_id", "transform_type")
    kinds: dict[int, list[int]] = {}
    for row in dicts(TRANSFORMS, found.values(*columns).distinct().order_by(*columns), columns):
        kinds.setdefault(row["request_id"], []).append(row["transform_type"])
    return kinds


REQUESTS = declare(
    "lsst.requests", "Requests of the workflow service.", binds=("requests",), cap=BOUND,
    example=lambda: _rows([1, 2]),
)  # fmt: skip
TRANSFORMS = declare(
    "lsst.transforms", "Kinds of work in requests.", binds=("requests",), cap=BOUND * len(KINDS),
    example=lambda: _kinds([1, 2]),
)  # fmt: skip
