"""What a page is about, from what is declared: a sentence, what it counts, and where all of it is told."""

from typing import Any

from bigpandamon_core.sections.parameters import noun_of
from bigpandamon_core.sections.registry import API_PREFIX, Mounted


def about(mounted: Mounted, root: str) -> dict[str, Any]:
    """root: address of the start page. terms: the fields by which records are counted there."""
    noun = noun_of(mounted)
    counted = [field for field in noun.fields if field.counted and field.help] if noun else []
    return {
        "text": mounted.resource.help,
        "terms": [{"name": field.name, "description": field.help} for field in counted],
        "reference": f"{root}{API_PREFIX}" + (f"#{noun.name}" if noun else ""),
        "noun": noun.name if noun else "",
    }
