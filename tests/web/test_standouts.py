"""What stands out on the start page: as counted from plain rows, whatever tells it."""

from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bigpandamon_core.payloads import standouts, start
from bigpandamon_core.payloads.call import Call
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
COLUMN = {"queue": "computingsite", "task": "jeditaskid", "user": "produsername"}


def _rows() -> list[dict[str, Any]]:
    """Most jobs go well. One node swallows jobs; a task of a user of its own fails in a way that is common
    elsewhere, so that it is not among the commonest places of that error."""
    rows: list[dict[str, Any]] = [
        {
            "computingsite": f"QUEUE_{number % 3}",
            "modificationhost": f"slot1@node{number % 12}",
            "jeditaskid": 7000 + number % 5,
            "produsername": f"user {number % 5}",
            "jobstatus": "failed" if number % 20 == 0 else "finished",
            "piloterrorcode": 1305 if number % 20 == 0 else 0,
        }
        for number in range(600)
    ]
    bad: dict[str, Any] = {"jobstatus": "failed"}
    rows += [rows[0] | bad | {"modificationhost": "slot1@hole", "piloterrorcode": 1377} for _ in range(40)]
    own: dict[str, Any] = {"jeditaskid": 7777, "produsername": "Ada Alone", "piloterrorcode": 1305}
    rows += [rows[1] | bad | own | {"modificationhost": None} for _ in range(3)]
    rows += [rows[1] | own | {"modificationhost": None, "piloterrorcode": 0} for _ in range(2)]
    return rows + [rows[2] | bad | own | {"piloterrorcode": code} for code in (*[1099] * 12, *[1151] * 6)]


@pytest.fixture
def jobs(panda) -> list[dict[str, Any]]:
    rows = [row | {"modificationtime": NOON} for row in _rows()]
    panda.jobs(rows)
    return rows


def _value(row: dict[str, Any], what: str) -> str:
    if what == "node":
        return (row["modificationhost"] or "").rpartition("@")[2]
    return str(row[COLUMN[what]])


def test_each_with_its_jobs_and_its_most_frequent_error(jobs, source):
    found = start.shape(start.Start(Call((), NOON, settings.BIGPANDAMON.get)))["findings"]
    told = {(one["what"], one["name"]): one for one in found}
    assert ("task", "7777") in told
    assert (("node", "hole") in told) == (source == "facets")
    assert not any(name == "Unknown" for _, name in told)
    for (what, name), one in told.items():
        mine = [row for row in jobs if _value(row, what) == name]
        failed = [row for row in mine if row["jobstatus"] == "failed"]
        assert (one["failed"], one["ended"]) == (len(failed), len(mine))
        errors = Counter(row["piloterrorcode"] for row in failed)
        if one["mostly"]:
            assert one["mostly"]["count"] == max(errors.values())
            assert f"piloterrorcode.is={errors.most_common(1)[0][0]}" in one["mostly"]["url"]
    assert source == "database" or all(one["mostly"] for one in found)


def test_a_task_and_its_only_user_are_one(jobs, source):
    page = start.shape(start.Start(Call((), NOON, settings.BIGPANDAMON.get)))
    assert [one["alike"] for one in page["findings"] if one["name"] == "7777"] == ["as many: user Ada Alone"]
    assert "user" not in page["verdict"]["sentence"]


def test_what_is_not_shown_is_said(jobs, source, monkeypatch):
    client = Client(headers={"host": "localhost"})
    many = len(start.shape(start.Start(Call((), NOON, settings.BIGPANDAMON.get)))["findings"])
    monkeypatch.setattr(start, "MOST_SHOWN", 1)
    monkeypatch.setattr(standouts, "MOST_SHOWN", 1)
    text = client.get("/").content.decode()
    assert (f"{many - 1} more, by attribute" in text) == (many > 1)
