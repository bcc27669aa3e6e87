"""Jobs by region, tier and activity: counts are those of the jobs behind their links."""

import csv
import io
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bigpandamon_atlas import fields, places
from bigpandamon_core.domain.conditions import holds
from bigpandamon_core.queries import job_groups
from tests.plugins.monitors import asked_of_jobs

QUEUES: dict[str, dict[str, Any]] = {
    "CERN-P1": {"cloud": "CERN", "tier": "T0", "tier_level": 0, "country": "Switzerland"},
    "praguelcg2": {"cloud": "DE", "tier": "T2D", "tier_level": 2, "country": "Czech Republic"},
    "FZK-LCG2": {"cloud": "DE", "tier_level": 1, "country": "Germany"},
    "GoeGrid": {"cloud": "DE", "tier": "T2D", "country": "Germany"},
    "nowhere": {},
}
STATES = ("finished", "failed", "running", "activated", "closed")
LABELS = ("managed", "user", "panda", "ptest", "unheard", None)
KINDS = ("simul", "panda-client-1.5.1-jedi-run", "panda-client-1.4.9-jedi-run", "gangarobot-pft", None)


@pytest.fixture
def jobs(panda, noon):
    """Jobs of ATLAS at queues in turn, and one of somebody else."""
    for name, data in QUEUES.items():
        panda.queue(name, **data)
    made = []
    for number in range(60):
        row = {
            "computingsite": (*QUEUES, "GONE")[number % 6],
            "jobstatus": STATES[number % 5],
            "prodsourcelabel": LABELS[number % 4 if number % 7 else 4 + number % 2],
            "processingtype": KINDS[(number // 3) % 5],
        }
        partly = {"jobsubstatus": "fg_partial"} if number % 20 == 0 else {}
        panda.job(vo="atlas", modificationtime=noon - timedelta(hours=1), **row, **partly)
        made.append(row)
    panda.job(vo="other", computingsite="FZK-LCG2", modificationtime=noon - timedelta(hours=1))
    return made


def rows_behind(atlas, page):
    """(what the table says, how many jobs its link lists) of every linked number of jobs."""
    links = re.findall(r'<td class="n"><a href="([^"]+)">([\d,]+)</a>', page)
    assert links
    for link, number in links[::3]:
        answer = atlas.client.get(unescape(link) + "&format=csv&limit=1000")
        listed = list(
            csv.DictReader(
                io.StringIO(
                    b"".join(answer.streaming_content).decode()
                    if answer.streaming
                    else answer.content.decode()
                )
            )
        )
        yield int(number.replace(",", "")), len([row for row in listed if row.get("pandaid", "").isdigit()])


@pytest.mark.parametrize("path", ["/atlas/regions/", "/atlas/regions/?by=country", "/atlas/activities/"])
def test_each_number_is_that_of_the_jobs_behind_it(atlas, jobs, path):
    page = atlas.get(path).content.decode()
    for said, listed in rows_behind(atlas, page):
        assert said == listed


@pytest.mark.parametrize("path", ["/atlas/regions/", "/atlas/activities/"])
def test_links_keep_to_the_states_that_were_asked_for(atlas, jobs, panda, noon, path):
    """Closed jobs alone, though cancelled ones are told together with them."""
    for one in jobs:
        panda.job(vo="atlas", modificationtime=noon - timedelta(hours=1), **one | {"jobstatus": "cancelled"})
    page = atlas.get(path, jobstatus="closed,finished").content.decode()
    for said, listed in rows_behind(atlas, page):
        assert said == listed


def test_regions_and_tiers(atlas, jobs):
    expected = defaultdict[tuple[str, str], Counter[str]](Counter)
    for job in jobs:
        told = QUEUES.get(job["computingsite"], {})
        level = told.get("tier_level")
        tier = told.get("tier") or (f"T{level}" if level is not None else "Not specified")
        expected[told.get("cloud") or "Not specified", tier][job["jobstatus"]] += 1
    told = atlas.json("/atlas/regions/")["regions"]
    assert {(row["region"], row["tier"]): row["jobs"] for row in told} == {
        place: states.total() for place, states in expected.items()
    }
    for row in told:
        states = expected[row["region"], row["tier"]]
        assert (row["failed"], row["running"], row["queued"]) == (
            states["failed"],
            states["running"],
            states["activated"],
        )
        ended = states["failed"] + states["finished"]
        assert row["finished"] + row["partly"] == states["finished"]
        assert row["percent"] == (pytest.approx(100 * states["failed"] / ended) if ended else None)
    assert {row["region"] for row in atlas.json("/atlas/regions/", by="country")["regions"]} == {
        "Switzerland", "Germany", "Czech Republic", "Not specified",
    }  # fmt: skip
    assert atlas.get("/atlas/regions/", by="planet").status_code == 400


def test_activities(atlas, jobs):
    types = {
        "managed": "prod",
        "user": "analy",
        "panda": "analy",
        "ptest": "test",
        "unheard": "other",
        None: "Not specified",
    }
    expected = Counter(types[job["prodsourcelabel"]] for job in jobs)
    told = atlas.json("/atlas/activities/")
    assert {row["jobtype"]: row["jobs"] for row in told["types"]} == expected
    kinds = Counter[str]()
    for row in told["activities"]:
        kinds[row["processing"]] += row["jobs"]
    client = sum((job["processingtype"] or "").endswith("-jedi-run") for job in jobs)
    assert kinds["panda-client-jedi-run"] == client > 0
    assert kinds.total() == len(jobs)
    assert sum(row["jobs"] for row in atlas.json("/atlas/activities/", jobstatus="failed")["types"]) == 12


@pytest.mark.parametrize("path", ["/atlas/regions/", "/atlas/activities/"])
def test_where_nothing_is_another_window_is_offered(atlas, jobs, path):
    asked = {"jobstatus": "merging", "hours": "6"} | ({"by": "country"} if "regions" in path else {})
    page = unescape(atlas.get(path, **asked).content.decode())
    assert page.count('<p class="empty">No job matched, ') == page.count('class="empty"') == 1
    assert "with jobstatus merging" in page
    [longer] = re.findall(r'<a href="([^"]*hours=168[^"]*)"', page)
    assert "jobstatus=merging" in longer
    assert ("by=country" in longer) == ("by" in asked)
    assert atlas.client.get(longer).status_code == 200


def test_every_state_is_in_one_group():
    from bigpandamon_core.domain.states import GROUPS

    listed = [state for group in places.STATES.values() for state in group]
    assert Counter(listed) == Counter(
        [*(state for group in GROUPS.values() for state in group), "subfinished"]
    )


PIECES = (
    "panda-client-", "-", "1.5", "-jedi-run", "jedi-run", "-jedi-athena", "-athena-trf", "athena-trf",
    "jedi", "gangarobot", "hammercloud", "*", "simul", "µ",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)


@given(WORDS, WORDS)
@example("panda-client-jedi-athena-trf", "panda-client-athena-trf")
@example("panda-client-1-jedi-athena-trf", "panda-client-athena-trf")
@example("panda-client--jedi-run", "panda-client-jedi-run")
@example("panda-client-jedi-run", "panda-client-jedi-run")
@example("gangarobot", "gangarobot")
def test_the_condition_takes_the_jobs_that_are_shown_so(word, other):
    row = {"processingtype": word}
    for value in {fields.processing(word), fields.processing(other), other, "Not specified"}:
        assert holds(fields.of_processing(value), row) == (fields.processing(word) == value), value


@pytest.mark.parametrize("label", [*sum(fields.TYPES.values(), ()), "unheard", "", None])
def test_the_condition_takes_the_jobs_of_a_type(label):
    for value in (*fields.TYPES, "other", "Not specified", "nonsense"):
        expected = (fields.job_type(label) or "Not specified") == value
        assert holds(fields.of_type(value), {"prodsourcelabel": label}) == expected


@pytest.mark.parametrize("path", ["regions/", "activities/"])
def test_a_kept_answer_counts_nothing(kept_atlas, jobs, path):
    ask = partial(kept_atlas.get, f"/atlas/{path}")
    assert [asked_of_jobs("jobstatus", ask) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize("path", ["regions/", "activities/"])
def test_an_answer_that_was_cut_says_so(atlas, jobs, path, monkeypatch):
    assert "truncated" not in atlas.json(f"/atlas/{path}")
    monkeypatch.setattr(job_groups, "GROUPS", replace(job_groups.GROUPS, cap=1))
    answer = atlas.get(f"/atlas/{path}", json="")
    assert "counting stopped at" in answer.json()["truncated"]
    assert "counting stopped at" in answer["X-Truncated"]
    told = atlas.client.get(f"/api/v1/atlas/{path.rstrip('/')}").json()
    assert "counting stopped at" in told["data"]["truncated"]
