"""What plugins do every so often: inside their scope, with their options, once their tables are there."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.management.schedule_listing import listed
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.plugin import Datasets, Files, Turn, call_of
from bigpandamon_core.plugin.loading import load
from bigpandamon_core.queries.own.periodic import states
from bigpandamon_core.schedule import catalogue, runs
from bigpandamon_core.schedule.leading import Scheduler
from bigpandamon_core.state import leftovers
from bigpandamon_core.state.leases import acquire, fenced
from tests.plugins.conftest import ON
from tests.plugins.monitors import NAMES, announced, configured, plugin

APP = "bigpandamon_demo_vo"
ROUND = "demo_vo-round"


@pytest.fixture
def instance(tmp_path):
    """instance(more): the configuration with both plugins, and what is installed."""

    def made(more: str = "", **files: str):
        found = [announced(plugin(name)) for name in NAMES]
        return configured(tmp_path, dict.fromkeys(NAMES, ON) | files, more), found

    return made


def round_of(configuration, found):
    return next(task for task in catalogue.tasks(configuration, found) if task.name == ROUND)


@pytest.fixture
def turn(own, community):
    """As a run has it, and tasks inside and outside with a data set and a file each."""
    for task in (*community.windmills, *community.foreign):
        numbers = {"jeditaskid": task, "datasetid": 10 * task}
        community.panda.row(JediDatasets, **numbers, datasetname="mill", type="input")
        community.panda.row(JediDatasetContents, **numbers, fileid=100 * task, lfn="sail", type="input")
    lease = acquire("schedule.test", "test", 60)
    assert lease is not None
    return lambda configuration: Turn(configuration.get, 60, partial(fenced, lease), lambda: False)


def test_it_sees_what_is_inside_its_scope(instance, turn, community):
    from bigpandamon_demo_vo.models import Note

    configuration, found = instance()
    told = round_of(configuration, found).run(turn(configuration))
    windmills = len(community.windmills)
    assert (
        told == f"{len(community.zephyr)} jobs, 3 tasks, 0 failed, {windmills} data sets, {windmills} files"
    )
    assert [note.text for note in Note.objects.all()] == [told]


def test_it_has_the_options_of_its_switch_file(instance, turn, community):
    community.job(vo="zephyr", computingsite="ZEPHYR_INNER_1", modificationtime=community.now.replace(hour=9))
    configuration, found = instance(demo_vo=ON + "shift_hours = 2\n")
    assert round_of(configuration, found).run(turn(configuration)).startswith(f"{len(community.zephyr)} jobs")
    configuration, found = instance(demo_vo=ON + "shift_hours = 4\n")
    more = len(community.zephyr) + 1
    assert round_of(configuration, found).run(turn(configuration)).startswith(f"{more} jobs")


@pytest.mark.parametrize("asked", [Datasets, Files])
def test_records_of_tasks_are_asked_for_by_task(instance, turn, community, asked):
    [active] = (one for one in load(*instance()) if one.plugin.name == "demo_vo")
    of_plugin = replace(turn(instance()[0]), scope=active.scope)
    everything = "|".join(map(str, (*community.windmills, *community.foreign)))
    rows = asked(call_of(of_plugin, jeditaskid=everything)).rows(("jeditaskid",), None)
    assert sorted(row["jeditaskid"] for row in rows) == sorted(community.windmills)
    with pytest.raises(Problem, match="No jeditaskid provided"):
        asked(call_of(of_plugin, datasetid="1", containername="a"))


def test_it_is_off_while_its_tables_are_not_there(instance, own):
    configuration, found = instance()
    task = round_of(configuration, found)
    leftovers.drop(APP, leftovers.tables_of(APP))
    try:
        with pytest.raises(Problem, match=f"{ROUND} is off: the tables of {APP} are not there yet"):
            runs.once(task, configuration.get)
        scheduler = Scheduler([task], configuration.get)
        scheduler.tick()
        scheduler._end()
        assert ROUND not in states()
        assert "off until `bigpandamon migrate` has made its tables" in "".join(listed([task]))
    finally:
        call_command("migrate", APP, database="default", verbosity=0)
    assert "off until" not in "".join(listed([task]))


def test_it_is_set_as_those_of_core(instance):
    of_core = len(catalogue.CORE)
    configuration, found = instance(f"[schedule]\nevery = {{ {ROUND} = 600 }}\n")
    assert not list(catalogue.strangers(configuration, found))
    assert round_of(configuration, found).every_seconds == 600
    configuration, found = instance(f'[schedule]\noff = ["{ROUND}"]\n')
    assert len(catalogue.tasks(configuration, found)) == of_core + 1  # that which cleans up
    configuration, found = instance('[schedule]\noff = ["demo_vo-rond"]\n')
    [mistake] = catalogue.strangers(configuration, found)
    assert str(mistake).endswith(f"did you mean {ROUND}?")


def test_without_the_plugin_nobody_knows_it(instance):
    configuration, found = instance(f'[schedule]\noff = ["{ROUND}"]\n', demo_vo="enabled = false\n")
    assert [task.name for task in catalogue.tasks(configuration, found)] == [
        one.name for one in catalogue.CORE
    ]
    assert len(list(catalogue.strangers(configuration, found))) == 1


@pytest.fixture
def notes(own):
    """Three old notes and a young one, each with two answers."""
    from bigpandamon_demo_vo.models import Answer, Note

    for days in (500, 450, 401, 399):
        note = Note.objects.create(made=now() - timedelta(days=days), text=str(days))
        for text in ("first", "second"):
            Answer.objects.create(note=note, text=text)
    return Note.objects


def cleaning(configuration, found):
    return next(one for one in catalogue.tasks(configuration, found) if one.name == "demo_vo-clean-up")


def texts(notes):
    return [*notes.order_by("made").values_list("text", flat=True)]


def test_what_it_keeps_goes_when_it_is_old_with_its_parts(instance, turn, notes):
    from bigpandamon_demo_vo.models import Answer

    configuration, found = instance()
    assert cleaning(configuration, found).run(turn(configuration)) == "3 of demo_vo-notes removed"
    assert texts(notes) == ["399"]
    assert {*Answer.objects.values_list("note__text", flat=True)} == {"399"}


def test_an_instance_says_how_long_it_is_kept(instance, turn, notes):
    configuration, found = instance("[schedule]\nkeep_days = { demo_vo-notes = 450 }\n")
    cleaning(configuration, found).run(turn(configuration))
    assert texts(notes)[-2:] == ["401", "399"]
    configuration, found = instance("[schedule]\nkeep_days = { demo_vo-notes = 0 }\n")
    assert cleaning(configuration, found).run(turn(configuration)) == "no rows removed"
    configuration, found = instance("[schedule]\nkeep_days = { demo_vo-note = 1 }\n")
    [told] = catalogue.strangers(configuration, found)
    assert "did you mean demo_vo-notes?" in str(told)


def test_what_is_written_meanwhile_stays(instance, turn, notes):
    """Between looking for old ones and letting go of them one is changed."""
    from bigpandamon_demo_vo.models import Answer

    configuration, found = instance()
    made = turn(configuration)

    @contextmanager
    def late():
        notes.filter(text="500").update(made=now())
        with made.fenced():
            yield

    cleaning(configuration, found).run(replace(made, fenced=late))
    assert texts(notes) == ["399", "500"]
    assert Answer.objects.count() == 4
