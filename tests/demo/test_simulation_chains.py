"""Jobs that follow one another: each part through all links in order, several in one batch job."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest

from bigpandamon_core.demo.simulation import chains, requests
from bigpandamon_core.demo.simulation.profile import Chain, Profile, ProfileMistakes, load
from bigpandamon_core.demo.simulation.records import Row
from bigpandamon_core.demo.simulation.world import World
from tests.demo.worlds import JOB_TABLES, START

pytestmark = pytest.mark.once
LINKS = ("probes", "evgen", "probes_again")
CHAIN = Chain(
    "alpha", LINKS, "Larch_HIMEM", 77, runs=3, parts=8, first_run=100, first_part=11, every_minutes=60
)
PACKED = 5


def profile() -> Profile:
    default = load("default")
    by_name = {work.name: work for work in default.work}
    probes, evgen = (replace(by_name[name], share=0.0) for name in LINKS[:2])
    work = (
        replace(probes, jobname="{chain}.p.{run}.{part}.{number}.{attempt}"),
        replace(evgen, jobname="{chain}.e.{run}.{part}", failing=0.2, maxattempt=2),
        replace(probes, name="probes_again", jobname="{chain}.q.{run}.{part}", transformation="again.py"),
    )
    queues = tuple(replace(kind, jobs_per_batch=PACKED) for kind in default.queues)
    return replace(default, work=work, queues=queues, incidents=(), chains=(CHAIN,))


def lived(hours: float) -> tuple[World, list[Row]]:
    world = World(profile(), 3, START, 1000.0)
    requests.begin(world)
    world.agenda.advance(START + timedelta(hours=hours))
    return world, [record.values for record in world.changes.take() if record.table in JOB_TABLES]


@pytest.fixture(scope="module")
def ended() -> tuple[World, list[Row]]:
    return lived(hours=100)


def of_part(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["pandaid"]):
        _, _, run, part, *_ = row["jobname"].split(".")
        found[run, part].append(row)
    return found


def test_every_part_of_every_run_is_worked_on_link_by_link(ended):
    parts = of_part(ended[1])
    assert set(parts) == {(str(run), str(part)) for run in (100, 101, 102) for part in range(11, 19)}
    lengths = set()
    for rows in parts.values():
        order = "".join(row["jobname"].split(".")[1] for row in rows)
        assert order == "p" * order.count("p") + "e" * order.count("e") + "q" * order.count("q")
        for before, after in pairwise(rows):
            goes_on = before["jobname"].split(".")[1] != after["jobname"].split(".")[1]
            assert (before["jobstatus"] == "finished") == goes_on
            assert after["creationtime"] >= before["modificationtime"]
        lengths.add(len(rows))
    assert len(lengths) > 1, "none was tried again"


def test_a_part_is_given_up_when_its_attempts_are_used_up(ended):
    last = [rows[-1] for rows in of_part(ended[1]).values()]
    given_up = [row for row in last if row["jobstatus"] == "failed"]
    assert given_up
    assert all(row["jobname"].startswith("alpha.q") for row in last if row not in given_up)


def test_runs_begin_one_after_the_other(ended):
    begins = {(run, rows[0]["creationtime"] - START) for (run, _), rows in of_part(ended[1]).items()}
    assert begins == {(str(100 + number), timedelta(hours=number)) for number in range(3)}


def test_they_belong_to_no_task_and_run_where_the_chain_says(ended):
    assert {(row["jeditaskid"], row["taskid"]) for row in ended[1]} == {(None, 77)}
    assert {row["computingsite"] for row in ended[1]} == {"Larch_HIMEM"}
    numbers = [int(row["jobname"].split(".")[4]) for row in ended[1] if row["jobname"].startswith("alpha.p")]
    assert set(numbers) == set(range(1, 25))


def test_jobs_share_jobs_of_the_batch_system(ended):
    batches = Counter(row["batchid"] for row in ended[1] if row.get("batchid"))
    assert max(batches.values()) == PACKED
    assert sum(count < PACKED for count in batches.values()) <= 1


@pytest.mark.parametrize("hours", [0.5, 1.7, 100])
def test_what_is_told_is_what_the_tables_hold(hours):
    world, rows = lived(hours)
    letters = {"p": "probes", "e": "evgen", "q": "probes_again"}
    expected: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        _, letter, run, part, *_ = row["jobname"].split(".")
        expected[run, part, letters[letter], row["jobstatus"], row.get("batchid")] += 1
    told: Counter[tuple[object, ...]] = Counter()
    for one in chains.told(world):
        assert (one["chain"], one["queue"]) == ("alpha", "Larch_HIMEM")
        told[str(one["run"]), str(one["part"]), one["work"], one["state"], one["batchid"]] += one["jobs"]
    assert told == expected


def test_without_chains_and_shares_nothing_happens():
    world = World(replace(profile(), chains=()), 3, START, 1000.0)
    requests.begin(world)
    world.agenda.advance(datetime(2026, 11, 22))
    assert not [record for record in world.changes.take() if record.table in JOB_TABLES]


def test_mistakes(tmp_path):
    text = """
[[chains]]
name = "alpha"
links = ["evgen", "nothing", "simul"]
queue = "Nowhere"
taskid = 1
runs = 0
parts = 1
"""
    path = tmp_path / "mine.toml"
    default = (files("bigpandamon_core.demo.profiles") / "default.toml").read_text()
    named = default.replace('name = "simul"', 'name = "simul"\njobname = "{run}.{pandaid}"', 1)
    path.write_text(named + text)
    with pytest.raises(ProfileMistakes) as caught:
        load(str(path))
    told = "\n".join(caught.value.mistakes)
    assert len(caught.value.mistakes) == 5
    for part in ("no queue 'Nowhere'", "a run, a part and a link at least", "no work 'nothing'",
                 "the jobname of evgen has", "the jobname of simul has"):  # fmt: skip
        assert part in told
