"""`/tasks/` as the BigPanDA JSON API gives it: an array of tasks, each with its datasets."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bigpandamon_core.domain.metadata import parsed
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.people import person_of
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import FINAL, shown_state
from bigpandamon_core.domain.task_requests import BY_NUMBER, NEWEST
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.task_records import READ, columns, computed, dataset, progress
from bigpandamon_core.payloads.tasks import Tasks, percent
from bigpandamon_core.queries import files, listing
from bigpandamon_core.queries import tasks as queries
from bigpandamon_core.queries.job_counts import Asked, Counting
from bigpandamon_core.sources.reading import snapshot

USUAL_LIMIT, LIMIT_BY_FAILURES = 5_000, 50_000
MOST_WITH_METADATA = 100
BATCH = 500
BY_FAILURES = "pctfailed"
Sums = Mapping[str, int]
Row = dict[str, Any]
Additions = Mapping[int, Row]
Addition = Callable[[Tasks, list[int]], Additions]
"""Reads more about some tasks, by number: the keys that each gets."""
_OF_FILES = {"nfiles": "nfiles", "pctfinished": "nfilesfinished", BY_FAILURES: "nfilesfailed"}
"""Words of `sortby` that order by what datasets tell, with the sum each is about."""


def shape(tasks: Tasks) -> Iterator[Row]:
    """The newest tasks of the selection, in the order asked for, a batch of them at a time."""
    numbers = _chosen(tasks)
    extra = set(tasks.selection.get("extra").split(","))
    more = [addition for word, addition in _ADDED.items() if word in extra]
    if len(numbers) > MOST_WITH_METADATA and _metadata in more:
        more.remove(_metadata)
    for start in range(0, len(numbers), BATCH):
        yield from _told(tasks, numbers[start : start + BATCH], more)


def _chosen(tasks: Tasks) -> list[int]:
    """The numbers of the newest tasks, in the order asked for."""
    selection = tasks.selection
    word = selection.get("sortby") if not selection.has("sort") else ""
    usual = LIMIT_BY_FAILURES if word == BY_FAILURES else USUAL_LIMIT
    limit = usual if selection.limit is None else selection.limit
    sort = selection.sort[0] if selection.has("sort", "sortby") and word not in _OF_FILES else BY_NUMBER[0]
    newest = replace(selection, sort=NEWEST, after=None)
    rows = list(listing.stream(queries.TASKS, newest, ("jeditaskid", sort.column), limit))
    if word in _OF_FILES:
        return _by_files([row["jeditaskid"] for row in rows], _OF_FILES[word])
    return [row["jeditaskid"] for row in _sorted(rows, sort)]


def _sorted(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """Absent values last, ties by falling number."""
    there = [row for row in rows if row[sort.column] not in (None, "")]
    there.sort(key=lambda row: row["jeditaskid"], reverse=True)
    there.sort(key=lambda row: row[sort.column], reverse=sort.descending)
    return there + [row for row in rows if row[sort.column] in (None, "")]


def _by_files(numbers: list[int], about: str) -> list[int]:
    """Those with most files, or the largest part of them, first."""
    sums = queries.progress(numbers)

    def rank(number: int) -> tuple[int, int]:
        found = sums.get(number)
        if found is None:
            return 0, number
        files_there = found["nfiles"]
        return files_there if about == "nfiles" else percent(found[about], files_there), number

    return sorted(numbers, key=rank, reverse=True)


def _told(tasks: Tasks, numbers: list[int], more: Sequence[Addition]) -> Iterator[Row]:
    with snapshot():
        rows = queries.some(numbers, READ)
        sums = tasks.optional("datasets", lambda: queries.progress(numbers), dict[int, dict[str, int]]())
        sets = tasks.optional("datasets", lambda: queries.datasets(numbers), dict[int, list[Row]]())
        added = [addition(tasks, numbers) for addition in more]
    for number in numbers:
        if number in rows:
            told = _task(tasks, rows[number], sums.get(number), sets.get(number, []))
            for addition in added:
                told |= addition.get(number, {})
            yield _wanted(told, tasks.selection.fields)


def _wanted(told: Row, fields: tuple[str, ...]) -> Row:
    return {name: told[name] for name in fields if name in told} if fields else told


def without_datasets(tasks: Tasks) -> Iterator[Row]:
    """The same tasks, told without their datasets but for how far they are."""
    return ({name: value for name, value in row.items() if name != "datasets"} for row in shape(tasks))


def _task(tasks: Tasks, row: Row, sums: Sums | None, sets: list[Row]) -> Row:
    owner, tell = person_of(row), tasks.call.privacy.row
    row = tell(row)
    done = progress(sums)
    return (
        columns(row)
        | computed(row, tasks.call.now)
        | done
        | {"dsinfo": done, "datasets": [dataset(tell(one, owner)) for one in sets]}
    )


def _state_counts(tasks: Tasks, numbers: list[int]) -> Additions:
    """Jobs of each task by state, all attempts."""
    found: dict[int, Counter[str]] = {number: Counter() for number in numbers}
    wanted = ("pandaid", "jeditaskid", "jobstatus", "jobsubstatus")
    counting = Counting([Asked(_jobs_of(tasks, numbers))], wanted, tasks.call.now)
    for _, sign, rows in counting.chunks():
        for _, task, state, detail in rows:
            found[task][shown_state(state, detail)] += sign
    return {number: {"job_state_count": dict(+counts)} for number, counts in found.items()}


def _metadata(tasks: Tasks, numbers: list[int]) -> Additions:
    """The metadata of each task's ended jobs, by pandaid; nothing for tasks without any."""
    ended: dict[int, int] = {}
    wanted = ("pandaid", "jeditaskid", "jobstatus")
    counting = Counting([Asked(_jobs_of(tasks, numbers))], wanted, tasks.call.now)
    for _, _, rows in counting.chunks():
        ended |= {pandaid: task for pandaid, task, state in rows if state in FINAL}
    texts = files.metadata_of_jobs(list(ended))
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for pandaid, task in ended.items():
        found[task][str(pandaid)] = tasks.call.privacy.document(parsed(texts.get(pandaid, "")) or {})
    return {task: {"jobs_metadata": documents} for task, documents in found.items()}


def _jobs_of(tasks: Tasks, numbers: list[int]) -> Selection:
    asked = [("jeditaskid", "|".join(map(str, numbers))), ("mode", "nodrop")]
    return scope.selection(tasks.call, asked)


_ADDED: Mapping[str, Addition] = {"jobstatecount": _state_counts, "metastruct": _metadata}
"""By the word of `extra` that asks for it."""
