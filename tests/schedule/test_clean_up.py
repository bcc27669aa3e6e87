"""Old rows go, whatever is to stay stays."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

import pytest
from django.core.management import call_command

from bigpandamon_core.domain.window import now
from bigpandamon_core.schedule import clean_up
from bigpandamon_core.state import pending
from bigpandamon_core.state.imports import ImportedFile
from bigpandamon_core.state.leases import LeaseLost, LeaseRow, acquire
from bigpandamon_core.state.periodic import PeriodicState
from bigpandamon_core.state.queues import QueueChange, QueueConfiguration
from bigpandamon_core.state.retention import RETENTIONS

DAYS = (0, 1, 9.9, 10.1, 300, 500)


@pytest.fixture(autouse=True)
def rows(own):
    """Of every kind one for each age in days."""
    for days in DAYS:
        moment, name = now() - timedelta(days=days), str(days)
        QueueChange.objects.create(
            queue=name, seen_at=moment, kind="changed", status="", digest="", changes={}
        )
        PeriodicState.objects.create(task=name, last_start=moment)
        ImportedFile.objects.create(name=name, first_imported=moment, last_imported=moment)
        LeaseRow.objects.create(name=name, since=moment, until=moment)
    QueueConfiguration.objects.create(queue="QUEUE", digest="", document={})


BY_TWO = clean_up.task(
    "by-two",
    {name: replace(RETENTIONS[name], at_once=2) for name in ("queue-changes", "periodic-tasks")},
)


def left(model, column):
    return {float(value) for value in model.objects.values_list(column, flat=True)}


def test_what_was_kept_for_long_enough_goes(turn):
    words = clean_up.TASK.run(turn(**{"schedule.keep_days": {"queue-changes": 10}}))
    assert left(QueueChange, "queue") == {0, 1, 9.9}
    assert left(PeriodicState, "task") == {0, 1, 9.9, 10.1, 300}
    assert words == "3 of queue-changes, 1 of periodic-tasks removed"


def test_nothing_else_goes(turn):
    clean_up.TASK.run(turn(**{"schedule.keep_days": {"queue-changes": 1, "periodic-tasks": 1}}))
    assert left(ImportedFile, "name") == set(DAYS)
    assert LeaseRow.objects.count() == len(DAYS) + 1
    assert QueueConfiguration.objects.count() == 1


def test_the_history_of_queues_is_for_ever_unless_said_otherwise(turn):
    assert clean_up.TASK.run(turn()) == "1 of periodic-tasks removed"
    assert left(QueueChange, "queue") == set(DAYS)


def test_many_go_a_few_at_a_time(turn):
    words = BY_TWO.run(turn(**{"schedule.keep_days": {"queue-changes": 1, "periodic-tasks": 0}}))
    assert (left(QueueChange, "queue"), words) == ({0}, "5 of queue-changes removed")
    assert left(PeriodicState, "task") == set(DAYS)


def test_what_is_left_when_it_has_to_end_goes_the_next_time(turn):
    asked = chain([False], repeat(True))
    options = {"schedule.keep_days": {"queue-changes": 1}}
    BY_TWO.run(turn(is_over=lambda: next(asked), **options))
    assert len(left(QueueChange, "queue")) == len(DAYS) - 2
    clean_up.TASK.run(turn(**options))
    assert left(QueueChange, "queue") == {0}


def test_one_that_was_overtaken_removes_nothing(turn):
    made = turn(**{"schedule.keep_days": {"queue-changes": 1}})
    LeaseRow.objects.filter(name="schedule.test").update(until=now() - timedelta(days=1))
    assert acquire("schedule.test", "another", 60)
    with pytest.raises(LeaseLost):
        clean_up.TASK.run(made)
    assert left(QueueChange, "queue") == set(DAYS)


def test_on_the_tables_of_the_release_before_the_others_are_cleaned_up(turn):
    call_command("migrate", pending.LABEL, pending.RUNS_ON, database=pending.OWN, verbosity=0)
    try:
        words = clean_up.TASK.run(turn(**{"schedule.keep_days": {"queue-changes": 10}}))
    finally:
        call_command("migrate", pending.LABEL, database=pending.OWN, verbosity=0)
    assert words == "3 of queue-changes, 1 of periodic-tasks removed"
