"""On a PanDA without JEDI, pages tell what the simulation knows: every job, at its place, behind its link."""

import re
from collections import Counter
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest

from bigpandamon_compass import steps
from bigpandamon_core.domain.states import FINAL, JOB_STATES
from tests.campaigns import in_campaign

pytestmark = [pytest.mark.slow] if in_campaign(1, 0) else []
ALL_ROWS = (("json", ""), ("fields", "pandaid,jobstatus"), ("limit", "1000000"))
MOST_STATEMENTS, MOST_ELEMENTS = 12, 5000
LIVE = set(JOB_STATES) - FINAL
CELL = re.compile(
    r'<td><a class="state \w+" href="([^"]*)"[^>]*><i [^>]*></i>([\d,]+)/([\d,]+)'
    r'<span class="hidden"> \w+</span>'
)
PAGES = ("productions/", "batches/", "tape/")
LINKS = in_campaign(40, 5)
"""Of a page, how many are followed."""


def production_path(chain: str) -> str:
    return f"/compass/production/{quote(chain, safe='')}/"


def rows_behind(monitor, url: str) -> list[dict[str, object]]:
    link = urlsplit(unescape(url))
    asked = parse_qsl(link.query, keep_blank_values=True)
    response = monitor.client.get(link.path, [*asked, *ALL_ROWS])
    assert response.status_code == 200, response.content
    jobs: list[dict[str, object]] = response.json()["jobs"]
    return jobs


def some(links: list[Any]) -> list[Any]:
    return links[:: max(-(-len(links) // LINKS), 1)]


def test_every_job_is_shown_by_production_step_and_state(truth, monitor):
    told = monitor.json("/compass/productions/")["productions"]
    shown = Counter[tuple[str, ...]]()
    for row in told:
        for cell in row["steps"]:
            for state, count in cell["states"].items():
                shown[row["production"], cell["step"], state] += count
    assert shown == truth.counted("chain", "work", "state")
    assert {step for _, step, _ in shown} == set(steps.BY_NAME)
    assert sum(row["jobs"] for row in told) == truth.total


def test_extent_and_progress(truth, monitor):
    for row in monitor.json("/compass/productions/")["productions"]:
        mine = [one for one in truth.jobs if one["chain"] == row["production"]]
        assert row["runs"] == len({one["run"] for one in mine})
        assert row["chunks"] == len({(one["run"], one["part"]) for one in mine})
        places = {(one["run"], one["part"], one["work"]) for one in mine}
        done = {(one["run"], one["part"], one["work"]) for one in mine if one["state"] == "finished"}
        assert (row["places_done"], row["places"]) == (len(done), len(places))
        assert row["done"] == len(done) / len(places)


def test_the_matrix_of_a_production_is_the_truth_by_run_and_step(truth, monitor):
    expected = truth.counted("chain", "run", "work", "state")
    shown = Counter[tuple[str, ...]]()
    for (chain,) in truth.counted("chain"):
        for run in monitor.json(production_path(chain))["runs"]:
            for cell in run["steps"]:
                assert cell["jobs"] == sum(cell["states"].values())
                assert cell["finished"] == cell["states"].get("finished", 0)
                for state, count in cell["states"].items():
                    shown[chain, run["run"], cell["step"], state] += count
    assert shown == expected


def test_a_run_is_told_by_chunk_and_step(truth, monitor):
    chain, run = max(truth.counted("chain", "run"), key=truth.counted("chain", "run").get)
    expected = Counter[tuple[str, ...]]()
    for key, count in truth.counted("chain", "run", "part", "work", "state").items():
        if key[:2] == (chain, run):
            expected[key[2:]] += count
    told = monitor.json(f"{production_path(chain)}run/{run}/")
    shown = Counter(
        {
            (row["chunk"], cell["step"], state): count
            for row in told["chunks"]
            for cell in row["steps"]
            for state, count in cell["states"].items()
        }
    )
    assert shown == expected


def test_batch_jobs_are_those_of_the_supercomputers(truth, monitor):
    expected = Counter[tuple[str, ...]]()
    for (queue, batch, state), count in truth.counted("queue", "batchid", "state").items():
        if batch != "None" and queue.endswith("_MCORE"):
            expected[queue, batch, state] += count
    told = monitor.json("/compass/batches/")["batches"]
    shown = Counter(
        {(row["queue"], row["batch"], state): count for row in told for state, count in row["states"].items()}
    )
    assert shown == expected
    largest = max(Counter({(row["queue"], row["batch"]): row["jobs"] for row in told}).values())
    assert largest == 16
    for row in told:
        assert row["full"] == pytest.approx(row["jobs"] / 16)
        assert row["running"] == sum(count for state, count in row["states"].items() if state in LIVE)


def test_room_in_batch_jobs_is_what_the_instance_says(truth, compass):
    told = compass("[batch_jobs]\nBW_COMPASS_MCORE = 32\n").json("/compass/batches/")["batches"]
    for row in told:
        assert row["full"] == pytest.approx(
            row["jobs"] / (32 if row["queue"].startswith("BW") else 16), abs=1e-4
        )


@pytest.mark.parametrize(("step", "before"), [("tape", "check-dump"), ("logs", "tape")])
def test_what_waits_for_tape(truth, monitor, step, before):
    """A chunk waits that has finished what comes before, and has not finished this."""
    expected = Counter[tuple[str, str]]()
    ended = truth.counted("chain", "run", "part", "work", "state")
    for chain, run, part in truth.counted("chain", "run", "part"):
        is_ready = ended[chain, run, part, before, "finished"]
        if is_ready and not ended[chain, run, part, step, "finished"]:
            expected[chain, run] += 1
    told = monitor.json("/compass/tape/")
    assert {(row["production"], row["run"]): row["waiting"] for row in told["runs"] if row["step"] == step and
            row["waiting"]} == dict(expected)  # fmt: skip
    by_production = Counter[str]()
    for (chain, _), count in expected.items():
        by_production[chain] += count
    shown = {row["production"]: row["waiting"] for row in told["productions"] if row["step"] == step}
    assert Counter(shown) == by_production
    assert sum(expected.values())
    assert told["without_jobs_to_tape"] == []


@pytest.mark.parametrize("kind", ["productions/", "production", "run"])
def test_each_cell_of_the_chain_leads_to_as_many_jobs(truth, monitor, kind):
    chain, run = next(iter(truth.counted("chain", "run")))
    path = {"production": production_path(chain), "run": f"{production_path(chain)}run/{run}/"}
    page = monitor.get(path.get(kind, "/compass/productions/")).content.decode()
    cells = CELL.findall(page)
    assert cells
    for url, finished, jobs in some(cells):
        found = rows_behind(monitor, url)
        assert len(found) == int(jobs.replace(",", ""))
        assert sum(row["jobstatus"] == "finished" for row in found) == int(finished.replace(",", ""))


@pytest.mark.parametrize("path", PAGES)
def test_each_number_of_a_table_leads_to_as_many_jobs(truth, monitor, path):
    page = monitor.get(f"/compass/{path}").content.decode()
    numbers = re.findall(r'<td class="n"><a href="(/compass/jobs/[^"]*)">([\d,]+)</a>', page)
    assert numbers
    for url, jobs in some(numbers):
        assert len(rows_behind(monitor, url)) == int(jobs.replace(",", "")), url


def test_states_above_a_page_lead_to_as_many_jobs(truth, monitor):
    page = monitor.get("/compass/productions/").content.decode()
    states = re.findall(
        r'<a href="([^"]*)" class="\w+"><i [^>]*></i><span>(\w+)</span> <b>([\d,]+)</b>', page
    )
    assert {(state, int(count.replace(",", ""))) for _, state, count in states} == {
        (state, count) for (state,), count in truth.counted("state").items()
    }
    for url, state, count in states:
        found = rows_behind(monitor, url)
        assert len(found) == int(count.replace(",", ""))
        assert {row["jobstatus"] for row in found} == {state}


def test_pages_are_light(truth, monitor):
    chain, run = next(iter(truth.counted("chain", "run")))
    for path in (*PAGES, production_path(chain)[9:], f"{production_path(chain)[9:]}run/{run}/"):
        page = monitor.get(f"/compass/{path}").content.decode()
        assert len(re.findall(r"<[a-z]", page)) <= MOST_ELEMENTS, path
        [statements] = re.findall(r"<span>(\d+) statements?</span>", page)
        assert int(statements) <= MOST_STATEMENTS, path


def test_the_fields_count_what_they_find(truth, monitor):
    summary = monitor.get("/api/v1/compass/jobs/summary?days=5").json()["data"]["attributes"]
    counts = {one["field"]: {value["value"]: value["count"] for value in one["values"]} for one in summary}
    for field, name in (("compass_production", "chain"), ("compass_run", "run"), ("compass_step", "work"),
                        ("compass_chunk", "part")):  # fmt: skip
        assert counts[field] == {key: count for (key,), count in truth.counted(name).items()}


def test_v1_and_csv_tell_the_same(truth, monitor):
    chain, run = next(iter(truth.counted("chain", "run")))
    for path in (
        "productions",
        "batches",
        "tape",
        f"production/{quote(chain)}",
        f"production/{quote(chain)}/run/{run}",
    ):
        ours = monitor.get(f"/api/v1/compass/{path}")
        assert ours.status_code == 200, ours.content
        assert ours.json()["data"] == monitor.json(f"/compass/{path}/")
        assert ours.json()["meta"].keys() == {"as_of", "truncated", "missing"}
        assert unquote(ours.json()["links"]["self"]) == unquote(f"/api/v1/compass/{path}")
        lines = monitor.get(f"/compass/{path}/", format="csv").getvalue().decode().splitlines()
        assert len(lines) > 1
