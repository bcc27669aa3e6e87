"""One data set of a task: how far it is, what its files are, which other tasks use it."""

from collections import Counter
from functools import cached_property
from typing import Any

from bigpandamon_core.domain import datasets as rules
from bigpandamon_core.domain import file_requests
from bigpandamon_core.domain.parameters import check_whole_numbers, clean
from bigpandamon_core.domain.people import asks_for_subject
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.unaskable import personal
from bigpandamon_core.domain.window import iso
from bigpandamon_core.payloads import scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.envelope import plain as with_nulls
from bigpandamon_core.payloads.job_files import with_blank
from bigpandamon_core.payloads.of_tasks import as_told
from bigpandamon_core.payloads.tables import plain
from bigpandamon_core.payloads.task_records import dataset
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import dataset_records, datasets, listing, task_history, tasks

Row = dict[str, Any]
_MAIN_TIMES = ("creationtime", "modificationtime", "statechecktime")
_BY = ("datasetid", "datasetname")


class OneDataset(Unselected):
    """A data set by its number or its name; of several that of the newest task.

    Raises:
        Problem: from the constructor: 400 where none is named.
    """

    def __init__(self, call: Call):
        super().__init__(call)
        found = datasets.newest(rules.wanted(_asked(call)))
        self.stored_name = str(found["datasetname"] or "") if found else ""
        self.row = next(as_told(call, [found])) if found else None

    @property
    def there(self) -> Row:
        """Its columns.

        Raises:
            Problem: there is no such data set (404).
        """
        if self.row is None:
            raise not_found(
                "There is no such data set.",
                "Check the number, or the name: with its scope, as in scope:name, or jeditaskid beside.",
            )
        return self.row

    @cached_property
    def task(self) -> Row | None:
        """Name and state of its task."""
        number = self.there["jeditaskid"]
        found = tasks.some([number], ("taskname", "status", "username")).get(number)
        return self.call.privacy.row(found) if found else None

    @cached_property
    def files(self) -> Counter[str]:
        """Its files by state, as far as they are counted."""
        asked = [(name, str(self.there[name])) for name in file_requests.NARROWING]
        selection = scope.selection(self.call, asked, of=file_requests.noun())
        counts: Counter[str] = Counter()
        for (status,) in listing.values(dataset_records.FILES, selection, ("status",)):
            counts[status or NOT_SPECIFIED] += 1
        return counts

    @cached_property
    def storage(self) -> list[str]:
        number = self.there["jeditaskid"]
        found = self.optional(
            "data set locality", lambda: task_history.storage_of(number), dict[int, list[str]]()
        )
        return found.get(self.there["datasetid"], [])

    @cached_property
    def elsewhere(self) -> list[Row]:
        """The same data set in other tasks, newest first."""
        return list(as_told(self.call, datasets.also_used(self.stored_name, self.there["datasetid"])))


def _asked(call: Call) -> dict[str, str]:
    given = clean(call.parameters)
    check_whole_numbers(given)
    asked = {name: given[name] for name in (*_BY, "jeditaskid") if name in given}
    if not asked.keys() & {*_BY}:
        raise Problem(
            "No datasetname or datasetid provided",
            parameter="datasetid",
            code="missing-parameter",
            remedy="Give datasetid=<number> or datasetname=<scope:name>.",
        )
    name = asked.get("datasetname", "")
    if asks_for_subject(name) or (call.privacy.hides_names and "*" in name):
        raise personal("datasetname", call.privacy)
    return asked


def compatible(found: OneDataset) -> Row | None:
    """`/dataset/` as the BigPanDA JSON API gives it: its columns, or nothing."""
    if found.row is None:
        return None
    main = {name: with_blank(found.row[name]) or None for name in _MAIN_TIMES}
    return dataset(found.row) | main | {"scope": rules.scope_of(str(found.row["datasetname"] or ""))}


def v1(found: OneDataset) -> Row:
    """The data set for `/api/v1`."""
    data = with_nulls({name: plain(value) for name, value in found.there.items()})
    data |= {"files": dict(found.files), "rse": found.storage}
    data["tasks"] = [row["jeditaskid"] for row in found.elsewhere]
    meta = {"as_of": iso(found.call.now), "source": "sql", "missing": found.missing}
    return {"data": data, "meta": meta, "links": {"self": found.call.url}}
