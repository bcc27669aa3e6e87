"""What shift crews noted down: rows of the plugin's own tables, handed in by programs or read from files."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from bigpandamon_core.plugin import (
    ANY,
    Access,
    Action,
    Call,
    Cell,
    Column,
    Done,
    Outcome,
    Problem,
    Record,
    RecordKind,
    Refused,
    Resource,
    Submission,
    Table,
    Unreadable,
    array_records,
    cell,
    csv_records,
    fact,
    fact_groups,
    is_storable,
    json_document,
    ndjson_records,
    now,
    state_cell,
    table,
)
from bigpandamon_demo_vo.models import Answer, Note

COLUMNS = ("made", "text", "answers")
SHOWN = (Column("made", "Made", "time"), Column("text", "Text"), Column("state", "State", "state"))
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


def rows(notes: Notes) -> Table:
    return Table(COLUMNS, notes.rows)


def page(notes: Notes) -> dict[str, Any]:
    answered = sum(1 for one in notes.rows if one["answers"])
    return {
        "title": "Notes",
        "heading": f"The newest {len(notes.rows)} notes",
        "facts": fact_groups(
            {"Notes": [fact("Answered", answered), fact("Open", len(notes.rows) - answered)]}
        ),
        "tables": [
            table("notes", "Notes", SHOWN, map(_told, notes.rows), empty="Nobody has noted anything.")
        ],
        "source": "the monitor's own database",
    }


def _told(row: dict[str, Any]) -> dict[str, Cell]:
    state = ("answered", "finished") if row["answers"] else ("open", "waiting")
    return {
        "made": cell("time", row["made"]),
        "text": cell("text", row["text"]),
        "state": state_cell(*state),
    }


def add(handed_in: Submission) -> Done:
    """Write down the texts of a list.

    Raises:
        Problem: it is none, or one of them is no text that fits; nothing is written then.
    """
    texts = handed_in.body
    if not isinstance(texts, list) or not all(is_storable(one, LONGEST) for one in texts):
        raise Problem("These are no notes", remedy=f"Send a list of texts of up to {LONGEST} letters.")
    Note.objects.bulk_create(Note(made=now(), text=one) for one in texts)
    return Done({"written": len(texts), "by": handed_in.account}, f"{len(texts)} notes", status=201)


class NoteWriter:
    """Stores the notes of a file; one that is known already is not written again."""

    def write(self, records: Sequence[Record]) -> Outcome:
        outcome = Outcome()
        for record in records:
            try:
                is_new = _stored(record)
            except Refused as refused:
                outcome.refused.append(Unreadable(record.place, str(refused)))
            else:
                outcome.added += is_new
                outcome.unchanged += not is_new
        return outcome


def _stored(record: Record) -> bool:
    """Whether it is new. Refused if it has no text that fits."""
    text = str(record.values.get("text") or "")
    if not text or not is_storable(text, LONGEST):
        raise Refused(f"text: 1 to {LONGEST} letters")
    return Note.objects.get_or_create(text=text, defaults={"made": now()})[1]


def of_shift(stream: BinaryIO) -> Iterator[Record | Unreadable]:
    """The notes of a shift by the hour: {"22": "calm"}."""
    try:
        notes = json_document(stream, most_bytes=100_000)
    except Refused as refused:
        yield Unreadable("the file", str(refused))
        return
    yield from (Record(f"hour {hour}", {"text": text}) for hour, text in dict(notes).items())


def writer(_path: Path) -> NoteWriter:
    return NoteWriter()


def recognises(path: Path, record: Record) -> bool:
    return path.stem == "notes" and "text" in record.values


KIND = RecordKind(
    name="demo_vo-notes",
    help="notes of shift crews: CSV with a column text, NDJSON, or JSON with an array notes",
    readers={
        ".ndjson": ndjson_records,
        ".json": array_records("notes"),
        ".shift": of_shift,
        ANY: csv_records,
    },
    writer=writer,
    recognises=recognises,
)
NOTES = Resource(
    name="demo_vo-notes",
    path="demo_vo/notes/",
    help="Notes of the shift crews.",
    access=Access.READ,
    build=Notes,
    formats={"html": page, "json": plain, "csv": rows},
    template="demo_vo/notes.html",
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
