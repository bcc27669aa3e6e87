"""Files of records, imported into the database."""

import csv
import json
import tracemalloc
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bigpandamon_core.demo.importing.files import FileReport, Watcher, import_file
from bigpandamon_core.demo.importing.kinds import by_name
from bigpandamon_core.demo.importing.rows import Row, with_zeros
from bigpandamon_core.demo.importing.writing import Key, RowWriter
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.panda.jobs import Job, JobsActive4, JobsArchived, JobsArchived4
from bigpandamon_core.sources.records import Record, Unreadable
from bigpandamon_core.state.imports import ImportedFile, ImportedJob

pytestmark = pytest.mark.usefixtures("panda", "own")


class Listener(Watcher):
    def __init__(self) -> None:
        self.told: list[str] = []
        self.read_bytes: list[int] = []

    def refused(self, path: Path, refusals: Iterable[Unreadable]) -> None:
        self.told += [f"{refusal.place}: {refusal.reason}" for refusal in refusals]

    def progress(self, report: FileReport, bytes_read: int, size_bytes: int) -> None:
        assert bytes_read <= size_bytes
        self.read_bytes.append(bytes_read)


def imported(path: Path, kind: str = "jobs", watcher: Watcher | None = None) -> FileReport:
    return import_file(by_name(kind), path, watcher or Watcher())


def written(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, dict.fromkeys(name for row in rows for name in row))
        table.writeheader()
        table.writerows(rows)
    return path


def job(pandaid: int, table: type[Job] = JobsArchived) -> dict[str, Any]:
    return dict(table._default_manager.values().get(pandaid=pandaid))


def counts(report: FileReport) -> tuple[int, int, int, int]:
    return report.added, report.completed, report.unchanged, report.refused


def test_incomplete_jobs_are_stored_as_they_are_told(tmp_path):
    report = imported(
        written(tmp_path / "jobs.csv", [{"pandaid": 1, "maxrss": "5.0"}, {"pandaid": 2, "maxrss": ""}])
    )
    assert counts(report) == (2, 0, 0, 0)
    stored = job(1)
    assert (stored["maxrss"], stored["jobstatus"], stored["creationtime"], stored["modificationtime"]) == (
        5, None, None, None,
    )  # fmt: skip
    assert (stored["attemptnr"], stored["nevents"], stored["jeditaskid"]) == (0, None, None)
    assert job(2)["maxrss"] is None


def test_complete_jobs_keep_status_and_times(tmp_path):
    times = {"creationtime": "2016-06-28T13:27:22", "modificationtime": "2016-06-30T05:30:41.0"}
    path = tmp_path / "jobs.ndjson"
    path.write_text(json.dumps({"pandaid": 1, "jobstatus": "merging", "ipconnectivity": "yes  ", **times}))
    imported(path)
    stored = job(1)
    assert (stored["jobstatus"], stored["ipconnectivity"]) == ("merging", "yes")
    assert stored["modificationtime"] == datetime(2016, 6, 30, 5, 30, 41)
    assert stored["creationtime"] == datetime(2016, 6, 28, 13, 27, 22)


def test_refused_rows_are_told_and_the_others_stored(tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("pandaid,maxrss\n1,5\n2,many\n3\n,7\n4,6\n")
    listener = Listener()
    report = imported(path, watcher=listener)
    assert listener.told == [
        "line 3: maxrss: 'many' is not a number",
        "line 4: 1 cells under a header of 2",
        "line 5: no pandaid",
    ]
    assert (report.records, report.imported, report.refused) == (5, 2, 3)
    assert sorted(JobsArchived.objects.values_list("pandaid", flat=True)) == [1, 4]


def test_the_same_file_again_changes_nothing(tmp_path):
    path = written(
        tmp_path / "jobs.csv", [{"pandaid": number, "maxrss": 5, "dbTime": 1.5} for number in range(1, 9)]
    )
    first, second = imported(path), imported(path)
    assert (first.changed_nothing, first.before) == (False, None)
    assert counts(second) == (0, 0, 8, 0)
    assert second.changed_nothing
    assert second.before is not None
    assert second.kept == 0
    assert JobsArchived.objects.count() == 8


def test_a_second_file_fills_what_is_absent(tmp_path):
    imported(written(tmp_path / "short.csv", [{"pandaid": 1, "maxrss": 5, "timeExe": 3}]))
    rows: list[dict[str, Any]] = [
        {"pandaid": 1, "maxrss": 6, "vo": "demo", "timeExe": 4, "timeSetup": 2},
        {"pandaid": 2, "maxrss": 7},
    ]
    report = imported(written(tmp_path / "long.csv", rows))
    assert (counts(report), report.imported, report.kept) == ((1, 1, 0, 0), 2, 1)
    stored = job(1)
    assert (stored["maxrss"], stored["vo"], stored["pilottiming"]) == (5, "demo", "||3||2")


def test_the_order_of_files_does_not_matter(tmp_path, panda):
    short = written(tmp_path / "short.csv", [{"pandaid": 1, "timeExe": 3, "wall_time": 9}])
    status = {"jobstatus": "failed", "piloterrorcode": 1099, "timeSetup": 2, "dbTime": 8}
    long = written(tmp_path / "long.csv", [{"pandaid": 1, "timeExe": 3, **status}])
    imported(short)
    imported(long)
    one_way = job(1)
    panda.clear()
    imported(long)
    imported(short)
    other_way = job(1)
    metrics = [set(stored.pop("jobmetrics").split()) for stored in (one_way, other_way)]
    assert one_way == other_way
    assert metrics == [{"wall_time=9", "dbTime=8"}] * 2
    assert (one_way["piloterrorcode"], one_way["pilottiming"]) == (1099, "||3||2")


def test_a_job_twice_in_one_file_is_one_job(tmp_path):
    rows: list[dict[str, Any]] = [
        {"pandaid": 1, "maxrss": 5, "vo": ""},
        {"pandaid": 1, "maxrss": "", "vo": "demo"},
        {"pandaid": 1, "vo": "x"},
    ]
    report = imported(written(tmp_path / "jobs.csv", rows))
    assert (counts(report), report.kept) == ((1, 1, 1, 0), 1)
    assert (job(1)["maxrss"], job(1)["vo"]) == (5, "demo")


def test_a_job_that_is_in_another_table_is_filled_there(tmp_path, panda):
    panda.job("jobsactive4", pandaid=1, jobstatus="running", maxrss=None)
    report = imported(written(tmp_path / "jobs.csv", [{"pandaid": 1, "jobstatus": "finished", "maxrss": 5}]))
    assert (counts(report), report.kept) == ((0, 1, 0, 0), 1)
    stored = job(1, JobsActive4)
    assert (stored["jobstatus"], stored["maxrss"]) == ("running", 5)
    assert JobsArchived.objects.count() == 0


def test_what_the_database_refuses_is_refused_alone(tmp_path):
    """jobsactive4 has a key: a row written by somebody else between look-up and insert."""
    times = {
        "jobstatus": "running",
        "creationtime": datetime(2026, 1, 1),
        "modificationtime": datetime(2026, 1, 1),
    }

    def blind_to_the_second(record: Record) -> Row:
        return Row(
            JobsActive4,
            {"pandaid": record.values["pandaid"], "jobdefinitionid": record.values["key"], **times},
        )

    writer = RowWriter(
        blind_to_the_second, with_zeros, Key(("jobdefinitionid",), "jobdefinitionid"), (JobsActive4,)
    )
    records = [Record(f"line {number}", {"pandaid": number % 3, "key": number}) for number in range(1, 6)]
    outcome = writer.write(records)
    assert outcome.added == 3
    assert [refusal.place for refusal in outcome.refused] == ["line 4", "line 5"]
    assert "the database refused it" in outcome.refused[0].reason
    assert JobsActive4.objects.count() == 3


def test_fields_without_a_column_are_counted(tmp_path):
    rows = [{"pandaid": 1, "colour": "red"}, {"pandaid": 2, "colour": ""}, {"pandaid": 3, "colour": "blue"}]
    assert imported(written(tmp_path / "jobs.csv", rows)).left_out == {"colour": 2}


def test_origin_and_digest_are_remembered(tmp_path):
    path = written(tmp_path / "jobs.csv", [{"pandaid": 1, "maxrss": "5"}, {"pandaid": 2, "maxrss": "x"}])
    imported(path)
    imported(path)
    file = ImportedFile.objects.get()
    assert (file.name, file.kind, file.records, file.imported, file.refused) == ("jobs.csv", "jobs", 2, 1, 1)
    assert (
        file.digest == "d07af2ebe9d8ee2f4f6bba4dca6ea1f6e5ed2a5c2c2a9f0e4b6b1c2f7a8d9e0f"
        or len(file.digest) == 64
    )
    assert list(ImportedJob.objects.values_list("file__name", "pandaid")) == [("jobs.csv", 1)]


def test_a_job_of_two_files_has_two_origins(tmp_path):
    imported(written(tmp_path / "one.csv", [{"pandaid": 1, "maxrss": 5}, {"pandaid": 2, "maxrss": 5}]))
    imported(written(tmp_path / "two.csv", [{"pandaid": 2, "maxrss": 5}]))
    origins = ImportedJob.objects.order_by("file__name", "pandaid").values_list("file__name", "pandaid")
    assert list(origins) == [("one.csv", 1), ("one.csv", 2), ("two.csv", 2)]


def test_changed_content_under_the_same_name_is_another_file(tmp_path):
    imported(written(tmp_path / "jobs.csv", [{"pandaid": 1, "maxrss": 5}]))
    report = imported(written(tmp_path / "jobs.csv", [{"pandaid": 2, "maxrss": 5}]))
    assert report.before is None
    assert ImportedFile.objects.count() == 2


def test_an_answer_of_a_monitor(tmp_path):
    shown = {
        "pandaid": 1,
        "jobstatus": "subfinished",
        "jobsubstatus": "fg_partial",
        "schedulerid": "one",
        "wn": "n1",
    }
    times = {"creationtime": "2024-01-01T00:00:00", "modificationtime": "2024-01-02T00:00:00"}
    path = tmp_path / "answer.json"
    path.write_text(
        json.dumps({"selectionsummary": [], "jobs": [{**shown, **times}, {"jobstatus": "failed"}]})
    )
    listener = Listener()
    assert counts(imported(path, "bigpanda-answer", listener)) == (1, 0, 0, 1)
    assert listener.told == ["record 2: no pandaid"]
    stored = job(1)
    assert (stored["jobstatus"], stored["schedulerid"]) == ("finished", "harvester-one")


def test_recently_ended_jobs_are_found_where_pages_look_for_them(tmp_path):
    ended = {
        "pandaid": 1,
        "jobstatus": "finished",
        "creationtime": iso(now()),
        "modificationtime": iso(now()),
    }
    imported(written(tmp_path / "jobs.csv", [ended]))
    assert job(1, JobsArchived4)["jobstatus"] == "finished"


def test_progress_ends_at_the_end_of_the_file(tmp_path):
    path = written(tmp_path / "jobs.csv", [{"pandaid": number, "maxrss": 5} for number in range(1, 1201)])
    listener = Listener()
    assert imported(path, watcher=listener).added == 1200
    assert len(listener.read_bytes) == 3
    assert listener.read_bytes[-1] == path.stat().st_size


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("nothing.csv", "jobs", "unreadable-file"),
        ("jobs.txt", "jobs", "unknown-suffix"),
        ("x.csv", "table", "unknown-table"),
    ],
)
def test_files_that_cannot_be_imported(tmp_path, name: str, kind: str, code: str):
    if code != "unreadable-file":
        (tmp_path / name).write_text("pandaid\n1\n")
    with pytest.raises(Problem) as problem:
        imported(tmp_path / name, kind)
    assert problem.value.code == code
    assert str(tmp_path / name) in problem.value.where


def test_an_unknown_kind_is_told_with_the_known_ones():
    with pytest.raises(Problem, match="bigpanda-answer") as problem:
        by_name("job")
    assert problem.value.code == "unknown-kind"


@pytest.mark.once
def test_memory_stays_flat(tmp_path):
    """Ten times the records, refused ones among them, take no more memory; the first file only warms up.

    Kept, they would take five times as much; what the drivers keep for a while is less than half of it.
    """
    peaks = []
    for number, size in enumerate((500, 1000, 10_000)):
        path = tmp_path / f"{size}.csv"
        with path.open("w") as file:
            file.write("pandaid,jobname,maxrss\n")
            file.writelines(
                f"{10**6 * number + each},{'x' * 250},{each % 7 or '?'}\n" for each in range(size)
            )
        tracemalloc.start()
        assert imported(path).records == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 2 * peaks[1]
