"""What requests about data sets of tasks may say. Rules from the BigPanDA JSON API."""

from bigpandamon_core.domain import rules
from bigpandamon_core.domain.datasets import named, numbers, spelled
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.nouns import Noun, Sort
from bigpandamon_core.domain.request_window import WindowRules

NARROWING = ("jeditaskid", "containername")
"""Of these one must be asked for: indexes begin with them."""
_COUNTED = frozenset({"type", "status", "streamname", "site"})
_TEXTS = tuple("type status streamname state vo cloud site destination storagetoken attributes".split())
_NUMBERS = tuple(
    """masterid provenanceid templateid nfiles nfilestobeused nfilesused nfilesfinished nfilesfailed
    nfilesonhold nfileswaiting nfilesmissing nevents neventstobeused neventsused""".split()
)
FIELDS = (
    Field("jeditaskid", "Tasks.", Kind.INTEGER, rule=numbers),
    Field("datasetid", "Numbers of data sets.", Kind.INTEGER, rule=numbers),
    Field("datasetname", "Name to the letter, * for anything, whatever its scope.", rule=named),
    Field("containername", "Container, its whole name.", rule=spelled),
    *(
        Field(name, f"Column {name} of the data set.", rule=rules.exact_or("*!|"), counted=name in _COUNTED)
        for name in _TEXTS
    ),
    *(Field(name, f"Column {name} of the data set.", Kind.INTEGER) for name in _NUMBERS),
)


def noun(more_fields: tuple[Field, ...] = ()) -> Noun:
    """Data sets, whatever their age."""
    return Noun(
        name="datasets",
        fields=(*FIELDS, *more_fields),
        window=WindowRules(0, time_columns=()),
        sorts={},
        default_sort=(Sort("datasetid"),),
        keys=("datasetid", "jeditaskid"),
    )
