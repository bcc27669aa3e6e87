"""Reading data sets of tasks and their files as lists of records."""

from django.db.models import F

from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.queries import listing
from bigpandamon_core.queries.chunks import chunks_by_id
from bigpandamon_core.queries.order import CodePoints
from bigpandamon_core.sources.reading import count, declare

DATASETS = listing.listed("datasets", JediDatasets, ("datasetid", "jeditaskid"), "Data sets")
FILES = listing.listed("files", JediDatasetContents, ("fileid", "datasetid", "jeditaskid"), "Files of tasks")
NAMES = declare("files.names", "How many names files of tasks have.", binds=("selection",))


def how_many_names(selection: Selection) -> int:
    """Different names among the files of a selection that lists no more than one statement binds."""
    [whole] = chunks_by_id(selection)
    names = listing.selected(FILES, whole).annotate(_name=CodePoints(F("lfn"))).order_by()
    return count(NAMES, names.values("_name").distinct())
