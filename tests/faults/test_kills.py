"""Killed at any point while PanDA goes on, follower and publisher leave nothing that is wrong, and mend."""

from random import Random

import pytest

from tests.campaigns import in_campaign
from tests.follow.test_leading import lapse

pytestmark = pytest.mark.slow
FOLLOW, STORE = "bigpandamon_core.follow", "bigpandamon_core.facets.store"
POINTS = {
    "follow": {
        "after reading": f"{FOLLOW}.taking:Taking._read_whole after",
        "states written": f"{FOLLOW}.states:write after",
        "before the commit": "bigpandamon_core.state.follow:FacetBatch.objects.create after",
        "after the commit": f"{FOLLOW}.taking:Taking._write after",
        "all of it told": f"{FOLLOW}.taking:Taking.finish after",
    },
    "facets": {
        "batches read": "bigpandamon_core.queries.own.batches:after after",
        "half of a part": f"{STORE}.files:_Counted.write half-way",
        "before a rename": "pathlib:Path.rename before",
        "after a rename": "pathlib:Path.rename after",
        "before the manifest": f"{STORE}.manifest:publish before",
        "after the manifest": f"{STORE}.manifest:publish after",
    },
}
TURNS = (2, 1, 3, 5, 8)[: in_campaign(5, 1)]
TIMES = in_campaign(5, 1)
OTHER = {"follow": "facets", "facets": "follow"}


@pytest.mark.parametrize("killed", POINTS)
def test_killed_at_every_point(watch, host, killed):
    host.start(OTHER[killed])
    for turn in TURNS:
        for point in POINTS[killed].values():
            lapse()
            watch.dies(host.start(killed, fault=f"{point} {turn}"))
            watch.look()
    lapse()
    host.start(killed)
    watch.mends()


def test_killed_at_any_moment(watch, host):
    random = Random(7)
    running = {name: host.start(name) for name in POINTS}
    watch.until(lambda: watch.looks)
    for _ in range(TIMES):
        for name in POINTS:
            watch.until_seconds(random.uniform(0.1, 4))
            running[name].kill()
            lapse()
            running[name] = host.start(name)
    watch.mends()
