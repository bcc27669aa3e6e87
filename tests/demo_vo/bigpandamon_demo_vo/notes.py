"""What shift crews noted down: rows of the plugin's own tables."""

from collections import defaultdict
from typing import Any

from bigpandamon_core.plugin import Access, Call, Resource, Table
from bigpandamon_demo_vo.models import Answer, Note

COLUMNS = ("made", "text", "answers")
MOST = 100


class Notes:
    """The newest, with what was replied."""

    def __init__(self, _call: Call):
        found = list(Note.objects.order_by("-made")[:MOST])
        answers = defaultdict[Any, list[str]](list)
        for answer in Answer.objects.filter(note__in=found).select_related("note").order_by("pk"):
            answers[answer.note].append(answer.text)
        self.rows = [{"made": one.made, "text": one.text, "answers": answers[one]} for one in found]


def plain(notes: Notes) -> dict[str, Any]:
    return {"notes": notes.rows}


def table(notes: Notes) -> Table:
    return Table(COLUMNS, notes.rows)


NOTES = Resource(
    name="demo_vo-notes",
    path="demo_vo/notes/",
    help="Notes of the shift crews.",
    access=Access.READ,
    build=Notes,
    formats={"json": plain, "csv": table},
    answer={"type": "object"},
)
