"""From PanDA through the follower to this host's columns: what is counted there is what SQL counts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from bigpandamon_core.domain import window
from bigpandamon_core.domain.job_fields import COUNTED
from bigpandamon_core.domain.job_requests import noun
from bigpandamon_core.domain.selection import Selection, parse
from bigpandamon_core.facets.columns import COLUMNS
from bigpandamon_core.facets.counting import Counted
from bigpandamon_core.facets.replaying import Replayer
from bigpandamon_core.facets.store.reading import Store
from bigpandamon_core.facets.where import answerable
from bigpandamon_core.queries.job_counts import Asked, Counting
from bigpandamon_core.state.follow import FacetBatch, FollowStatus
from bigpandamon_core.summaries.jobs import Tally
from tests.instance.factory import JOB_TABLES
from tests.queries.odd_values import T
from tests.queries.worlds import LIVE, World
from tests.web.conftest import Clock

ASKED = [
    "hours=12",
    "hours=40",
    "days=1",
    "hours=30&jobstatus=failed",
    "hours=30&computingsite=*a*|!b*",
    "hours=30&produsername=Not specified",
    "hours=40&piloterrorcode=1099|1305",
    "days=1&corecount=1&active=all",
    "hours=24&durationmin=0-9",
    "hours=30&wn.is=Unknown",
    "hours=30&pilotversion.is=Not specified",
    "starttimerange=2000-01-01|2100-01-01&hours=1",
]


@pytest.fixture
def clock() -> Iterator[Clock]:
    moved = Clock(T)
    window.set_clock(moved)
    yield moved
    window.set_clock(None)


@pytest.fixture
def follow(panda, own, clock):
    from bigpandamon_core.follow.leading import Follower

    follower = Follower(settings.BIGPANDAMON.get)

    def until_done() -> None:
        follower.step()
        while follower.is_behind:
            follower.step()

    return until_done


@pytest.fixture
def replayer(own, tmp_path: Path) -> Iterator[Replayer]:
    made = Replayer(tmp_path, 2)
    with made._publisher:
        yield made


def replay(replayer: Replayer) -> None:
    while replayer.step() == 0:
        pass


def selection(query: str) -> Selection:
    pairs = [tuple(pair.split("=", 1)) for pair in query.split("&")]
    return parse(pairs, noun(), window.now())  # type: ignore[arg-type]  # pairs they are


def plain(asked: Selection) -> Tally:
    tally = Tally(COUNTED)
    for _, sign, rows in Counting([Asked(asked)], tally.columns, window.now()).chunks():
        tally.add(sign, rows)
    return tally


def agree(folder: Path) -> int:
    """Compare every answerable question; how many were."""
    snapshot, compared = Store(folder).current(), 0
    for query in ASKED:
        asked = selection(query)
        if answerable(asked, COLUMNS, snapshot.manifest):
            continue
        compared += 1
        expected, found = plain(asked), Counted(snapshot, asked, COUNTED, window.now())
        assert (found.total, found.failed, found.finished) == (
            expected.total,
            expected.failed,
            expected.finished,
        ), query
        assert found.states() == expected.states(), query
        assert found.attributes() == expected.attributes(), query
        assert found.errors() == expected.errors(), query
    return compared


@pytest.mark.parametrize("seed", range(6))
def test_every_world(panda, follow, replayer, clock, tmp_path, seed):
    """Also jobs that were modified lately though their state changed long ago: the sweep meets them."""
    World(200, seed).store(panda)
    follow()
    clock.forward(2 * 3600)
    follow()
    replay(replayer)
    assert agree(tmp_path) >= 8


def test_all_that_vanishes_and_all_that_comes(panda, follow, replayer, clock, tmp_path):
    World(100, 1).store(panda)
    follow()
    for table in LIVE:
        JOB_TABLES[table].objects.using(panda.alias).all().delete()
    for number in range(40):
        table = ("jobsdefined4", "jobsactive4", "jobsarchived4")[number % 3]
        panda.job(table, statechangetime=clock.moment, modificationtime=clock.moment, jobstatus="holding")
    clock.forward(61)
    follow()
    clock.forward(2 * 3600)
    follow()
    replay(replayer)
    assert agree(tmp_path) >= 8


def test_what_is_told_in_pieces_is_published_whole(panda, follow, replayer, clock, tmp_path):
    World(60, 5).store(panda)
    follow()
    FacetBatch.objects.filter(id=FollowStatus.objects.get().last_batch).update(whole=False)
    replay(replayer)
    published = Store(tmp_path).current().manifest
    assert published.batch == FacetBatch.objects.filter(whole=True).latest("id").id


def test_a_host_that_comes_late_asks_for_everything(panda, follow, replayer, clock, tmp_path):
    World(60, 6).store(panda)
    follow()
    clock.forward(2 * 3600)
    follow()
    FacetBatch.objects.filter(id__lte=FollowStatus.objects.get().told_from + 1).delete()
    replay(replayer)
    assert FollowStatus.objects.get().refill_wanted
    clock.forward(10)
    follow()
    replay(replayer)
    assert agree(tmp_path) >= 8


def test_a_damaged_part_is_rebuilt(panda, follow, replayer, clock, tmp_path):
    World(60, 7).store(panda)
    follow()
    clock.forward(2 * 3600)
    follow()
    replay(replayer)
    for part in tmp_path.glob("*.part"):
        part.write_bytes(part.read_bytes()[:-7])
    clock.forward(10)
    follow()
    replayer._publisher._snapshot = None
    replay(replayer)
    replay(replayer)
    assert agree(tmp_path) >= 8


def test_nothing_told_nothing_published(own, replayer, tmp_path):
    assert replayer.step() == 2.0
    assert not list(tmp_path.glob("*.part"))


def test_forgotten_moments(panda, follow, replayer, clock, tmp_path):
    """What is no longer kept is not counted from memory."""
    World(60, 8).store(panda)
    follow()
    replay(replayer)
    clock.forward(86_400)
    follow()
    replay(replayer)
    since = Store(tmp_path).current().manifest.complete_since
    assert since <= window.now() - timedelta(hours=48)
    assert answerable(selection("days=4"), COLUMNS, Store(tmp_path).current().manifest)
