"""Work in the background: each once, few at a time, failures counted and never passed on."""

import logging
import threading
from collections import Counter

import pytest

from bigpandamon_core.caching.renewals import Renewals
from bigpandamon_core.caching.store import Event
from bigpandamon_core.config.logs import request_id
from bigpandamon_core.domain.problems import Problem
from tests.waiting import until


@pytest.fixture
def noticed() -> Counter[Event]:
    return Counter()


@pytest.fixture
def renewals(noticed) -> Renewals:
    return Renewals(2, lambda event: noticed.update([event]))


class Job:
    """Waits for a word before it is done."""

    def __init__(self) -> None:
        self.go, self.threads = threading.Event(), set[int]()

    def __call__(self) -> bool:
        self.threads.add(threading.get_ident())
        return self.go.wait(10)


def test_who_starts_it_does_not_wait(renewals, noticed):
    job = Job()
    renewals.start("key", job)
    assert not noticed
    job.go.set()
    until(lambda: noticed)
    assert noticed == {Event.RENEWED: 1}
    assert threading.get_ident() not in job.threads


def test_the_same_is_not_started_twice(renewals, noticed):
    first, second = Job(), Job()
    renewals.start("key", first)
    renewals.start("key", second)
    first.go.set()
    until(lambda: noticed)
    assert not second.threads
    renewals.start("key", first)
    until(lambda: noticed == {Event.RENEWED: 2})


def test_only_so_many_at_a_time(renewals, noticed):
    jobs = {key: Job() for key in ("one", "two", "three")}
    for key, job in jobs.items():
        renewals.start(key, job)
    assert noticed == {Event.POSTPONED: 1}
    jobs["one"].go.set()
    until(lambda: noticed[Event.RENEWED])
    renewals.start("three", jobs["three"])
    for job in jobs.values():
        job.go.set()
    until(lambda: noticed[Event.RENEWED] == 3)


def test_who_was_not_needed_is_not_counted(renewals, noticed):
    ran: list[str] = []

    def leave_it() -> bool:
        ran.append("key")
        return False

    renewals.start("key", leave_it)
    until(lambda: ran and not renewals._under_way)
    assert not noticed


@pytest.mark.parametrize("error", [Problem("away"), ValueError("a bug")])
def test_failures_are_counted_logged_and_over(renewals, noticed, caplog, error):
    def fail() -> bool:
        raise error

    for _ in range(2):
        renewals.start("key", fail)
        until(lambda: not renewals._under_way)
    assert noticed == {Event.NOT_RENEWED: 2}
    assert {record.levelno for record in caplog.records} == {
        logging.WARNING if isinstance(error, Problem) else logging.ERROR
    }


def test_what_it_logs_belongs_to_the_request(renewals):
    told: list[str] = []

    def tell() -> bool:
        told.append(request_id.get())
        return True

    token = request_id.set("abc-12345")
    try:
        renewals.start("key", tell)
    finally:
        request_id.reset(token)
    until(lambda: told)
    assert told == ["abc-12345"]


def test_at_the_end_of_the_process_nothing_is_begun(renewals, noticed):
    renewals._threads.shutdown()
    renewals.start("key", Job())
    assert not renewals._under_way
    assert not noticed
