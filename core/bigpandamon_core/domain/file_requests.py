"""What requests about files of data sets may say. Rules from the BigPanDA JSON API."""

from collections.abc import Mapping

from bigpandamon_core.domain import datasets, rules
from bigpandamon_core.domain.conditions import Condition
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.nouns import Asked, Noun, Sort, lookup
from bigpandamon_core.domain.request_window import WindowRules

NARROWING = ("jeditaskid", "datasetid")
"""Of these one must be asked for, or what tells them: indexes begin with them."""
OF_DATASETS = ("datasetid", *datasets.BY_NAME)
_COUNTED = frozenset({"attemptnr", "failedattempt"})
_TEXTS = tuple("lfn guid scope checksum".split())
_STATES = tuple("status procstatus type".split())
_NUMBERS = tuple(
    """pandaid outpandaid jobsetid attemptnr failedattempt maxattempt maxfailure nevents startevent endevent
    firstevent boundaryid lumiblocknr fsize ramcount keeptrack""".split()
)


def _few(column: str, value: str) -> Condition:
    """One whole number or a list of as many as one statement binds; "Not specified" for absent ones."""
    rules.split(value, "|,")
    return rules.integers(column, value)


FIELDS = (
    Field("jeditaskid", "Tasks.", Kind.INTEGER, rule=datasets.numbers),
    Field("datasetid", "Numbers of data sets.", Kind.INTEGER, rule=datasets.numbers),
    Field("fileid", "Numbers of files within the task.", Kind.INTEGER, rule=datasets.numbers),
    *(
        Field(name, f"Column {name} of the file, one or a list.", rule=rules.exact_comma_list, counted=True)
        for name in _STATES
    ),
    *(Field(name, f"Column {name} of the file.", rule=rules.exact_or("*!|")) for name in _TEXTS),
    *(
        Field(name, f"Column {name} of the file.", Kind.INTEGER, rule=_few, counted=name in _COUNTED)
        for name in _NUMBERS
    ),
)  # fmt: skip


def noun(more_fields: tuple[Field, ...] = ()) -> Noun:
    """Files of data sets, whatever their age."""
    return Noun(
        name="files",
        fields=(*FIELDS, *more_fields),
        window=WindowRules(0, time_columns=()),
        sorts={},
        default_sort=(Sort("fileid"),),
        keys=("fileid", "datasetid", "jeditaskid"),
        combined=_of_datasets,
    )


def _of_datasets(parameters: Mapping[str, str]) -> tuple[list[Asked], set[str]]:
    """Data sets are first looked up: another table knows their names, and the task that each belongs to."""
    given = {name: parameters[name] for name in OF_DATASETS if name in parameters}
    if not given:
        return [], set()
    within = {name: parameters[name] for name in ("jeditaskid",) if name in parameters}
    datasets.wanted(given | within)
    first, *others = given
    found = lookup("files_of_datasets", "datasetid", **given, **within)
    return [Asked(first, given[first], found, tuple(others))], set(given)
