"""The page of the data carousel says what the table says, counted here with csv and collections."""

import csv
import io
import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from bigpandamon_atlas.tables import DataCarouselRelations, DataCarouselRequests
from bigpandamon_core.demo.importing import tables as kind


@pytest.fixture
def requests(tables, noon):
    """Five requests: two under way, of which one was staged from an hour ago; one taken up never."""
    states = (
        (1, "staging", noon - timedelta(hours=1), None),
        (2, "staging", noon - timedelta(hours=30), None),
        (3, "queued", None, None),
        (4, "queued", None, noon - timedelta(hours=2)),
        (5, "done", noon - timedelta(days=9), None),
    )
    for number, status, staged, started in states:
        told = {
            "dataset": f"mc23:{number}",
            "status": status,
            "last_staged_time": staged,
            "start_time": started,
        }
        tape: dict[str, Any] = {"source_tape": "TAPE_A" if number < 4 else "TAPE_B", "parameters": {}}
        files = {"total_files": 20, "staged_files": 5, "dataset_size": 1000, "staged_size": 250}
        made = noon - timedelta(days=2)
        tables(DataCarouselRequests, request_id=number, creation_time=made, **told, **tape, **files)
    for task in (70, 71):
        tables(DataCarouselRelations, request_id=2, task_id=task)


def test_an_absent_table_is_told(atlas, panda_tables):
    answer = atlas.get("/atlas/carousel/", json="")
    assert answer.status_code == 503
    assert "no readable tables of datacarousel (absent)" in answer.json()["error"]


def test_counts_are_those_of_the_rows_behind_their_links(atlas, requests):
    told = atlas.json("/atlas/carousel/")
    for row in told["sums"]:
        found = atlas.json("/atlas/carousel/", status=row["status"], tape=row["source_tape"])["requests"]
        assert len(found) == row["requests"]
        assert sum(one["total_files"] for one in found) == row["files"]
    assert sum(row["requests"] for row in told["sums"]) == len(told["requests"]) == 5


def test_what_does_not_move_is_marked(atlas, requests):
    told = atlas.json("/atlas/carousel/")["requests"]
    assert [row["request_id"] for row in told if row["stuck"]] == [3, 2]
    stuck = atlas.json("/atlas/carousel/", stuck="1")["requests"]
    assert [row["request_id"] for row in stuck] == [3, 2]
    assert [
        row["request_id"] for row in atlas.json("/atlas/carousel/", stuck="1", hours="1")["requests"]
    ] == [4, 3, 2]
    assert atlas.json("/atlas/carousel/", stuck="1", hours="49")["requests"] == []


def test_tasks_that_wait_are_linked(atlas, requests):
    [row] = [row for row in atlas.json("/atlas/carousel/")["requests"] if row["request_id"] == 2]
    assert row["tasks"] == [70, 71]
    page = atlas.get("/atlas/carousel/").content.decode()
    assert '<a href="/task/70/">70 +1</a>' in page
    assert "staging, stuck" in page


@pytest.mark.parametrize(
    "asked", [{"status": "staging"}, {"tape": "TAPE_A"}, {"stuck": "1"}, {"stuck": "1", "tape": "TAPE_B"}]
)
def test_sums_are_of_the_requests_that_are_asked_for(atlas, requests, asked):
    told = atlas.json("/atlas/carousel/", **asked)
    expected = Counter((row["source_tape"], row["status"]) for row in told["requests"])
    assert {(row["source_tape"], row["status"]): row["requests"] for row in told["sums"]} == expected
    lines = atlas.get("/atlas/carousel/", format="csv", **asked).getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [row["request_id"] for row in rows] == [str(row["request_id"]) for row in told["requests"]]
    for row, one in zip(rows, told["requests"], strict=True):
        assert row["tasks"].split() == [str(task) for task in one["tasks"]]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [("stuck", "NaN", "0, false, 1, true"), ("status", "bogus", "queued, staging")],
)
def test_words_that_are_none_are_refused(atlas, requests, name, value, words):
    for path in ("/atlas/carousel/", "/api/v1/atlas/carousel"):
        answer = (
            atlas.get(path, json="", **{name: value})
            if "api" not in path
            else atlas.get(path, **{name: value})
        )
        assert answer.status_code == 400
        assert words in answer.content.decode()


def test_what_was_never_staged_moved_never(atlas, requests):
    page = atlas.get("/atlas/carousel/", tape="TAPE_A").content.decode().partition('id="requests"')[2]
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    moved = {re.findall(r'class="id">(\d)', row)[0]: len(re.findall("<time", row)) - 1 for row in rows}
    assert moved == {"3": 0, "2": 1, "1": 1}


@pytest.mark.parametrize("asked", [{"hours": "0"}, {"hours": "x"}, {"limit": "501"}, {"limit": "-1"}])
def test_illegal_numbers_are_refused(atlas, requests, asked):
    answer = atlas.get("/atlas/carousel/", json="", **asked)
    assert answer.status_code == 400
    assert answer.json()["problem"]["parameter"] == next(iter(asked))


def test_the_servers_own_rows(atlas, tables, imported, shared):
    for name in ("requests", "relations"):
        report = imported(kind.KIND, f"server/data_carousel_{name}.csv")
        assert (report.added, report.refused) == (4, 0)
    with open(shared / "data/panda/server/data_carousel_requests.csv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    told = atlas.json("/atlas/carousel/")
    assert Counter(row["status"] for row in rows) == {row["status"]: row["requests"] for row in told["sums"]}
    assert [str(row["dataset"]) for row in told["requests"]] == [row["dataset"] for row in reversed(rows)]
    assert atlas.json("/api/v1/atlas/carousel")["data"] == told
