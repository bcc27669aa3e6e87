"""Many jobs at once: as many as wanted, when wanted, all different, with their relations intact."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo.bulk import filling, loading
from bigpandamon_core.demo.bulk.copies import Copies
from bigpandamon_core.demo.bulk.filling import Size, Tally, Wanted
from bigpandamon_core.demo.bulk.pool import Pool, simulated
from bigpandamon_core.demo.bulk.templates import Copy, line, second_of, template
from bigpandamon_core.demo.simulation.people import Person
from bigpandamon_core.demo.simulation.profile import load
from bigpandamon_core.demo.simulation.statements import statements
from bigpandamon_core.domain.states import FINAL

pytestmark = pytest.mark.slow

END = datetime(2026, 11, 21, 12, 0, 0)
WINDOW = timedelta(hours=30)
ENDED, ALIVE = 2800, 400


@pytest.fixture
def filled(panda) -> Tally:
    connection = demo.writing()
    wanted = Wanted(Size(ENDED, ALIVE, WINDOW), seed=3, end=END)
    return filling.fill(connection, load("default"), wanted, lambda _: None)


def rows(table: str, columns: str) -> list[Any]:
    connection = demo.writing()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {statements(connection)[table].place}")
        return list(cursor.fetchall())


def test_what_is_filled(filled):
    ended = rows("jobsarchived4", "pandaid, jobstatus, modificationtime, creationtime, endtime")
    alive = rows("jobsactive4", "pandaid, jobstatus") + rows("jobsdefined4", "pandaid, jobstatus")
    assert (len(ended), abs(len(alive) - ALIVE) <= 1) == (ENDED, True)
    assert filled.jobs == len(ended) + len(alive)
    assert len({row[0] for row in ended + alive}) == filled.jobs
    assert {row[1] for row in ended} <= FINAL
    assert not {row[1] for row in alive} & FINAL
    assert all(END - WINDOW <= row[2] <= END for row in ended)
    assert all(row[3] <= row[4] <= row[2] for row in ended)
    thirds = Counter((row[2] - (END - WINDOW)) // timedelta(hours=10) for row in ended)
    assert all(count > 0.25 * ENDED for count in thirds.values())


def test_relations_hold_in_every_copy(filled):
    jobs = {
        pandaid: (task, parent)
        for pandaid, task, parent in rows("jobsarchived4", "pandaid, jeditaskid, parentid")
    }
    tasks = {task for (task,) in rows("jedi_tasks", "jeditaskid")}
    assert {task for task, _ in jobs.values()} <= tasks
    parents = [(task, jobs[parent][0]) for task, parent in jobs.values() if parent in jobs]
    assert len(parents) > 30
    assert all(task == other for task, other in parents)
    retries = {(old, new) for old, new in rows("jedi_job_retry_history", "oldpandaid, newpandaid")}
    assert all((parent, pandaid) in retries for pandaid, (_, parent) in jobs.items() if parent in jobs)


def test_the_first_copy_is_whole(filled):
    jobs = dict(rows("jobsarchived4", "pandaid, modificationtime"))
    files = [row for row in rows("filestable4", "pandaid, modificationtime") if row[1].year > 1970]
    assert len(files) > 200
    assert all(jobs[pandaid] == moment for pandaid, moment in files)
    logged = {pandaid for (pandaid,) in rows("jobs_statuslog", "pandaid")}
    assert {pandaid for pandaid, _ in files} <= logged


def test_texts_arrive_as_they_were(panda):
    """Tabs, backslashes, quotes, percent signs and characters of four bytes pass the bulk door unchanged."""
    connection = demo.writing()
    each = statements(connection)["jobparamstable"]
    awkward = "a\tb\\n\\N\\ %s %(n0)s 100% 'x' \"y\"\nz\r€😀"
    row = {"pandaid": 69_000, "modificationtime": END, "jobparameters": f"{awkward}69000"}
    made = template(row, each.columns, {})
    copy = Copy(dict.fromkeys(("pandaid",), 7), {})
    text = line(made, copy, {second_of(END): str(END)}, 0)  # type: ignore[arg-type]
    loading.load(connection, each.place, each.columns, [text])
    assert rows("jobparamstable", "pandaid, jobparameters") == [(69_007, f"{awkward}69007")]


def test_other_people_in_other_copies():
    person, other = Person("A. Abel", "aabel", "CN=a"), Person("B. Berg", "bberg", "CN=b")
    row = {"produsername": "A. Abel", "produserid": "CN=a", "jobname": "user.aabel.x"}
    made = template(row, ("produsername", "produserid", "jobname"), {"A. Abel": person})
    assert line(made, Copy({}, {"aabel": other}), [], 0) == "B. Berg\tCN=b\tuser.bberg.x"


@pytest.fixture(scope="module")
def pool() -> Pool:
    return simulated(load("default"), 1, END, 300)


def test_copies_share_no_number(pool):
    copies = Copies(pool, WINDOW, 1)
    templates = copies.templates(pool.rows["jobsarchived4"], ("pandaid",))
    numbers = [text for copy in range(3) for text in copies.ended(templates, copy, copy / 3)]
    assert len(set(numbers)) == len(numbers) == 3 * len(templates)


def test_the_same_lines_for_the_same_seed(pool):
    columns = ("pandaid", "produsername", "creationtime")
    made = [
        list(copies.alive(copies.templates(pool.rows["jobsactive4"], columns), 2))
        for copies in (Copies(pool, WINDOW, 1), Copies(pool, WINDOW, 1), Copies(pool, WINDOW, 2))
    ]
    assert made[0] == made[1] != made[2]
