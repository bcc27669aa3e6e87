"""How work is sorted: queues of tasks and classes of resources, as requests ask for them."""

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.nouns import Noun, Sort
from bigpandamon_core.domain.request_window import WindowRules

_TIMELESS = WindowRules(0, time_columns=())
_QUEUE_TEXTS = ("queue_name", "queue_type", "vo", "status", "criteria", "variables", "queue_function")
_QUEUE_NUMBERS = ("queue_id", "partitionid", "stretchable", "queue_share", "queue_order")
_CLASS_NUMBERS = ("mincore", "maxcore", "minrampercore", "maxrampercore")
COUNTED = frozenset({"queue_type", "vo", "status", "queue_function"})


def _numbers(names: tuple[str, ...], of_what: str) -> tuple[Field, ...]:
    return tuple(Field(name, f"Column {name} of the {of_what}.", Kind.INTEGER) for name in names)


def work_queues(more_fields: tuple[Field, ...] = ()) -> Noun:
    """Queues of tasks in the production system."""
    texts = (
        Field(name, f"Column {name} of the work queue.", rule=rules.exact_or("*|!"), counted=name in COUNTED)
        for name in _QUEUE_TEXTS
    )
    return Noun(
        name="workqueues",
        fields=(*_numbers(_QUEUE_NUMBERS, "work queue"), *texts, *more_fields),
        window=_TIMELESS,
        sorts={},
        default_sort=(Sort("queue_id"),),
        keys=("queue_id",),
    )


def resource_types(more_fields: tuple[Field, ...] = ()) -> Noun:
    """Classes of resources, by cores and memory."""
    name = Field("resource_name", "Name of the class.", rule=rules.exact_or("*|!"))
    return Noun(
        name="resourcetypes",
        fields=(name, *_numbers(_CLASS_NUMBERS, "class"), *more_fields),
        window=_TIMELESS,
        sorts={},
        default_sort=(Sort("resource_name"),),
        keys=("resource_name",),
    )
