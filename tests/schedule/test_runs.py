"""One run of a task: what comes of it is written down, whatever it does."""

import signal
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest

from bigpandamon_core import config
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.window import now
from bigpandamon_core.queries.own.periodic import states
from bigpandamon_core.schedule import runs, signals
from bigpandamon_core.state.imports import ImportedFile
from bigpandamon_core.state.leases import LeaseLost, LeaseRow, acquire, fenced, holders
from bigpandamon_core.state.periodic import PeriodicState
from tests.schedule import doings
from tests.schedule.doings import task

pytestmark = pytest.mark.usefixtures("own")
OPTION = config.current().get
ABSENT = (
    "A table or column this answer needs is absent from the monitor's own database. Run `bigpandamon check`, "
    "which tells what is missing."
)


def started(chosen, **more) -> runs.Run:
    run = runs.start(chosen, "test", OPTION, **more)
    assert run is not None
    return run


def ended(run: runs.Run) -> Any:
    """The state of its task after it."""
    run.process.join()
    runs.close(run)
    return states()[run.task.name]


def rows():
    return list(ImportedFile.objects.values_list("name", flat=True))


def wait_for_rows() -> None:
    deadline = monotonic() + 10
    while not rows():
        assert monotonic() < deadline
        sleep(0.02)


def test_one_that_goes_well():
    before = now()
    state = ended(started(task(doings.good)))
    assert rows() == ["good"]
    assert before <= state.last_start <= state.last_end == state.last_success <= now()
    assert (state.failures, state.last_failure, state.failure_words) == (0, None, "")
    assert state.next_run == task(doings.good).next_run(state.last_start)
    assert holders() == []


@pytest.mark.parametrize(
    ("doing", "words"),
    [
        (doings.refusing, "There is a stone in the way. Move it."),
        (doings.broken, "ValueError; see the log of the scheduler."),
        (doings.asking_wrong, ABSENT),
        (doings.dying, "Its process ended with exit code 9."),
    ],
)
def test_failures_are_counted_and_told_without_secrets(doing, words):
    first, second = ended(started(task(doing))), ended(started(task(doing), only_if_due=False))
    assert (first.failures, second.failures, second.failure_words) == (1, 2, words)
    assert second.last_failure == second.last_end > first.last_failure
    assert second.last_success is None
    assert holders() == []


def test_a_success_ends_the_count():
    PeriodicState.objects.create(task="good", failures=7, failure_words="before", last_failure=now())
    state = ended(started(task(doings.good)))
    assert (state.failures, state.failure_words) == (0, "before")


def test_one_that_hangs_is_ended_at_its_limit():
    begun = monotonic()
    state = ended(started(task(doings.hanging, limit_seconds=1)))
    assert 1 <= monotonic() - begun < 5
    assert (state.failures, state.failure_words) == (1, "It took longer than 1 s and was ended.")
    assert holders() == []


def test_the_limit_holds_when_nobody_watches():
    """Whoever began it may be gone: the kernel keeps the time."""
    run = started(task(doings.hanging, limit_seconds=1))
    sleep(1.5)
    assert run.process.exitcode == -signal.SIGALRM


def test_one_that_is_killed_has_failed():
    run = started(task(doings.hanging))
    run.process.kill()
    assert ended(run).failure_words == "Its process ended with exit code -9."


def test_it_runs_when_it_is_due():
    PeriodicState.objects.create(task="good", next_run=now() + timedelta(hours=1))
    assert runs.start(task(doings.good), "test", OPTION) is None
    assert (rows(), holders()) == ([], [])
    assert ended(started(task(doings.good), only_if_due=False)).last_success
    assert rows() == ["good"]


def test_a_task_runs_once_at_a_time():
    run = started(task(doings.hanging))
    assert runs.start(task(doings.hanging), "another", OPTION, only_if_due=False) is None
    with pytest.raises(Problem, match="hanging runs at this moment"):
        runs.once(task(doings.hanging), OPTION)
    run.process.kill()
    ended(run)


def test_runs_that_are_to_end():
    """One does as it is asked and is done; one does not and is begun anew by whoever schedules next."""
    with signals.waited_for():
        patient, deaf = started(task(doings.yielding)), started(task(doings.hanging))
        begun = monotonic()
        runs.end([deaf, patient])
    assert monotonic() - begun < runs.END_SECONDS + 2
    assert (patient.is_over, deaf.is_over) == (True, True)
    found = states()
    assert (found["yielding"].failures, found["hanging"].failures) == (0, 0)
    assert found["yielding"].last_success
    assert found["hanging"].last_success is None
    assert found["hanging"].next_run == found["hanging"].last_end
    assert holders() == []


def test_a_run_that_was_overtaken_has_no_say_any_more():
    run = started(task(doings.hanging))
    wait_for_rows()
    LeaseRow.objects.update(until=now() - timedelta(days=1))
    next_one = acquire("schedule.hanging", "another", 60)
    assert next_one is not None
    run.process.kill()
    state = ended(run)
    assert (state.failures, state.last_end) == (0, None)
    with pytest.raises(LeaseLost), fenced(run.lease):
        pytest.fail("inside a lease that is lost")
    assert [lease.holder for lease in holders()] == ["another"]


def test_once():
    assert runs.once(task(doings.good), OPTION)
    assert runs.once(task(doings.good), OPTION)
    assert not runs.once(task(doings.refusing), OPTION)
    assert rows() == ["good", "good"]
