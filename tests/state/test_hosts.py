"""What hosts of an instance say of themselves, and that it is no harm where there is no place for it yet."""

import pytest
from django.core.management import call_command
from django.db import connections

from bigpandamon_core.domain.window import now, set_clock
from bigpandamon_core.state import hosts, pending

KEY = "k" * 50


@pytest.fixture
def before(own):
    """The tables are those of the release before."""
    call_command("migrate", pending.LABEL, pending.RUNS_ON, database=pending.OWN, verbosity=0)
    yield
    call_command("migrate", pending.LABEL, database=pending.OWN, verbosity=0)


def test_a_host_says_what_runs_there_and_with_which_key(own):
    assert hosts.announce("1.0", KEY)
    assert hosts.announce("1.1", KEY)
    [told] = hosts.hosts()
    assert (told.name, told.version) == (hosts.name_here(), "1.1")
    assert told.fingerprint == hosts.fingerprint(KEY) != hosts.fingerprint(f"{KEY}x")
    assert KEY not in told.fingerprint


def test_who_is_silent_for_long_is_not_there(own):
    hosts.announce("1.0", KEY)
    later = now() + hosts.RECENT
    set_clock(lambda: later)
    try:
        assert hosts.hosts() == []
    finally:
        set_clock(None)


def test_on_the_tables_of_the_release_before_nothing_is_told(before):
    assert not hosts.announce("1.0", KEY)
    assert hosts.hosts() == []
    assert connections[pending.OWN].is_usable()
