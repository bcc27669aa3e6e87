"""What shift crews noted down: rows of the plugin's own tables, handed in by programs or read from files."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bigpandamon_core.plugin import (
    Access,
    Action,
    Call,
    Done,
    Outcome,
    Problem,
    Record,
    RecordKind,
    Resource,
    Submission,
    Table,
    Unreadable,
    csv_records,
    now,
)
from bigpandamon_demo_vo.models import Answer, Note

COLUMNS = ("made", "text", "answers")
MOST = 100
LONGEST = 400


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


def add(handed_in: Submission) -> Done:
    """Write down the texts of a list.

    Raises:
        Problem: it is none, or one of them is no text that fits; nothing is written then.
    """
    texts = handed_in.body
    if not isinstance(texts, list) or not all(isinstance(one, str) and len(one) <= LONGEST for one in texts):
        raise Problem("These are no notes", remedy=f"Send a list of texts of up to {LONGEST} letters.")
    Note.objects.bulk_create(Note(made=now(), text=one) for one in texts)
    return Done({"written": len(texts), "by": handed_in.account}, f"{len(texts)} notes", status=201)


class NoteWriter:
    """Stores the notes of a file; one that is known already is not written again."""

    def write(self, records: Sequence[Record]) -> Outcome:
        outcome = Outcome()
        for record in records:
            text = str(record.values.get("text") or "")
            if not 0 < len(text) <= LONGEST:
                outcome.refused.append(Unreadable(record.place, f"text: 1 to {LONGEST} letters"))
                continue
            _, is_new = Note.objects.get_or_create(text=text, defaults={"made": now()})
            outcome.added += is_new
            outcome.unchanged += not is_new
        return outcome


def writer(_path: Path) -> NoteWriter:
    return NoteWriter()


def recognises(path: Path, record: Record) -> bool:
    return path.stem == "notes" and "text" in record.values


KIND = RecordKind(
    name="demo_vo-notes",
    help="notes of shift crews: CSV with a column text",
    readers={".csv": csv_records},
    writer=writer,
    recognises=recognises,
)
NOTES = Resource(
    name="demo_vo-notes",
    path="demo_vo/notes/",
    help="Notes of the shift crews.",
    access=Access.READ,
    build=Notes,
    formats={"json": plain, "csv": table},
    answer={"type": "object"},
    actions={
        "POST": Action(
            add,
            "Write notes down.",
            Access.OPERATE,
            body={"type": "array", "items": {"type": "string", "maxLength": LONGEST}},
            answer={"type": "object"},
            most_bytes=100_000,
        )
    },
)
