"""`/filebrowser/`: the files in the log of a job, and each as text."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO
from urllib.parse import urlencode

from bigpandamon_core.domain import fetching, job_logs
from bigpandamon_core.domain.charsets import text_of
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.domain.job_logs import Pattern
from bigpandamon_core.domain.parameters import integer, refuse_illegal
from bigpandamon_core.domain.people import person_of
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.states import shown_state
from bigpandamon_core.payloads import elsewhere, scope
from bigpandamon_core.payloads.call import Call, Text
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.payloads.tables import Fact, fact, table
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import files
from bigpandamon_core.sources import archives, log_folders
from bigpandamon_core.sources.archives import Caps, Log, Member, Unreadable
from bigpandamon_core.sources.log_folders import NotHad

MB = 1_000_000
NO_FILE = "No such log file found in tarball"
"""As programs know it."""
OTHERS = "The list without filename tells which files are shown."
WHERE_IT_LIES = "A log that is too large, broken or no archive can only be read where it lies."
NO_PROVIDER = "Its operator can name folders and servers that have logs (job_logs in the configuration)."
_COLUMNS = (
    Column("name", "File", "text", ""),
    Column("folder", "Folder", "text", ""),
    Column("modified", "Modified, UTC", "time", ""),
    Column("size", "Bytes", "number", ""),
    Column("refused", "Not shown", "text", ""),
)
Inside = tuple[Log, tuple[Member, ...]]
Read = Callable[[Pattern, str, BinaryIO], BinaryIO]


def provided(call: Call) -> bool:
    """Whether it is known where logs lie."""
    return bool(call.option("job_logs.folders") or call.option("job_logs.urls"))


class JobLog(Unselected):
    """The log of a job.

    Raises:
        Problem: from the constructor: 400 without a number of a job, 404 where there is no such job or it is
            outside the caller's scope.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        given = call.parameter("pandaid")
        if not given:
            remedy = "Give pandaid=<number>."
            raise Problem("No job is named", parameter="pandaid", code="missing-parameter", remedy=remedy)
        self.pandaid = integer(given, "pandaid")
        self.filename = call.parameter("filename")
        refuse_illegal("filename", self.filename)
        row = scope.one_job(call, self.pandaid)
        if row is None:
            raise not_found(f"There is no job {self.pandaid}.", "Check the number.")
        self._owner = person_of(row)
        self._task = row["jeditaskid"]
        self.state = shown_state(row["jobstatus"], row["jobsubstatus"])
        self.queue = row["computingsite"]
        mb = (call.option("job_logs.archive_mb") * MB, call.option("job_logs.file_mb") * MB)
        self._caps = Caps(*mb)

    def told(self, text: str) -> str:
        """A text that may name the user, as the caller may see it."""
        return self.call.privacy.text(text, self._owner)

    def members(self) -> tuple[Member, ...]:
        """Raises Problem: 400, the log cannot be had."""
        with self._opened() as (_, found):
            return found

    def text(self) -> Text:
        """The file that is asked for, by its name or with its folder.

        Raises:
            Problem: 400, the log cannot be had, or the file not shown; 404, there is no such file.
        """
        with self._opened() as (log, found):
            member = self._named(found)
            if member is None:
                raise not_found(NO_FILE, "The names are in the list without filename.")
            if member.refused:
                raise _not_had(f"{self.filename[:200]} is not shown: {member.refused}.", OTHERS)
            try:
                content = archives.content(log, member, self._caps)
            except Unreadable as error:
                raise _not_had(f"{self.filename[:200]} is not shown: {error}.", OTHERS) from error
        return Text(self.told(text_of(content)))

    def _named(self, members: tuple[Member, ...]) -> Member | None:
        """That with this path, else the first of this name."""
        by_path = [member for member in members if self.told(member.path) == self.filename]
        by_name = [member for member in members if self.told(member.name) == self.filename]
        return next(iter(by_path + by_name), None)

    @contextmanager
    def _opened(self) -> Iterator[Inside]:
        with TemporaryFile() as room:
            file, name = self._had(room)
            with closing(file):
                try:
                    with archives.opened(file, name, self._caps) as found:
                        yield found
                except Unreadable as error:
                    what = f"The log of job {self.pandaid} cannot be had: {error}."
                    raise _not_had(what, WHERE_IT_LIES) from error

    def _had(self, room: BinaryIO) -> tuple[BinaryIO, str]:
        """The log and the name it came under, of the first place that has it. room: for what is fetched."""
        values, why = self._values(), []
        for text, read in self._places():
            pattern = job_logs.pattern(text)
            below = job_logs.filled(pattern, values)
            if not below:
                why.append("the job does not tell all by which it is found")
                continue
            try:
                return read(pattern, below, room), below.rpartition("/")[2]
            except NotHad as error:
                why.append(str(error))
        reasons = "; ".join(dict.fromkeys(why)) or "nobody has told where logs lie"
        raise _not_had(f"The log of job {self.pandaid} cannot be had: {reasons}.", "" if why else NO_PROVIDER)

    def _places(self) -> Iterator[tuple[str, Read]]:
        yield from ((text, self._in_folder) for text in self.call.option("job_logs.folders"))
        yield from ((text, self._fetched) for text in self.call.option("job_logs.urls"))

    def _values(self) -> dict[str, Any]:
        """What fills the fields of patterns."""
        listed = self.optional("files", lambda: files.of_job(self.pandaid), list[dict[str, Any]]())
        log: dict[str, Any] = next((file for file in listed if file["type"] == "log"), {})
        return {
            "pandaid": self.pandaid,
            "jeditaskid": self._task,
            **{name: log.get(name) for name in ("lfn", "scope", "guid")},
            "destination": log.get("destinationse"),
            "dataset": log.get("destinationdblock"),
        }

    def _in_folder(self, pattern: Pattern, below: str, _room: BinaryIO) -> BinaryIO:
        return log_folders.opened(Path(pattern.base), below, self._caps.archive_bytes)

    def _fetched(self, pattern: Pattern, below: str, room: BinaryIO) -> BinaryIO:
        base = fetching.base(pattern.base)
        room.seek(0)
        room.truncate()
        within = elsewhere.limits(self.call, self.call.option("job_logs.archive_mb"))
        try:
            elsewhere.fetched(base, fetching.below(base, below), "*/*", within, room)
        except fetching.Refused as error:
            raise NotHad(str(error)) from error
        except Problem as problem:
            if problem.status == 503:
                raise
            raise NotHad(problem.what.rstrip(".")) from problem
        room.seek(0)
        return room


def _not_had(what: str, remedy: str = "") -> Problem:
    return Problem(what, remedy=remedy or "Logs are kept for a while only; try later.", code="no-log")


def compatible(log: JobLog) -> dict[str, Any] | Text:
    """The list that programs know; what is not shown has no link. With a file's name, that."""
    if log.filename:
        return log.text()
    return {"error": "", "files": [_told(log, member) for member in log.members()]}


def _told(log: JobLog, member: Member) -> dict[str, Any]:
    return {
        "name": log.told(member.name),
        "dirname": log.told(member.folder),
        "modification": f"{member.modified:%Y-%m-%d %H:%M:%S}" if member.modified else "",
        "size": member.size,
        "media_link": "" if member.refused else _url(log, member),
    }


def _url(log: JobLog, member: Member) -> str:
    return f"{log.call.url}?{urlencode({'pandaid': log.pandaid, 'filename': log.told(member.path)})}"


def shape(log: JobLog) -> dict[str, Any] | Text:
    """The context of the page; with a file's name, that."""
    if log.filename:
        return log.text()
    members = log.members()
    rows = [_row(log, member) for member in members]
    files_told = f"{len(members)} file{'' if len(members) == 1 else 's'}"
    return {
        "title": f"Log of job {log.pandaid}",
        "heading": f"Log of job {log.pandaid}",
        "window": None,
        "tables": [table("files", "Files", _COLUMNS, rows, sub=files_told, empty="The log holds no file.")],
        "facts": [{"title": "Job", "rows": _facts(log)}],
        "ignored": log.ignored,
        "notes": log.lacking,
        "source": "the log of the job",
        "links": {"json": f"{log.call.url}?pandaid={log.pandaid}&json"},
    }


def _facts(log: JobLog) -> list[Fact]:
    return [
        fact("Job", log.pandaid, f"{log.call.root}job/{log.pandaid}/"),
        fact("State", log.state),
        fact("Queue", log.queue),
    ]


def _row(log: JobLog, member: Member) -> dict[str, Any]:
    return {
        "name": cell("text", log.told(member.name), "" if member.refused else _url(log, member)),
        "folder": log.told(member.folder),
        "modified": member.modified,
        "size": member.size,
        "refused": member.refused,
    }
