"""Several followers, hosts that come late, what their disks do to them."""

import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bigpandamon_core.facets.store.manifest import NAME
from tests.campaigns import in_campaign
from tests.facets.store.test_faults import cut, flipped

pytestmark = pytest.mark.slow
TAKEOVER_SECONDS = 30
TIMES = in_campaign(5, 1)


def test_two_followers_at_once_and_one_takes_over(watch, host):
    from bigpandamon_core.state.follow import FollowStatus
    from bigpandamon_core.state.leases import holders

    host.start("facets")
    followers = [host.start("follow"), host.start("follow")]
    for _ in range(TIMES):
        watch.mends()
        (leader,) = (each for each in followers if f":{each.pid}:" in holders()[0].holder)
        leader.kill()
        leader.wait()
        before, since = FollowStatus.objects.get().last_batch, time.monotonic()
        watch.until(lambda before=before: FollowStatus.objects.get().last_batch > before)
        assert time.monotonic() - since < TAKEOVER_SECONDS
        followers.remove(leader)
        followers.append(host.start("follow"))
    watch.mends()


def test_a_second_host_that_joins_late(watch, host, host_named):
    """The first batches are gone when it comes; both hosts know everything in the end."""
    from bigpandamon_core.state.follow import FacetBatch, FollowStatus

    host.start("follow")
    host.start("facets")
    watch.mends()
    FacetBatch.objects.filter(id__lt=FollowStatus.objects.get().last_batch).delete()
    late = host_named("two")
    late.start("facets")
    watch.hosts = (host, late)
    watch.until(lambda: late.snapshot())
    watch.mends()


def test_the_own_database_is_lost_and_made_anew(watch, host):
    """What a host has is of another telling then, whatever its numbers."""
    from bigpandamon_core.state.follow import FacetBatch, FollowPosition, FollowStatus, JobState

    facets, follower = host.start("facets"), host.start("follow")
    watch.mends()
    store = host.snapshot().manifest.store
    for process in (facets, follower):
        process.kill()
        process.wait()
    for model in (FacetBatch, FollowPosition, FollowStatus, JobState):
        model.objects.all().delete()
    host.start("facets")
    host.start("follow")
    watch.mends()
    assert host.snapshot().manifest.store != store


def test_a_host_is_rebuilt_while_pages_ask_it(watch, host):
    """Until it is, they ask the PanDA database."""
    host.start("follow")
    facets = host.start("facets")
    watch.mends()
    facets.terminate()
    facets.wait()
    store = host.snapshot().manifest.store
    host.start("facets", "--rebuild")
    watch.until(lambda: (there := host.snapshot()) is not None and there.manifest.store != store)
    watch.mends()


@pytest.mark.parametrize("damage", (cut, flipped)[: in_campaign(2, 1)])
def test_a_part_is_damaged(watch, host, damage: Callable[[Path], None]):
    """Whoever opens it next finds out, sets it aside, and all of it is made anew."""
    host.start("follow")
    host.start("facets")
    for kind in ("*.part", "*.words", NAME)[: in_campaign(3, 1)]:
        watch.mends()
        path = max(host.facets.glob(kind), key=lambda path: path.stat().st_size)
        copy = host.folder / "copy"
        copy.write_bytes(path.read_bytes())
        damage(copy)
        copy.rename(path)
        watch.until(lambda: watch.none)
        watch.none = 0
    watch.mends()


@pytest.mark.parametrize("process", ("facets", "follow")[: in_campaign(2, 1)])
def test_the_disk_is_full_for_a_while(request, watch, host, process):
    """The system refuses to let files grow; for the follower those of an own database in files."""
    if process == "follow" and request.config.getoption("--panda") != "sqlite":
        pytest.skip("the files are the server's")
    running = {name: host.start(name) for name in ("facets", "follow")}
    watch.mends()
    for size in (100, 3_000, 0)[: in_campaign(3, 1)]:
        told = len(host.log())
        _, most = resource.prlimit(
            running[process].pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)
        )
        watch.until(lambda told=told: len(host.log()) > told)
        watch.until_seconds(1)
        resource.prlimit(running[process].pid, resource.RLIMIT_FSIZE, (most, most))
        watch.mends()
    assert all(child.poll() is None for child in running.values())
