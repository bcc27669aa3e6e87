"""Batches become generations: in order, without gaps, the newest row counts, old days go, parts stay few."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.facets import batch as batches
from bigpandamon_core.facets.batch import gone
from bigpandamon_core.facets.columns import WrongVersion
from bigpandamon_core.facets.store import draft, manifest
from bigpandamon_core.facets.store.files import Damaged
from bigpandamon_core.facets.store.publishing import Busy, Gap, Publisher
from bigpandamon_core.facets.store.reading import Store, Unpublished
from tests.facets.store.looking import batch, held, row, running
from tests.facets.worlds import SINCE, as_batches, fewer, odd_batches, split, worlds
from tests.queries.odd_values import T

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY, YESTERDAY = date(2026, 11, 20), date(2026, 11, 19)


def test_a_store_begins_with_any_batch(publisher: Publisher):
    made = publisher.publish([batch(41, row(1)), batch(42, row(2), as_of=T + HOUR)], SINCE)
    assert (made.batch, made.as_of, made.generation) == (42, T + HOUR, 1)
    assert made.complete_since == SINCE


def test_a_store_begins_with_something(publisher: Publisher):
    assert publisher.current() is None
    with pytest.raises(ValueError, match="begins"):
        publisher.publish([], SINCE)
    with pytest.raises(ValueError, match="begins"):
        publisher.publish([batch(1, row(1))])


def test_what_is_in_the_store_is_passed_over(publisher: Publisher):
    publisher.publish([batch(1, row(1)), batch(2, row(2))], SINCE)
    made = publisher.publish([batch(1, row(9)), batch(2, row(9))])
    assert (made.generation, made.batch) == (1, 2)
    assert publisher.publish([batch(2, row(9)), batch(3, row(3))]).batch == 3
    assert held(publisher.current()).keys() == {1, 2, 3}


@pytest.mark.parametrize("numbers", [[3], [2, 4], [2, 2]])
def test_a_gap_is_refused(publisher: Publisher, numbers: list[int]):
    publisher.publish([batch(1, row(1))], SINCE)
    with pytest.raises(Gap):
        publisher.publish([batch(number, row(number)) for number in numbers])
    assert held(publisher.current()).keys() == {1}


def test_a_later_row_replaces_an_earlier_one(publisher: Publisher):
    publisher.publish(
        [batch(1, running(1), row(2), row(3), running(4), row(5, modificationtime=T - DAY))], SINCE
    )
    publisher.publish([batch(2, row(1), running(2), gone(3), gone(4), row(5, computingsite="B"), gone(99))])
    today = str(TODAY)
    assert held(publisher.current()) == {1: (today, None), 2: ("live", None), 5: (today, "B")}


def test_within_one_publication_the_last_row_counts(publisher: Publisher):
    twice = batch(1, row(1, computingsite="A"), row(1, computingsite="B"))
    publisher.publish([twice, batch(2, row(1, computingsite="C"), running(2)), batch(3, gone(2))], SINCE)
    assert held(publisher.current()) == {1: (str(TODAY), "C")}


def test_an_ended_job_without_a_time_is_in_no_day(publisher: Publisher):
    publisher.publish([batch(1, running(1), row(2, modificationtime=None))], SINCE)
    publisher.publish([batch(2, row(1, modificationtime=None))])
    assert held(publisher.current()) == {}


def test_live_jobs_go_on_after_midnight(publisher: Publisher):
    publisher.publish([batch(1, running(1, computingsite="A"), running(2, computingsite="B"))], SINCE)
    made = publisher.publish([batch(2, running(3, computingsite="A"), gone(2), as_of=T + DAY)])
    assert made.live_day == TODAY + DAY
    assert held(publisher.current()) == {1: ("live", "A"), 3: ("live", "A")}


def test_a_clock_that_goes_back_drops_no_day(publisher: Publisher):
    publisher.publish([batch(1, running(1))], SINCE)
    made = publisher.publish([batch(2, running(2), as_of=T - 2 * DAY)])
    assert (made.as_of, made.live_day) == (T - 2 * DAY, TODAY)
    assert held(publisher.current()).keys() == {1, 2}


def test_days_that_are_old_are_dropped(publisher: Publisher):
    days = [batch(number, row(number, modificationtime=T - number * DAY)) for number in (1, 2, 3, 4)]
    made = publisher.publish([batch(0, running(0)), *days], SINCE - 9 * DAY)
    assert [day.day for day in made.days if day.parts] == [TODAY - number * DAY for number in (3, 2, 1)]
    assert made.complete_since == datetime(2026, 11, 17)
    made = publisher.publish([batch(5, as_of=T + 2 * DAY)])
    assert [day.day for day in made.days if day.parts] == [YESTERDAY]
    assert made.live_day == TODAY + 2 * DAY
    assert made.complete_since == datetime(2026, 11, 19)
    assert held(publisher.current()).keys() == {0, 1}


def test_after_days_of_absence_live_jobs_are_still_there(publisher: Publisher):
    publisher.publish([batch(1, running(1, computingsite="A"), row(2))], SINCE)
    made = publisher.publish([batch(2, as_of=T + 30 * DAY)])
    assert [day.day for day in made.days] == [TODAY + 30 * DAY]
    assert held(publisher.current()) == {1: ("live", "A")}


def test_what_is_complete_may_grow_backwards(publisher: Publisher):
    publisher.publish([batch(1, row(1))], T)
    assert publisher.publish([]).complete_since == T
    made = publisher.publish([], SINCE)
    assert (made.complete_since, made.generation, made.batch) == (SINCE, 2, 1)
    assert held(publisher.current()).keys() == {1}


def test_parts_of_a_day_stay_few(publisher: Publisher):
    for number in range(1, 101):
        publisher.publish([batch(number, row(number), row(1000 + number))], SINCE)
        snapshot = publisher.current()
        assert snapshot is not None
        assert len(snapshot.ended) <= 8
    assert len(held(snapshot)) == 200


def test_words_are_gathered_when_their_files_are_many(publisher: Publisher, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(draft, "MOST_WORD_FILES", 3)
    for number in range(1, 12):
        made = publisher.publish([batch(number, running(number, computingsite=f"Q{number}"))], SINCE)
        assert len(made.days[0].words) <= 3
    assert held(publisher.current()) == {number: ("live", f"Q{number}") for number in range(1, 12)}


def test_a_closed_day_becomes_one_part(publisher: Publisher):
    publisher.publish([batch(1, *(row(number) for number in range(100)))], SINCE)
    publisher.publish([batch(2, row(200)), batch(3, row(201))])
    assert len(publisher.current().ended) == 2  # type: ignore[union-attr]
    publisher.publish([batch(4, *(row(number) for number in range(300, 306)))])
    publisher.publish([batch(5, as_of=T + DAY)])
    snapshot = publisher.current()
    assert snapshot is not None
    assert [len(part) for part in snapshot.ended] == [108]


def test_a_part_that_is_mostly_superseded_is_written_again(publisher: Publisher):
    publisher.publish([batch(1, *(row(number) for number in range(100)))], SINCE)
    made = publisher.publish([batch(2, *(gone(number) for number in range(5)))])
    assert made.days[0].parts[0].superseded == tuple(range(5))
    made = publisher.publish([batch(3, *(gone(number) for number in range(5, 20)))])
    assert [(part.rows, part.superseded) for part in made.days[0].parts] == [(80, ())]
    made = publisher.publish([batch(4, *(gone(number) for number in range(20, 100)))])
    assert [day.parts for day in made.days] == [()]


def test_compaction_begins_with_what_is_there(tmp_path: Path):
    with Publisher(tmp_path) as publisher, pytest.raises(ValueError, match="begins"):
        publisher.compact()
    with Publisher(tmp_path) as publisher:
        publisher.publish([batch(1, *(row(number) for number in range(9)))], SINCE)
        publisher.publish([batch(2, row(10))])
    with Publisher(tmp_path) as publisher:
        made = publisher.compact()
        assert [part.rows for part in made.days[0].parts] == [10]


def test_compaction_keeps_every_row(publisher: Publisher):
    world = odd_batches(seed=5, batches=6, jobs=60)
    for each in as_batches(world):
        publisher.publish([each], SINCE)
    before = held(publisher.current())
    made = publisher.compact()
    assert [len(day.parts) for day in made.days] == [1] * len(made.days)
    assert held(publisher.current()) == before
    assert publisher.compact().days == made.days


@fewer
@given(world=worlds, cuts=st.lists(st.integers(0, 200), max_size=3))
def test_how_rows_are_cut_into_batches_does_not_matter(tmp_path_factory, world, cuts):
    folder = tmp_path_factory.mktemp("stores")
    rows = [row for some in world for row in some]
    with Publisher(folder / "one") as one, Publisher(folder / "other") as other:
        one.publish(as_batches([rows]), SINCE)
        for each in as_batches(split(rows, cuts)):
            other.publish([each], SINCE)
        assert held(other.current()) == held(one.current())


def test_a_store_is_published_by_one(tmp_path: Path):
    with Publisher(tmp_path) as first:
        first.publish([batch(1, row(1))], SINCE)
        with pytest.raises(Busy):
            Publisher(tmp_path)
    with Publisher(tmp_path) as second:
        assert held(second.current()).keys() == {1}
        second.publish([batch(2, row(2))])
        assert held(second.current()).keys() == {1, 2}


@pytest.mark.parametrize("looks", [True, False])
def test_another_store_begins_when_one_is_discarded(publisher: Publisher, tmp_path: Path, looks: bool):
    readers = Store(tmp_path / "facets")
    old = publisher.publish([batch(8, row(1, computingsite="A"), row(2, computingsite="B"))], SINCE)
    assert held(readers.current()) == {1: (str(TODAY), "A"), 2: (str(TODAY), "B")}
    publisher.discard()
    if looks:
        with pytest.raises(Unpublished):
            readers.current()
    new = publisher.publish([batch(3, row(2, computingsite="B"), row(5, computingsite="A"))], T)
    assert (new.batch, new.store != old.store) == (3, True)
    assert held(readers.current()) == {2: (str(TODAY), "B"), 5: (str(TODAY), "A")}
    assert {file.name for file in new.files} == {
        path.name for path in (tmp_path / "facets").iterdir() if path.suffix in (".part", ".words")
    }


def test_a_store_of_other_columns_is_refused(publisher: Publisher, tmp_path: Path):
    made = publisher.publish([batch(1, row(1))], SINCE)
    manifest.publish(tmp_path / "facets", replace(made, columns="0-other"))
    with pytest.raises(WrongVersion, match="0-other"):
        Store(tmp_path / "facets").current()
    with pytest.raises(WrongVersion, match="0-other"):
        publisher.check()
    publisher.discard()
    publisher.publish([batch(1, row(1))], SINCE)
    assert held(Store(tmp_path / "facets").current()).keys() == {1}


def test_batches_of_other_columns_are_refused(publisher: Publisher, monkeypatch):
    publisher.publish([batch(1, row(1))], SINCE)
    other = batches.SCHEMA.with_metadata({b"bigpandamon.facets": b"0-other"})
    with monkeypatch.context() as patched:
        patched.setattr(batches, "SCHEMA", other)
        odd = batch(2, row(2))
    with pytest.raises(WrongVersion, match="0-other"):
        publisher.publish([odd])
    assert held(publisher.current()).keys() == {1}


def test_files_of_the_generation_before_stay(publisher: Publisher, tmp_path: Path):
    first = publisher.publish([batch(1, running(1))], SINCE)
    second = publisher.publish([batch(2, running(2))])
    third = publisher.publish([batch(3, running(3))])
    there = {path.name for path in (tmp_path / "facets").iterdir()}
    assert {file.name for file in (*third.files, *second.files)} <= there
    assert first.live is not None
    assert first.live.file.name not in there


def test_a_snapshot_is_whole_for_as_long_as_it_is_held(publisher: Publisher, tmp_path: Path):
    store = Store(tmp_path / "facets")
    publisher.publish([batch(1, running(1, computingsite="A"), row(2))], SINCE)
    snapshot, before = store.current(), held(store.current())
    for number in range(2, 7):
        publisher.publish([batch(number, running(1, computingsite=f"B{number}"), row(number))])
    publisher.compact()
    publisher.publish([batch(7, gone(1))])
    assert held(snapshot) == before
    assert store.current().manifest.batch == 7


def test_a_manifest_comes_back_as_it_was(publisher: Publisher, tmp_path: Path):
    made = publisher.publish([batch(1, *(row(number) for number in range(20)), running(50))], SINCE)
    assert manifest.published(tmp_path / "facets") == made
    made = publisher.publish([batch(2, gone(7))])
    assert manifest.published(tmp_path / "facets") == made


def test_damage_is_found_by_a_look_at_everything(publisher: Publisher, tmp_path: Path):
    made = publisher.publish([batch(1, row(1))], SINCE)
    publisher.check()
    path = tmp_path / "facets" / made.days[0].parts[0].file.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Damaged):
        publisher.check()
