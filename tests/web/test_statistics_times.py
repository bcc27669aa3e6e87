"""Statistics tell where the time of jobs went, as far as it is known, and how well it was used."""

import re
from datetime import timedelta
from statistics import fmean

import pytest

from bigpandamon_core.rollups.declared import TIMES
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.rollups import RollupBin
from tests.web.conftest import NOON

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
UNTOLD = 10**15
"""Seconds of CPU time that no job can have used."""
TIMINGS = ("3|20|2400|15|7|31", "5|40|1200|25|9", "", "||9||")
NAMES = ("mean_get_seconds", "mean_setup_seconds", "mean_stagein_seconds", "mean_run_seconds",
         "mean_stageout_seconds")  # fmt: skip
SECONDS = {TIMINGS[0]: (3, 38, 20, 2400, 15), TIMINGS[1]: (5, 9, 40, 1200, 25)}


@pytest.fixture
def jobs(panda, facets, clock):
    """Jobs of two queues, each of which ran; as their columns say."""
    facets()
    made = []
    for place in range(24):
        end = clock.moment + 8 * MINUTE * place
        start = end - (30 + place) * MINUTE
        one = {
            "computingsite": f"Q{place % 2}",
            "jobstatus": "failed" if place % 5 == 0 else "finished",
            "creationtime": start - place * MINUTE,
            "starttime": start,
            "endtime": end,
            "statechangetime": end,
            "modificationtime": end,
            "corecount": (8, None)[place % 2],
            "actualcorecount": (4, None, 0)[place % 3],
            "cpuconsumptiontime": 600 + place if place % 7 else UNTOLD,
            "pilottiming": TIMINGS[place // 2 % 4],
            "homepackage": f"Athena/25.{place % 2}",
            "produsername": f"user {place % 3}",
        }
        panda.job(**one)
        made.append(one)
    clock.forward(4 * 3600)
    facets()
    return made


def told(client, query):
    return client.get(f"/api/v1/statistics?{query}").json()


def cores(one):
    return one["actualcorecount"] or one["corecount"] or 1


def wall(one):
    return (one["endtime"] - one["starttime"]).total_seconds()


def expected(some, seconds):
    of_cores = sum(wall(one) * cores(one) for one in some)
    used = [one for one in some if one["cpuconsumptiontime"] != UNTOLD]
    known = [SECONDS[one["pilottiming"]] for one in some if one["pilottiming"] in SECONDS]
    lost = sum(wall(one) for one in some if one["jobstatus"] == "failed")
    return {
        "efficiency_percent": 100
        * sum(one["cpuconsumptiontime"] for one in used)
        / sum(wall(one) * cores(one) for one in used),
        "busy_cores": of_cores / seconds,
        "lost_percent": 100 * lost / sum(map(wall, some)),
        "mean_wait_seconds": fmean((one["starttime"] - one["creationtime"]).total_seconds() for one in some),
        **dict(zip(NAMES, map(fmean, zip(*known, strict=True)), strict=True)),
    }


@pytest.mark.parametrize("by", ["computingsite", "homepackage", "produsername"])
def test_times_are_means_of_the_jobs_that_ended(client, jobs, by):
    answer = told(client, f"days=2&by={by}")
    bins = answer["meta"]["bins"]
    begin = max(NOON.fromisoformat(bins["from"]), NOON - 2 * HOUR * 24)
    as_of = NOON.fromisoformat(answer["meta"]["as_of"])
    known = FollowStatus.objects.get().complete_since
    assert known
    first = max(NOON.fromisoformat(bins["from"]), known)
    seconds = (min(NOON.fromisoformat(bins["to"]), as_of) - first).total_seconds()
    assert begin <= NOON
    assert len(answer["data"]) == len({one[by] for one in jobs})
    for row in answer["data"]:
        wanted = expected([one for one in jobs if one[by] == row["value"]], seconds)
        assert {name: row[name] for name in wanted} == pytest.approx(wanted, abs=0.051)


def test_every_bin_has_its_own_and_what_is_added_up_is_as_the_sum(client, jobs):
    rows = told(client, "days=2")["data"]
    series = client.get("/api/v1/statistics/series?days=2&integrate=1").json()["data"]
    for row, one in zip(rows, series, strict=True):
        assert one["value"] == row["value"]
        assert {**one["bins"][-1], "from": 0, "to": 0, "value": row["value"]} == row | {"from": 0, "to": 0}
        assert one["bins"][0]["mean_wait_seconds"] != row["mean_wait_seconds"]


def test_what_was_not_kept_is_not_made_up(client, jobs):
    """Bins of before: of their jobs neither cores nor steps are known."""
    RollupBin.objects.filter(jobs__gte=1).update(**dict.fromkeys(TIMES, 0))
    for row in told(client, "days=2")["data"]:
        unknown = {
            name: row[name] for name in ("efficiency_percent", "busy_cores", "mean_wait_seconds", *NAMES)
        }
        assert set(unknown.values()) == {None}
        assert row["lost_percent"] is not None
    assert "Where the time went" not in client.get("/statistics/?days=2").content.decode()


def test_half_known_times_are_means_of_the_known_half_and_no_number_of_cores(client, jobs):
    first = RollupBin.objects.filter(hours=1).order_by("hour").values_list("hour", flat=True)[0]
    RollupBin.objects.filter(hour=first).update(**dict.fromkeys(TIMES, 0))
    rows = told(client, "days=1")["data"]
    assert {row["busy_cores"] for row in rows} == {None}
    assert all(row["mean_wait_seconds"] > 0 for row in rows)


def test_the_page_has_them_beside_the_counts(client, jobs):
    page = client.get("/statistics/?days=2").content.decode()
    table = page.partition('<table id="times">')[2].partition("</table>")[0]
    rows = told(client, "days=2")["data"]
    assert re.findall(r">(Q\d)</a>", table) == [row["value"] for row in rows]
    for row in rows:
        assert f">{row['efficiency_percent']:.0f}\xa0%<" in table
        assert f">{row['mean_run_seconds'] / 60:g}<" in table
