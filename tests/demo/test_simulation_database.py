"""A simulation on the database of this run: what is there after each write, and after a restart."""

import hashlib
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

from bigpandamon_core.demo import connection as demo
from bigpandamon_core.demo import schema
from bigpandamon_core.demo.simulation import position, simulation
from bigpandamon_core.demo.simulation.profile import load
from bigpandamon_core.demo.simulation.simulation import Simulation
from bigpandamon_core.demo.simulation.statements import statements
from bigpandamon_core.demo.simulation.writer import Writer
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.states import FINAL
from bigpandamon_core.panda.families import Presence, presence
from tests.demo.worlds import JOB_TABLES, START

JOBS_PER_DAY = 2500.0


@pytest.fixture
def connection(panda):
    """The writing connection; the position that a simulation keeps goes with the rows."""
    connection = demo.writing()
    yield connection
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {position.TABLE}")


def begun(connection, seed: int = 1, profile: str = "default") -> Simulation:
    return simulation.begin(connection, load(profile), seed, START, JOBS_PER_DAY)


def after(hours: float):
    return START + timedelta(hours=hours)


def rows(connection, table: str, columns: str = "*") -> list[Any]:
    place = statements(connection)[table].place
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {place}")
        return list(cursor.fetchall())


def digest(connection) -> str:
    lines = sorted(f"{table} {row}" for table in statements(connection) for row in rows(connection, table))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def places_of_jobs(connection) -> list[tuple[int, str, str]]:
    return [
        (pandaid, table, state)
        for table in JOB_TABLES
        for pandaid, state in rows(connection, table, "pandaid, jobstatus")
    ]


def test_each_job_is_in_one_table_after_every_write(connection):
    world = begun(connection)
    seen: set[int] = set()
    for minutes in range(0, 200, 10):
        world.until(after(3) + timedelta(minutes=minutes))
        places = places_of_jobs(connection)
        jobs = {pandaid for pandaid, _, _ in places}
        assert len(jobs) == len(places)
        assert seen <= jobs
        assert all((table == "jobsarchived4") == (state in FINAL) for _, table, state in places)
        seen = jobs
    assert len(seen) > 300


def test_the_database_holds_what_the_world_holds(connection):
    world = begun(connection)
    world.until(after(2))
    world.until(after(5))
    log = rows(connection, "jobs_statuslog", "modiftime_extended, pandaid, jobstatus")
    logged = {pandaid: state for _, pandaid, state in sorted(log)}
    assert logged == {pandaid: state for pandaid, _, state in places_of_jobs(connection)}
    files = {row[0] for row in rows(connection, "filestable4", "pandaid")}
    assert files == set(logged)


def test_the_same_rows_however_it_was_written(connection, panda):
    begun(connection).until(after(6))
    at_once = digest(connection)
    panda.clear()
    world = begun(connection)
    for hours in (0.5, 1.1, 1.2, 4, 6):
        world.until(after(hours))
    assert digest(connection) == at_once


def test_a_restart_goes_on_where_it_was(connection, panda):
    begun(connection).until(after(5))
    undisturbed = digest(connection)
    panda.clear()
    begun(connection).until(after(2.5))
    place = position.found(connection)
    assert place is not None
    simulation.resume(connection, load("default"), place).until(after(5))
    assert digest(connection) == undisturbed


def test_a_restart_knows_the_haste(connection):
    world = begun(connection)
    world.until(after(1))
    world.hasten(20)
    world.until(after(1.2))
    place = position.found(connection)
    assert place is not None
    resumed = simulation.resume(connection, load("default"), place)
    resumed.hasten(20)
    assert len(resumed.position.speeds) == 1
    resumed.until(after(1.3))
    places = places_of_jobs(connection)
    assert len({pandaid for pandaid, _, _ in places}) == len(places)


def test_another_world_is_not_gone_on_with(connection):
    begun(connection).until(after(0.1))
    place = position.found(connection)
    assert place is not None
    with pytest.raises(Problem, match="begun with another profile"):
        simulation.resume(connection, load("default").enlarged(2), place)


def test_a_disturbed_database_is_told(connection, panda):
    world = begun(connection)
    world.until(after(3))
    panda.clear()
    with pytest.raises(Problem, match="not where the simulator left them"):
        world.until(after(4))


def test_a_family_that_is_absent_has_no_tables(empty_database, tmp_path):
    profile = tmp_path / "sparse.toml"
    text = (files("bigpandamon_core.demo.profiles") / "default.toml").read_text()
    profile.write_text(text.replace("absent = []", 'absent = ["harvester", "metadata"]'))
    connection = empty_database()
    schema.create(connection)
    begun(connection, profile=str(profile)).until(after(2))
    found = presence(connection.alias)
    assert {family for family, there in found.items() if there is not Presence.PRESENT} == {
        "harvester",
        "metadata",
    }
    schema.create(connection)
    place = position.found(connection)
    assert place is not None
    simulation.resume(connection, load(str(profile)), place).until(after(3))
    assert presence(connection.alias) == found


def test_no_family_of_that_name(connection, tmp_path):
    with pytest.raises(Problem, match="No family of tables is called 'harvesters'"):
        Writer(connection, ["harvesters"])
