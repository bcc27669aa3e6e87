"""What the answers must be, computed by the database alone: no time counts before they agree."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from benchmarks.service import Service

TABLES = ("jobsdefined4", "jobsactive4", "jobsarchived4")
ATTRIBUTES = ("computingsite", "cloud", "jeditaskid", "produsername", "gshare", "attemptnr", "corecount")
"""Compared attributes that are shown as they are stored (corecount: one core where none is told)."""
CODES = {"pilot": "piloterrorcode", "dataservice": "ddmerrorcode", "executor": "exeerrorcode"}
ERRORS_TOLD = """jobstatus IN ('failed', 'holding') AND COALESCE(jobsubstatus, '') <> 'fg_partial'
    OR jobsubstatus = 'fg_stumble'"""
NOT_SPECIFIED = "Not specified"


class WrongAnswer(Exception):
    """An answer differs from what the database says; the message tells which and how."""


@dataclass(frozen=True)
class Window:
    """Both ends inclusive, as `YYYY-MM-DD HH:MM:SS`."""

    begin: str
    end: str

    @property
    def condition(self) -> str:
        return f"modificationtime >= '{self.begin}' AND modificationtime <= '{self.end}'"

    @property
    def query(self) -> str:
        return urlencode({"date_from": self.begin.replace(" ", "T"), "date_to": self.end.replace(" ", "T")})


class Truth:
    """Answers of the database within one window."""

    def __init__(self, connection: Any, window: Window):
        self.connection = connection
        self.window = window

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        cursor = self.connection.cursor()
        cursor.execute(statement)
        return list(cursor.fetchall())

    def where(self, condition: str = "") -> str:
        """The window, and what else is asked of a row."""
        return f"{self.window.condition} AND {condition}" if condition else self.window.condition

    def counts(self, column: str, condition: str = "") -> Counter[str]:
        """Jobs by value over all tables; NULL and empty text are one."""
        found: Counter[str] = Counter()
        wanted = self.where(condition)
        for table in TABLES:
            statement = f"SELECT {column}, COUNT(*) FROM {table} WHERE {wanted} GROUP BY {column}"
            for value, jobs in self.rows(statement):
                found[NOT_SPECIFIED if value in (None, "") else str(value)] += jobs
        return found

    def errors(self) -> Counter[str]:
        """Errors of jobs with the components above, by component:code."""
        found: Counter[str] = Counter()
        for component, column in CODES.items():
            counted = self.counts(column, f"({ERRORS_TOLD}) AND {column} <> 0")
            found.update({f"{component}:{code}": jobs for code, jobs in counted.items()})
        return found

    def refuse_doubles(self) -> None:
        """The statements above count rows: that is right only while no job is in two tables."""
        for first, second in (TABLES[:2], TABLES[1:], TABLES[::2]):
            twice = f"SELECT COUNT(*) FROM {first} WHERE pandaid IN (SELECT pandaid FROM {second})"
            if self.rows(twice)[0][0]:
                raise WrongAnswer(f"jobs are in {first} and {second}: the truth cannot be told by SQL alone")


def latest(connection: Any, hours: int) -> Window:
    """The window that ends with the last change there is."""
    cursor = connection.cursor()
    cursor.execute("SELECT MAX(modificationtime) FROM jobsarchived4")
    end = datetime.fromisoformat(str(cursor.fetchone()[0])).replace(microsecond=0)
    return Window(str(end - timedelta(hours=hours)), str(end))


def compare(service: Service, truth: Truth) -> int:
    """Raises WrongAnswer unless JSON, page and API agree with the database. Returns the number of jobs."""
    truth.refuse_doubles()
    told = json.loads(service.get(f"/jobs/?{truth.window.query}&json&limit=3").plain)
    attributes = {
        each["field"]: Counter({str(value["kname"]): value["kvalue"] for value in each["list"]})
        for each in told["selectionsummary"]
    }
    total = truth.counts("1").total()
    for name in ATTRIBUTES:
        column = f"COALESCE({name}, 1)" if name == "corecount" else name
        same(name, attributes[name], truth.counts(column))
    same("errors", Counter(dict(_of_components(told["errsByCount"]))), truth.errors())
    for name, values in attributes.items():
        same(f"total of {name}", Counter(jobs=values.total()), Counter(jobs=total))
    _same_totals(service, truth, total)
    return total


def _of_components(errors: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    return ((each["error"], each["count"]) for each in errors if each["error"].partition(":")[0] in CODES)


def _same_totals(service: Service, truth: Truth, total: int) -> None:
    page = service.get(f"/jobs/?{truth.window.query}").text
    heading = re.search(r"<h1[^>]*>\s*([\d,]+) jobs", page)
    shown = int(heading[1].replace(",", "")) if heading else -1
    same("heading of the page", Counter(jobs=shown), Counter(jobs=total))
    summary = json.loads(service.get(f"/api/v1/jobs/summary?{truth.window.query}").plain)
    same("/api/v1/jobs/summary", Counter(jobs=summary["data"]["jobs"]), Counter(jobs=total))


def same(what: str, told: Counter[Any], expected: Counter[Any]) -> None:
    """Raises WrongAnswer unless both count the same."""
    if told != expected:
        more, less = (told - expected).most_common(3), (expected - told).most_common(3)
        raise WrongAnswer(f"{what}: told {told.total()} jobs, too many of {more}, too few of {less}")
