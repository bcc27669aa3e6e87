"""Reading what error codes mean."""

from typing import Any

from bigpandamon_core.panda.errors import ErrorDescriptions
from bigpandamon_core.sources.reading import ALIAS, declare, dicts

ALL = declare("errors.descriptions", "The descriptions of all error codes.", cap=10_000)
COLUMNS = ("component", "code", "acronym", "diagnostics", "description", "category")


def descriptions() -> list[dict[str, Any]]:
    return dicts(ALL, ErrorDescriptions.objects.using(ALIAS).all()[: ALL.cap], COLUMNS)
