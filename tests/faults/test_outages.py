"""Databases that are gone for minutes, clocks that step, tables that an installation lacks."""

import time

import pytest
from django.db import connections

from bigpandamon_core.domain.window import now
from bigpandamon_core.sources import presence
from tests.campaigns import in_campaign
from tests.facets import plain
from tests.instance.databases import OWN, PANDA

pytestmark = pytest.mark.slow
SHIFTS = (3 * 86_400, -7200, 7200)[: in_campaign(3, 1)]
GONE = {"mariadb": "panda", "postgresql": "own"}
GONE_SECONDS = in_campaign(150, 3)


@pytest.fixture
def behind_proxies(request, private_databases, fault_proxy, host_named):
    """A host whose ways to both databases can be cut, and the two proxies."""
    server = private_databases.server
    if server is None:
        pytest.skip("files do not go")
    panda, own = fault_proxy(server.port), fault_proxy(server.port)
    urls = server.url(OWN, port=own.port), server.url(PANDA, port=panda.port)
    return host_named("behind", *urls), {"panda": panda, "own": own}


@pytest.mark.parametrize("gone", ["panda", "own"])
def test_a_database_is_gone_for_a_while(world, watch, behind_proxies, gone, request):
    if gone != GONE.get(request.config.getoption("--panda"), gone) and not in_campaign(True, False):
        pytest.skip("the other server's pass has it, a campaign both")
    host, proxies = behind_proxies
    watch.hosts = (host,)
    running = [host.start("follow"), host.start("facets")]
    watch.mends()
    proxies[gone].refuse()
    watch.until_seconds(GONE_SECONDS)
    proxies[gone].accept()
    watch.mends(90)
    assert all(child.poll() is None for child in running)


@pytest.mark.once
@pytest.mark.parametrize("shift", SHIFTS)
def test_a_clock_steps(watch, host, shift):
    """The follower's host is hours or days off until somebody sets its clock."""
    from tests.follow.test_leading import lapse

    host.start("facets")
    wrong = host.start("follow", fault=f"clock shifted {shift}")
    watch.until(lambda: host.snapshot())
    watch.until_seconds(3)
    wrong.kill()
    wrong.wait()
    if shift < 0:
        lapse()
    host.start("follow")
    watch.mends(60)


def test_the_server_is_stopped_and_started(world, watch, host, private_databases):
    """The one behind both databases, killed as when its machine fails."""
    server = private_databases.server
    if server is None:
        pytest.skip("there is none")
    running = [host.start("follow"), host.start("facets")]
    watch.mends()
    world.end()
    server.process.kill()
    time.sleep(GONE_SECONDS)
    server.start()
    connections.close_all()
    watch.mends(90)
    assert all(child.poll() is None for child in running)


@pytest.mark.parametrize("world", [("archive", "jedi", "harvester")], indirect=True)
def test_optional_tables_are_missing(world, watch, host):
    """Among them the history of retries: jobs of a task are told, and that all attempts are among them."""
    from bigpandamon_core.payloads.call import Call
    from bigpandamon_core.payloads.job_facets import FACETS
    from bigpandamon_core.payloads.jobs import Jobs

    presence.forget()
    host.start("follow")
    host.start("facets")
    with world.stands_still():
        watch.mends()
        asked = ("jeditaskid", str(some_task())), ("hours", "12")
        watch.until(lambda: Jobs(Call(asked, now(), host.option)).facets)  # not too old on a busy machine
        call = Call(asked, now(), host.option)
        jobs = Jobs(call)
        assert plain.results(jobs.tally) == plain.results(Jobs(call)._in_sql())
    assert jobs.source.name == FACETS, jobs.source.why_not
    assert "retry history" in jobs.missing
    presence.forget()


def some_task() -> int:
    with connections["demo"].cursor() as cursor:
        cursor.execute("SELECT MAX(jeditaskid) FROM jobsarchived4")
        number: int = cursor.fetchone()[0]
        return number
