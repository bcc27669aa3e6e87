"""Production requests say what the saved tasks say, counted here with json and collections."""

import csv
import io
import json
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest

from bigpandamon_atlas.models import ProductionTask
from bigpandamon_atlas.production import KIND, TaskWriter, estimate
from bigpandamon_core.plugin import Record

FILES = {"2016": 236, "2020": 49}
BEGIN = datetime(2026, 5, 1)


@pytest.fixture
def records(imported, shared):
    """Every saved task as json reads it, all imported."""
    found: list[dict[str, Any]] = []
    for year, many in FILES.items():
        name = f"tasks/prodsys_tasks_{year}.ndjson"
        report = imported(KIND, name)
        assert (report.added, report.refused) == (many, 0)
        found += map(json.loads, (shared / "data" / "panda" / name).read_text(encoding="utf-8").splitlines())
    return found


def asked(record):
    return record["requested_events"] or record["total_req_events"] or 0


def test_counts_by_campaign_step_tag_and_state(atlas, records):
    told = atlas.json("/atlas/requests/", limit=1000)
    for name, field in {
        "campaign": "campaign",
        "step": "step_name",
        "tag": "ctag",
        "status": "status",
    }.items():
        expected = Counter(record[field] for record in records)
        events = defaultdict[str, int](int)
        for record in records:
            events[record[field]] += asked(record)
        rows = told[f"by_{name}"]
        assert {row[name]: row["tasks"] for row in rows} == expected
        assert {row[name]: row["events_asked"] or 0 for row in rows} == events
    assert {row["request"]: row["tasks"] for row in told["requests"]} == Counter(
        one["pr_id"] for one in records
    )


def test_each_count_is_that_of_the_requests_behind_its_link(atlas, records):
    for step in ("Reco", "Atlfast"):
        found = atlas.json("/atlas/requests/", step=step, limit=1000)["requests"]
        assert sum(row["tasks"] for row in found) == sum(one["step_name"] == step for one in records)
    assert atlas.json("/atlas/requests/", step="reco")["requests"] == []


def test_each_request_tells_its_tasks(atlas, records):
    by_request = defaultdict(list)
    for record in records:
        by_request[record["pr_id"]].append(record)
    for number in sorted(by_request, key=lambda one: -len(by_request[one]))[:5]:
        told = atlas.json(f"/atlas/request/{number}/")
        rows = by_request[number]
        assert {row["taskid"] for row in told["tasks"]} == {row["taskid"] for row in rows}
        assert told["total"]["events_done"] == sum(row["processed_events"] for row in rows if asked(row))
        assert sum(row["tasks"] for row in told["by_tag"]) == len(rows)
        assert told["eta_told"] == "every task has ended"
        assert atlas.json(f"/api/v1/atlas/request/{number}")["data"] == told


def test_each_record_is_shown_whole(atlas, records):
    for record in records[::25]:
        told = atlas.json(f"/atlas/prodtask/{record['taskid']}/")
        assert told["outputs"] == (record.get("output_dataset") or [])
        for name, value in record.items():
            if name not in ("output_dataset", "user_name"):
                assert told["record"][name] == value
        assert told["record"]["username"] == record["user_name"]


def test_names_are_hidden_from_strangers(atlas, own, settings_hiding_names):
    TaskWriter().write([Record("line 1", saved(user_name="ada"))])
    assert "ada" not in atlas.get("/atlas/prodtask/1/", json="").content.decode()


@pytest.fixture
def settings_hiding_names(monkeypatch):
    from bigpandamon_core.domain.privacy import Anonymous, Privacy

    monkeypatch.setattr(
        Privacy, "__init__", lambda self, *_: self.__dict__.update(mode=Anonymous.NONE, secret="")
    )


def saved(**fields):
    return {"taskid": 1, "pr_id": 7, "taskname": "a.b", "status": "running", "step_name": "Reco"} | fields


def test_importing_twice_changes_nothing_and_later_tellings_win(own):
    first = saved(processed_events=5, task_timestamp="01-05-2026 10:00:00")
    later = saved(processed_events=9, task_timestamp="01-05-2026 11:00:00")
    writer = TaskWriter()
    outcomes = [writer.write([Record("line 1", one)]) for one in (first, first, later, first)]
    assert [(one.added, one.completed, one.unchanged, one.kept) for one in outcomes] == [
        (1, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 1, 1),
    ]  # fmt: skip
    assert ProductionTask.objects.get().done == 9


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"taskid": None}, "no taskid"),
        ({"taskid": "7"}, "taskid: not a whole number"),
        ({"taskid": 2**63}, "taskid: not a whole number"),
        ({"pr_id": True}, "pr_id: not a whole number"),
        ({"total_events": -1}, "total_events: not a whole number"),
        ({"taskname": 7}, "taskname: not a text"),
        ({"taskname": "a\0b"}, "taskname: 3 characters, room for 250 that can be stored"),
        ({"taskname": "a\ud800"}, "taskname: 2 characters"),
        ({"taskname": "x" * 251}, "taskname: 251 characters, room for 250"),
        ({"end_time": "2026-05-01"}, "end_time: '2026-05-01' is not like 31-12-2020"),
    ],
    ids=range(10),
)
def test_what_cannot_be_stored_is_refused(own, fields, told):
    outcome = TaskWriter().write([Record("line 1", saved(**fields)), Record("line 2", saved(taskid=2))])
    [refusal] = outcome.refused
    assert (refusal.place, told in refusal.reason, outcome.added) == ("line 1", True, 1)


@pytest.mark.parametrize(
    ("odd", "outputs", "chain"),
    [
        ({"output_dataset": "one.name"}, [], []),
        ({"output_dataset": ["one", {"name": "two"}]}, [{"name": "two"}], []),
        ({"chain_data": f"{10**25},5,x,1"}, [], [5]),
    ],
)
def test_odd_values_break_no_page(atlas, own, odd, outputs, chain):
    TaskWriter().write([Record("line 1", saved(**odd))])
    told = atlas.json("/atlas/prodtask/1/")
    assert (told["outputs"], told["chain"]) == (outputs, chain)
    assert atlas.get("/atlas/prodtask/1/").status_code == 200
    assert atlas.get("/atlas/requests/", limit="9" * 5000).status_code == 400


def test_only_all_is_told_as_all(atlas, own):
    counts = {1: (87_718_340, 87_723_340), 2: (5, 5), 3: (1, 90_000), 4: (0, 9), 5: (0, 0)}
    for number, (done, whole) in counts.items():
        told = {"taskid": number, "pr_id": number, "processed_events": done, "requested_events": whole}
        assert TaskWriter().write([Record("line 1", saved(**told, status="done"))]).added == 1
    pages = {number: atlas.get(f"/atlas/request/{number}/").content.decode() for number in counts}
    for number, text in {1: "&gt;99.9 %", 2: "100.0 %", 3: "&lt;0.1 %", 4: "0.0 %"}.items():
        assert text in pages[number]
    assert "every task has ended" in pages[1]
    assert "from the pace so far" not in pages[1]
    cells = re.findall(r"[&;gl\dt.]+\s%", atlas.get("/atlas/requests/").content.decode())
    assert {"&gt;99\N{NO-BREAK SPACE}%", "&lt;1\N{NO-BREAK SPACE}%"} <= set(cells)


def test_requests_as_csv(atlas, records):
    told = atlas.json("/atlas/requests/", limit=1000)["requests"]
    lines = atlas.get("/atlas/requests/", limit=1000, format="csv").getvalue().decode()
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [(row["request"], row["tasks"]) for row in rows] == [
        (str(row["request"]), str(row["tasks"])) for row in told
    ]
    assert "limit=1000&amp;format=csv" in atlas.get("/atlas/requests/", limit=1000).content.decode()


def task(**columns):
    return {
        "status": "running", "step": "Reco", "started": BEGIN, "seen": BEGIN + timedelta(hours=10),
        "ended": None, "requested": 100, "done": 50,
    } | columns  # fmt: skip


def test_an_end_is_told_as_a_range():
    pace = estimate([task()])
    assert pace == (BEGIN + timedelta(hours=20),) * 2
    ended = [task(status="done", ended=BEGIN + timedelta(hours=hours)) for hours in (10, 30, 50)]
    assert estimate([task(), *ended]) == (BEGIN + timedelta(hours=20), BEGIN + timedelta(hours=40))
    assert estimate([task(step="Simul"), *ended]) == pace


@pytest.mark.parametrize(
    "change",
    [{"done": 0}, {"requested": None}, {"started": None}, {"seen": None}, {"seen": BEGIN}],
    ids=range(5),
)
def test_an_end_that_nothing_tells_is_not_guessed(change):
    assert estimate([task(**change), task()]) == ("cannot be told: 1 task without progress or others like it")


def test_a_request_that_is_not_known(atlas, own):
    for path in ("/atlas/request/1/", "/atlas/prodtask/1/"):
        assert atlas.get(path).status_code == 404
    assert "bigpandamon import atlas-tasks" in atlas.get("/atlas/requests/").content.decode()


def test_no_list_tells_names_either(atlas, own, settings_hiding_names):
    told = saved(
        user_name="ada", taskname="user.ada.b", manager="Ada", owner="ada", description="for user.ada"
    )
    TaskWriter().write([Record("line 1", told)])
    for path in ("request/7/", "prodtask/1/"):
        for form in ({}, {"json": ""}):
            text = atlas.get(f"/atlas/{path}", **form).content.decode()
            assert "ada" not in text.lower().replace("metadata", ""), path
