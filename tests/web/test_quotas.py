"""What a user may use, and has used, from PanDA's table of users."""

from collections import Counter
from datetime import timedelta

import pytest

from bigpandamon_core.domain.quotas import quotas
from bigpandamon_core.panda.users import Users
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")
NAMES = [f"{what}{letter}{days}" for what in ("cpu", "quota") for letter in "ap" for days in (1, 7, 30)]
NOTHING = dict.fromkeys(NAMES)


@pytest.fixture
def ann(panda):
    numbers = {"cpua1": 36_000, "quotaa1": 100, "cpua7": 900_000, "quotaa7": 200, "quotap30": 50}
    for number, (name, vo, some) in enumerate(
        [("Ann Ek", "one", numbers), ("Ann Ek", "two", {}), ("Joann Éa", "one", numbers)]
    ):
        status = {"two": "disabled"}.get(vo)
        row = {"id": number, "name": name, "vo": vo, "status": status, "latestjob": NOON - timedelta(hours=3)}
        panda.row(Users, **row, **some)
    states = ("finished", "failed", "finished", "running")
    panda.jobs(
        [{"produsername": "Ann Ek", "jobstatus": state, "modificationtime": NOON} for state in states[:3]]
    )
    panda.job("jobsactive4", produsername="Ann Ek", jobstatus="running", modificationtime=NOON)
    return Counter(states)


@pytest.mark.parametrize("name", ["Ann Ek", "ann ek"])
def test_a_user_for_programs(client, ann, name):
    answer = client.get(f"/api/v1/users/{name}").json()
    data = answer["data"]
    assert (data["names"], data["jobs"], data["states"]) == (["Ann Ek"], 4, dict(ann))
    assert data["failing_percent"] == pytest.approx(100 / 3)
    one, two = data["records"]
    assert one["quotas"] == [
        {"kind": "analysis", "days": 1, "used_hours": 10.0, "allowed_hours": 100, "used_percent": 10.0},
        {"kind": "analysis", "days": 7, "used_hours": 250.0, "allowed_hours": 200, "used_percent": 125.0},
        {"kind": "production", "days": 30, "used_hours": 0.0, "allowed_hours": 50, "used_percent": 0.0},
    ]
    assert two == {"vo": "two", "status": "disabled", "latest_job": "2026-03-01T09:00:00", "quotas": []}
    assert answer["meta"]["missing"] == []


def test_the_page_tells_them(client, ann):
    page = client.get("/user/Ann Ek/").content.decode()
    for told in ("CPU time of Ann Ek, one", "250 of 200 h", "125.0 %", "CPU time of Ann Ek, two", "disabled"):
        assert told in page, told
    assert "/api/v1/users/Ann%20Ek?" in page


def test_of_several_users_none_is_told(client, ann, panda):
    panda.job(produsername="Joann Éa", modificationtime=NOON)
    answer = client.get("/api/v1/users/ann").json()["data"]
    assert set(answer["names"]) == {"Ann Ek", "Joann Éa"}
    assert answer["records"] == []
    assert "CPU time of Ann Ek, one" not in client.get("/user/ann/").content.decode()


def test_without_the_table_it_is_said(client, ann, without):
    without("users")
    answer = client.get("/api/v1/users/Ann Ek").json()
    assert answer["data"]["records"] == []
    assert answer["meta"]["missing"] == ["quotas"]
    assert "This installation has no quotas." in client.get("/user/Ann Ek/").content.decode()


@pytest.mark.parametrize("mode", ["pseudonyms", "none"])
def test_where_names_are_hidden_nobody_is_told(client, ann, configured, mode):
    configured(f'[cache]\nkind = "none"\n[privacy]\nanonymous = "{mode}"')
    answer = client.get("/api/v1/users/Ann Ek")
    assert answer.status_code == 403
    assert "250" not in answer.content.decode()


@pytest.mark.parametrize("allowed", [None, 0, -1])
def test_what_limits_nothing_is_no_quota(allowed):
    assert not list(quotas(NOTHING | {"cpua1": 7, "quotaa1": allowed}))
