"""Jobs of a selection: the one place where their rows, counts and errors are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

from bigpandamon_core.domain import error_rules
from bigpandamon_core.domain.by_column import ByColumn, in_lots, records
from bigpandamon_core.domain.cursors import OF_THE_ROW, write_cursor
from bigpandamon_core.domain.error_codes import CATEGORIES, published
from bigpandamon_core.domain.fields import Field
from bigpandamon_core.domain.job_columns import INTEGERS
from bigpandamon_core.domain.job_errors import BY_NAME, errors_of
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.nouns import Noun, Sort
from bigpandamon_core.domain.parameters import SHOWN, as_given
from bigpandamon_core.domain.people import NAMELESS, Person, first_word, person
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.payloads import job_facets, scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.job_days import Days, Wanted
from bigpandamon_core.payloads.selected import Selected
from bigpandamon_core.queries import errors as error_queries
from bigpandamon_core.queries import job_counts, job_order, job_pages
from bigpandamon_core.queries import jobs as job_queries
from bigpandamon_core.queries.job_counts import Asked, Counting
from bigpandamon_core.queries.job_doubles import OlderRows
from bigpandamon_core.sources.reading import snapshot
from bigpandamon_core.summaries.jobs import Attribute, ErrorCount, Tally, told_as

NEWEST = Sort("modificationtime", descending=True)


class Jobs(Selected):
    """The answer to a question about jobs. Parts are computed when asked for, each once.

    Raises:
        Problem: from the constructor, when the request cannot be read.
    """

    def __init__(self, call: Call, noun: Noun | None = None):
        """noun: as requests see jobs there, where that differs."""
        super().__init__(call, scope.selection(call, call.parameters, call.strict, noun))
        self.source = job_facets.Source(job_facets.SQL, call.now)

    @cached_property
    def tally(self) -> Tally | Counted:
        """All jobs of the selection counted, whatever `limit` says."""
        self._note_absent()
        return self.facets or self._in_sql()

    @cached_property
    def facets(self) -> Counted | None:
        """The same where facets can tell; looking does not count in the PanDA database."""
        found, self.source = job_facets.counted(
            self.call, self.selection, self._fields, self.sums_up_all_states
        )
        return found

    @property
    def _fields(self) -> tuple[Field, ...]:
        return (*COUNTED, *(field for field in self.call.more_fields.get("jobs", ()) if field.counted))

    @cached_property
    def older_rows(self) -> OlderRows:
        """Shared by all that is counted for this answer."""
        return OlderRows()

    def _in_sql(self) -> Tally:
        wanted = self.to_count()
        Days(self.call, [wanted], self.older_rows).count()
        return self.counted(wanted)

    def to_count(self) -> Wanted:
        """What is counted where only the database can tell."""
        self._note_absent()
        return Wanted(self.selection, self._no_jobs, f"{self.sums_up_all_states}")

    def _no_jobs(self) -> Tally:
        return Tally(self._fields, self.sums_up_all_states)

    def counted(self, wanted: Wanted) -> Tally:
        """That count once it is known; says where it was cut."""
        total = wanted.whole.total
        self.source = replace(self.source, kept_days=wanted.found)
        if wanted.truncated:
            again = f", or again: {wanted.kept} more closed days are known now" if wanted.kept else ""
            self.truncated = f"counting stopped at {total:,} jobs: ask for a shorter window{again}"
        return wanted.whole

    def _note_absent(self) -> None:
        """What belongs to the answer and is not there. It is found out with the answer, not with the
        question: for a kept answer the database is not asked."""
        for what in job_queries.left_out(self.selection, self.call.now):
            self.lack(what)

    @property
    def sums_up_all_states(self) -> bool:
        """Requests for test jobs get the errors of jobs in every state."""
        return "test" in self.selection.get("prodsourcelabel")

    def page(self, columns: tuple[str, ...], limit: int) -> list[dict[str, Any]]:
        """The first rows in the selection's order after its cursor, personal data taken out. Each carries the
        cursor of the place after it as `_cursor`."""
        self._note_absent()
        ordering = job_order.sort_columns(self.selection)
        wanted = tuple(dict.fromkeys((*columns, *ordering, *job_queries.PERSON)))
        near, known = self._near(limit), self.older_rows
        with snapshot():
            rows = job_pages.page(near, wanted, limit, self.call.now, known) if near else []
            if len(rows) < limit or (near and not _all_since(near, rows)):
                rows = job_pages.page(self.selection, wanted, limit, self.call.now, known)
        places = [job_order.sort_value(row, self.selection.sort[0]) for row in rows]
        told = map(self.call.privacy.row, rows)
        return [row | {"_cursor": self._cursor(row, value)} for row, value in zip(told, places, strict=True)]

    def _near(self, limit: int) -> Selection | None:
        """The selection since when facets know that many of its jobs: what is newest is read there without
        looking at all of the window."""
        window, sort = self.selection.window, self.selection.sort[0]
        if window is None or window.column != NEWEST.column or sort != NEWEST or self.selection.after:
            return None
        begin = self.facets.newest(limit) if self.facets else None
        return replace(self.selection, window=replace(window, begin=begin)) if begin else None

    def _cursor(self, row: dict[str, Any], value: Any) -> str:
        """A value of which the caller may see but a part stays here: the cursor names the job instead."""
        shown = job_order.sort_value(row, self.selection.sort[0]) == value
        return write_cursor(value if shown else OF_THE_ROW, row["pandaid"])

    def _told(self, rows: ByColumn) -> ByColumn:
        """Jobs without what the caller may not see. `_owner`: whom one belongs to, for what it goes with."""
        owners = [*map(person, rows["produsername"], rows["produserid"])]
        return self.call.privacy.together(rows, owners) | {"_owner": owners}

    def count(self) -> int:
        """How many jobs the selection has."""
        self._note_absent()
        if self.facets:
            return self.facets.total
        with snapshot():
            return sum(job_counts.states(self.selection, self.call.now).values())

    def rows(self, columns: tuple[str, ...], limit: int | None) -> Iterator[dict[str, Any]]:
        """Rows as they arrive, in flat memory; the user is always read, for texts may hold the name.

        limit: None for all.
        """
        for rows in self.together(columns, limit):
            yield from records(rows)

    def together(
        self, columns: tuple[str, ...], limit: int | None, most: int = job_pages.TOGETHER
    ) -> Iterator[ByColumn]:
        """The same, `most` rows at once."""
        self._note_absent()
        wanted = tuple(dict.fromkeys((*columns, *job_queries.PERSON)))
        selection, now = self.selection, self.call.now
        rows = job_pages.together(selection, wanted, limit, now, self.older_rows, most)
        yield from map(self._told, rows)

    def in_bulk(self, columns: tuple[str, ...], most: int = 200_000) -> Iterator[dict[str, Any]]:
        """A few columns of all jobs, each job once, by a few statements and held in memory, in no order: for
        what is counted of several columns at once. `truncated` says what `most`, which is for how much memory
        one answer may take, or the option panda.row_cap cut."""
        self._note_absent()
        wanted = tuple(dict.fromkeys(("pandaid", *columns, *job_queries.PERSON)))
        left = min(most, self.call.option("panda.row_cap"))
        counting = Counting([Asked(self.selection)], wanted, self.call.now, left, self.older_rows)
        found: dict[tuple[Any, ...], None] = {}
        with snapshot():
            for _, sign, rows in counting.chunks():
                if sign > 0:
                    found.update(dict.fromkeys(rows))
                else:
                    for row in rows:
                        found.pop(row, None)
        if counting.truncated:
            self.truncated = f"reading stopped at {len(found):,} jobs: ask for a shorter window"
        told = map(self._told, in_lots(wanted, found, job_pages.TOGETHER))
        return chain.from_iterable(map(records, told))

    @cached_property
    def errors(self) -> list[ErrorCount]:
        """The errors summed up, each with a job that has it."""
        return [
            error if error.example_pandaid else replace(error, example_pandaid=self._example(error))
            for error in self.tally.errors()
        ]

    def parameters_of(self, error: ErrorCount) -> dict[str, str]:
        """What a request says for the jobs counted for an error: those with its code whose errors are summed
        up."""
        asked = {BY_NAME[error.component].code + SHOWN: str(error.code)}
        if error.component == "taskbuffer":
            asked["superrorcode" + SHOWN] = NOT_SPECIFIED
        return asked if self.sums_up_all_states else asked | {"witherrors": "1"}

    def _example(self, error: ErrorCount) -> int:
        """The newest job with an error, asked for; 0 if there is none any more."""
        asked = dict(self.selection.parameters) | self.parameters_of(error) | {"sort": "-pandaid"}
        asked.pop("after", None)
        selection = scope.selection(self.call, as_given(asked.items()))
        with snapshot():
            rows = job_pages.page(selection, ("pandaid",), 1, self.call.now)
        return int(rows[0]["pandaid"]) if rows else 0

    @cached_property
    def attributes(self) -> list[Attribute]:
        """Every counted field with its values as the caller may see them."""
        return [self._as_seen(attribute) for attribute in self.tally.attributes()]

    def _as_seen(self, attribute: Attribute) -> Attribute:
        column, tell = attribute.field.source, self.call.privacy.value
        if column in INTEGERS:
            return attribute
        texts = [one.value for one in attribute.values if isinstance(one.value, str)]
        told = {text: tell(column, text, *self._named_in(column, text)) for text in texts}
        differs = any(text != stored for stored, text in told.items())
        return told_as(attribute, lambda value: told.get(value, value)) if differs else attribute

    def _named_in(self, column: str, value: str) -> list[Person]:
        """The users of the jobs counted whom a text may name."""
        if not self.call.privacy.hides_names or column in NAMELESS:
            return []
        lowered = value.lower()
        return [person for word, person in self._people if word in lowered]

    @cached_property
    def _people(self) -> list[tuple[str, Person]]:
        """Every user of the jobs counted, with a word that a text must hold to name them."""
        users = next(one.values for one in self.tally.attributes() if one.field.name == "produsername")
        names = [str(user.value) for user in users if user.value != NOT_SPECIFIED]
        return [(first_word(name), Person(name)) for name in names]

    @cached_property
    def examples(self) -> dict[str, str]:
        """The text that the example of each error has for it, by the error's key."""
        wanted = sorted({error.example_pandaid for error in self.errors})
        tables = job_queries.read_for(self.selection, self.call.now)
        texts = {
            (row["pandaid"], error.key): error.diag
            for row in map(self.call.privacy.row, job_queries.some(wanted, tables=tables))
            for error in errors_of(row)
            if error.diag
        }
        return {error.key: texts.get((error.example_pandaid, error.key), "") for error in self.errors}

    @cached_property
    def meanings(self) -> dict[tuple[str, int | str], dict[str, Any]]:
        """What codes mean: the database's own descriptions over the published list."""
        return meanings(self.call, self.optional("error descriptions", error_queries.descriptions, []))


def count_together(several: Sequence[Jobs]) -> None:
    """What the database must count of several selections, by one count; each then has its tally."""
    counted = [(jobs, jobs.to_count()) for jobs in several if not jobs.facets]
    if not counted:
        return
    older_rows = OlderRows()
    for jobs, _ in counted:
        jobs.older_rows = older_rows
    Days(several[0].call, [wanted for _, wanted in counted], older_rows).count()
    for jobs, wanted in counted:
        jobs.tally = jobs.counted(wanted)


def _all_since(near: Selection, rows: list[dict[str, Any]]) -> bool:
    """Whether all rows are of the window: live ones need not be, and may stand in for others before it."""
    times = (row[NEWEST.column] for row in rows)
    return near.window is not None and all(time is not None and time >= near.window.begin for time in times)


def meanings(call: Call, stored: list[dict[str, Any]]) -> dict[tuple[str, int | str], dict[str, Any]]:
    """{"acronym", "description", "category"} by component and code. stored: those of the database."""
    names = {component.table_name: name for name, component in BY_NAME.items()}
    told = {**published(), **error_rules.meanings(call.error_rules)}
    found: dict[tuple[str, int | str], dict[str, Any]] = {
        key: {"acronym": acronym, "description": description, "category": 0}
        for key, (acronym, description) in told.items()
    }
    for row in stored:
        key = names.get(row["component"], row["component"]), row["code"]
        found[key] = {
            "acronym": row["acronym"] or "",
            "description": row["description"] or row["diagnostics"] or "",
            "category": row["category"] or 0,
        }
    return found


def category_of(meaning: dict[str, Any] | None) -> dict[str, Any]:
    number = meaning["category"] if meaning else 0
    return {"id": number, "name": CATEGORIES.get(number, "")}
