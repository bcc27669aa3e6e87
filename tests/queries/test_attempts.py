"""The chain of attempts a job stands in, however PanDA recorded it."""

import pytest

from bigpandamon_core.panda.tasks import JediJobRetryHistory
from bigpandamon_core.queries import history
from bigpandamon_core.sources.reading import recorded

TASK = 7000


@pytest.fixture
def chain(panda):
    """chain([(old, new, first)…], kind)"""

    def made(rows, kind="retry"):
        for old, new, first in rows:
            ids = {"jeditaskid": TASK, "oldpandaid": old, "newpandaid": new, "originpandaid": first}
            panda.row(JediJobRetryHistory, relationtype=kind, **ids)

    return made


WHOLE = [(number, number + 1, "retry") for number in range(1, 9)]


@pytest.mark.parametrize(("first", "most"), [(1, 2), (None, 9), (0, 9)])
@pytest.mark.parametrize("job", [1, 5, 9])
def test_a_chain_is_followed_to_both_ends(chain, first, most, job):
    chain([(old, new, first) for old, new, _ in WHOLE])
    chain([(100, 101, first)])
    with recorded() as statements:
        assert history.attempts_of(TASK, job) == WHOLE
    assert len(statements.executed) <= most


def test_jobs_without_a_first_do_not_belong_together(chain):
    chain([(old, old + 1, 0) for old in range(1, 60, 2)])
    assert history.attempts_of(TASK, 31) == [(31, 32, "retry")]


def test_a_pair_that_stands_twice_is_told_once(chain):
    chain([(1, 2, 1), (1, 2, 7)])
    assert history.attempts_of(TASK, 1) == [(1, 2, "retry")]


def test_of_too_many_its_own_come_first(chain, monkeypatch):
    monkeypatch.setattr(history, "RELATIONS", history.RELATIONS.__class__("history.attempts", "", cap=3))
    chain([(number, number + 1, 1) for number in range(1, 9)])
    assert (8, 9, "retry") in history.attempts_of(TASK, 9)


def test_what_was_merged_by_another_is_no_attempt(chain):
    chain([(1, 2, 1), (3, 4, 3)])
    chain([(2, 10, 1), (4, 10, 3)], "merge")
    assert history.attempts_of(TASK, 10) == [(2, 10, "merge"), (4, 10, "merge")]
    assert history.attempts_of(TASK, 1) == [(1, 2, "retry"), (2, 10, "merge")]
