"""Data sets and files as a real PanDA server wrote them: what is told is what the tables say."""

from collections import Counter
from datetime import datetime

from tests.truth.asking import Asking
from tests.truth.task_columns import DATASET, FILE

NOW = datetime(2026, 11, 21, 0, 45)
TABLES = (
    "jedi_tasks", "jedi_datasets", "jedi_dataset_contents", "filestable4",
    "jobsactive4", "jobsarchived4", "jobsdefined4",
)  # fmt: skip
NUMBERS = frozenset(
    """jeditaskid datasetid masterid provenanceid nfiles nfilestobeused nfilesused nfilesonhold nevents
    neventstobeused neventsused nfilesfinished nfilesfailed templateid nfileswaiting nfilesmissing
    fileid fsize attemptnr maxattempt keeptrack startevent endevent firstevent boundaryid pandaid
    failedattempt lumiblocknr maxfailure ramcount jobsetid""".split()
)
TIMES = frozenset(
    """creationtime modificationtime statechecktime statecheckexpiration frozentime lockedtime creationdate
    lastattempttime""".split()
)
Rows = list[dict[str, str]]


def value(name: str, stored: str, between: str = "T") -> object:
    """A column's value as an answer has it."""
    if name in NUMBERS:
        return int(stored) if stored else None
    return (stored[:19].replace(" ", between) or None) if name in TIMES else stored


def of(rows: Rows, **columns: object) -> Rows:
    return [row for row in rows if all(row[name] == str(wanted) for name, wanted in columns.items())]


def test_every_data_set_of_every_task(ask: Asking, tables: dict[str, Rows]) -> None:
    told = 0
    for task in tables["jedi_tasks"]:
        number = task["jeditaskid"]
        expected = sorted(
            of(tables["jedi_datasets"], jeditaskid=number), key=lambda row: int(row["datasetid"])
        )
        found = ask.json("/datasets/", jeditaskid=number)
        assert len(found) == len(expected)
        for one, row in zip(found, expected, strict=True):
            scope, _, name = row["datasetname"].rpartition(":")
            whole = {column: value(column, row[column]) for column in DATASET}
            assert one == whole | {"datasetname": name, "scope": scope}
            told += 1
    assert told == 60


def test_every_data_set_alone(ask: Asking, tables: dict[str, Rows]) -> None:
    main = {"creationtime", "modificationtime", "statechecktime"}
    for row in tables["jedi_datasets"]:
        for asked in (
            {"datasetid": row["datasetid"]},
            {"datasetname": row["datasetname"]},
            {"datasetname": row["datasetname"].rpartition(":")[2], "jeditaskid": row["jeditaskid"]},
        ):
            found = ask.json("/dataset/", **asked)
            for column in DATASET:
                between = " " if column in main else "T"
                assert found[column] == value(column, row[column], between), (asked, column)


def test_files_of_every_data_set(ask: Asking, tables: dict[str, Rows]) -> None:
    contents = tables["jedi_dataset_contents"]
    for row in tables["jedi_datasets"]:
        number = row["datasetid"]
        expected = sorted(of(contents, datasetid=number), key=lambda file: int(file["fileid"]))
        names = {file["lfn"] for file in expected}
        told = {"name": row["datasetname"], "id": number, "type": row["type"],
                "nfilestotal": len(expected), "nfilesunique": len(names)}  # fmt: skip
        assert ask.json("/files/", datasetid=number) == {"dataset": told}
        found = ask.json("/loadFileList/", datasetid=number)
        assert len(found) == len(expected)
        for one, file in zip(found, expected, strict=True):
            stored = file | {"procstatus": file["proc_status"]}
            expected_columns = {name: value(name, stored[name]) for name in FILE}
            expected_columns["creationdate"] = value("creationdate", stored["creationdate"], " ")
            assert {name: one[name] for name in FILE} == expected_columns
            assert one["fsizemb"] == f"{int(stored['fsize'] or 0) / 1_000_000:.2f}"


def test_files_by_every_state_of_their_processing(ask: Asking, tables: dict[str, Rows]) -> None:
    for task in tables["jedi_tasks"]:
        number = task["jeditaskid"]
        files = of(tables["jedi_dataset_contents"], jeditaskid=number)
        for state, count in Counter(file["proc_status"] for file in files if file["proc_status"]).items():
            told = ask.json("/files/", jeditaskid=number, procstatus=state)["dataset"]
            assert told["nfilestotal"] == count
        page = ask.page("/files/", jeditaskid=number)
        shown = {one.value: one.count for one in page.attributes["status"]}
        assert shown == Counter(file["status"] for file in files)


def test_every_file_and_the_jobs_that_used_it(ask: Asking, tables: dict[str, Rows]) -> None:
    jobs = {row["pandaid"] for name in TABLES[4:] for row in tables[name]}
    names = {row["datasetid"]: row["datasetname"] for row in tables["jedi_datasets"]}
    for file in tables["jedi_dataset_contents"][::7]:
        same = of(tables["jedi_dataset_contents"], lfn=file["lfn"])
        found = ask.json("/file/", lfn=file["lfn"])
        assert {one["fileid"] for one in found["files"]} == {int(one["fileid"]) for one in same}
        key = {name: file[name] for name in ("jeditaskid", "datasetid", "fileid")}
        [alone] = ask.json("/file/", **key)["files"]
        assert alone["datasetname"] == names[file["datasetid"]]
        assert alone["pandaid"] == (int(file["pandaid"]) if file["pandaid"] else -1)
        uses = of(tables["filestable4"], **key)
        told = ask.v1("file", **key)["data"]["uses"]
        assert Counter(use["pandaid"] for use in told) == Counter(int(use["pandaid"]) for use in uses)
        assert {str(use["pandaid"]) for use in told if use["jobstatus"]} == {
            use["pandaid"] for use in uses if use["pandaid"] in jobs
        }


def test_the_page_of_every_data_set_counts_its_files(ask: Asking, tables: dict[str, Rows]) -> None:
    for row in tables["jedi_datasets"]:
        files = of(tables["jedi_dataset_contents"], datasetid=row["datasetid"])
        page = ask.bytes("/dataset/", datasetid=row["datasetid"]).decode()
        for state, count in Counter(file["status"] for file in files).items():
            assert f"<span>{state}</span> <b>{count}</b>" in page
