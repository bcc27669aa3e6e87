"""The parameters of a resource, in one list: those of its noun's fields, of its window, and its own."""

from collections.abc import Iterator

from bigpandamon_core.domain.catalogue import NOUNS
from bigpandamon_core.domain.fields import Field, Kind
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.domain.parameters import SHOWN
from bigpandamon_core.sections.registry import Mounted
from bigpandamon_core.sections.types import Parameter

AS_COUNTED = f" As counted in summaries: {{}}{SHOWN}=<value as shown>, given several times any of them."
KINDS = {Kind.TEXT: "text", Kind.INTEGER: "integers", Kind.NUMBER: "number", Kind.TIME: "text"}
WINDOW = (
    Parameter("hours", "Length of the window in hours, ending now.", "count"),
    Parameter("days", "Length of the window in days; wins over hours.", "count"),
    Parameter("date_from", "Begin of the window, UTC, e.g. 2026-11-19T10:00.", "moment"),
    Parameter("date_to", "End of the window, UTC.", "moment"),
    Parameter("earlierthan", "Moves the end of the window back by hours.", "integer"),
    Parameter("earlierthandays", "Moves the end of the window back by days.", "integer"),
    Parameter("active", "all: live records are shown whatever their age."),
)
LOOKUPS = (
    Parameter("datasetid", "Jobs that used a data set of the task (with jeditaskid).", "integer"),
    Parameter("fileid", "Jobs that used a file of the task (with jeditaskid).", "integer"),
    Parameter("unfinishedfiles", "1: jobs whose input is not finished (with jeditaskid).", "integer"),
    Parameter("workerid", "Jobs that a worker ran.", "integer"),
    Parameter("harvesterid", "Jobs of an instance's workers."),
    Parameter("harvesterce", "Jobs of a gateway's workers."),
    Parameter("taskname", "Jobs of the tasks so named."),
    Parameter("region", "Jobs on the queues of a cloud."),
    Parameter("site", "Jobs on the queues of a site."),
    Parameter("errorcategory", "Jobs with an error of a category.", "integer"),
)


def noun_of(mounted: Mounted) -> Noun | None:
    """The noun of a resource as requests see it there, None if it has none."""
    if mounted.resource.noun not in NOUNS:
        return None
    name = mounted.resource.noun
    return NOUNS[name](more_fields=mounted.fields_for(personal=False).get(name, ()))


def parameters_of(mounted: Mounted) -> tuple[Parameter, ...]:
    """Every parameter the resource understands, its own first."""
    noun = noun_of(mounted)
    lookups = LOOKUPS if noun and noun.name == "jobs" else ()
    window = WINDOW if noun and noun.window.time_columns else ()
    of_noun = (*window, *lookups, *_fields(noun), *_ranges(noun)) if noun else ()
    return tuple({one.name: one for one in (*of_noun, *mounted.resource.parameters)}.values())


def _fields(noun: Noun) -> Iterator[Parameter]:
    for field in noun.fields:
        yield Parameter(field.name, _told(field), KINDS[field.kind] if field.rule is None else "text")


def _told(field: Field) -> str:
    words = field.values or field.words
    listed = f" Words: {', '.join(words)}." if words else ""
    return field.help + listed + (AS_COUNTED.format(field.name) if field.counted else "")


def _ranges(noun: Noun) -> Iterator[Parameter]:
    for column in noun.window.time_columns:
        yield Parameter(
            f"{column}range", f"Replaces the window: {column} between two moments, FROM|TO.", "range"
        )
