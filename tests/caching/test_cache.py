"""The mechanism: what is fresh, what may stand in, which store an instance gets."""

from datetime import timedelta

import pytest

from bigpandamon_core import config
from bigpandamon_core.caching.cache import CLOCK_SECONDS, UNKEPT, Cache, Lifetime, cache, lifetime
from bigpandamon_core.caching.folder import Folder
from bigpandamon_core.caching.memcached import Memcached
from bigpandamon_core.caching.memory import Memory
from bigpandamon_core.caching.store import Nothing
from tests.caching.questions import NOON, QUESTION, SECRET, entry, question

TEXT = b"finished " * 1000


@pytest.fixture
def kept() -> Cache:
    return Cache(Memory(1_000_000), SECRET, last_good_seconds=3600)


@pytest.fixture
def configured(tmp_path):
    def configured(text: str = "") -> config.Configuration:
        file = tmp_path / "bigpandamon.toml"
        file.write_text(f'[paths]\nstate = "{tmp_path}"\n{text}')
        return config.load(file, environ={})

    return configured


def test_what_is_kept_is_found(kept):
    assert kept.find(QUESTION) is None
    handed = kept.keep(QUESTION, entry(TEXT))
    assert kept.find(QUESTION) == handed
    assert handed.compressed
    assert handed.plain() == TEXT


@pytest.mark.parametrize(
    "change", [{"release": "1.1"}, {"audience": "staff"}, {"representation": "html-auto"}]
)
def test_what_was_kept_for_another_question_is_not_found(kept, change):
    kept.keep(question(**change), entry())
    assert kept.find(QUESTION) is None


@pytest.mark.parametrize(
    ("age_seconds", "fresh"),
    [(0, True), (59, True), (60, False), (-CLOCK_SECONDS, True), (-CLOCK_SECONDS - 1, False)],
)
def test_fresh_is_what_is_younger_than_its_lifetime(kept, age_seconds, fresh):
    moment = NOON + timedelta(seconds=age_seconds)
    assert kept.is_fresh(entry(), QUESTION, 60, moment) == fresh


def test_another_edition_is_not_fresh(kept):
    assert not kept.is_fresh(entry(edition="e0"), QUESTION, 60, NOON)


@pytest.mark.parametrize(
    ("age_seconds", "stale_seconds", "passable"),
    [(60, 30, True), (89, 30, True), (90, 30, False), (61, 0, False), (-5, 30, True), (-6, 30, False)],
)
def test_how_long_an_older_one_is_given_meanwhile(kept, age_seconds, stale_seconds, passable):
    moment, lifetime = NOON + timedelta(seconds=age_seconds), Lifetime(60, stale_seconds)
    assert kept.is_passable(entry(), QUESTION, lifetime, moment) == passable


@pytest.mark.parametrize(("seconds", "passable"), [(10, True), (39, True), (40, False)])
def test_one_about_an_earlier_window_counts_from_its_end(kept, seconds, passable):
    earlier = entry(edition="e0", made=NOON + timedelta(seconds=50))
    moment = NOON + timedelta(seconds=50 + seconds)
    assert kept.is_passable(earlier, QUESTION, Lifetime(60, 30), moment) == passable


@pytest.mark.parametrize(("age_seconds", "good"), [(3600, True), (3601, False)])
def test_an_older_answer_may_stand_in_for_some_time(kept, age_seconds, good):
    assert kept.is_last_good(entry(), NOON + timedelta(seconds=age_seconds)) == good


@pytest.mark.parametrize(
    ("kind", "store"), [("memory", Memory), ("memcached", Memcached), ("files", Folder), ("none", Nothing)]
)
def test_the_store_is_the_configured_one(configured, kind, store):
    made = cache(configured(f'[cache]\nkind = "{kind}"'), "secret")
    assert type(made.store) is store
    assert made.store.state()["kind"] == kind


def test_memory_is_bounded_as_configured(configured):
    made = cache(configured("[cache]\nmemory_mb = 3"), "secret")
    assert made.store.state()["most_bytes"] == 3_000_000


def test_lifetimes(configured):
    set_up = configured("[cache]\ndefault_seconds = 100\n[cache.points]\njobs = 60\nstart = 0")
    lifetimes = {point: lifetime(set_up, point).seconds for point in ("jobs", "job", "start", "")}
    assert lifetimes == {"jobs": 60, "job": 100, "start": 0, "": 0}


def test_stale_lifetimes(configured):
    set_up = configured("[cache]\nstale_seconds = 20\n[cache.stale_points]\njobs = 5")
    assert {point: lifetime(set_up, point).stale_seconds for point in ("jobs", "job")} == {
        "jobs": 5,
        "job": 20,
    }


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("default_seconds = 10\nstale_seconds = 0\nlast_good_seconds = 0", 60),
        ("default_seconds = 100\nstale_seconds = 20\nlast_good_seconds = 0", 120),
        ("last_good_seconds = 0\n[cache.points]\njobs = 500\n[cache.stale_points]\njob = 300", 800),
        ("last_good_seconds = 5000", 5000),
    ],
)
def test_memcached_keeps_what_may_be_of_use(configured, text, seconds):
    made = cache(configured(f'[cache]\nkind = "memcached"\n{text}'), "secret")
    assert isinstance(made.store, Memcached)
    assert made.store.servers.keep_seconds == seconds


def test_large_answers_are_kept_where_there_is_room(configured, tmp_path):
    found = [
        cache(configured(f'[cache]\nkind = "memcached"\nlarge_mb = {room}'), "secret").store
        for room in (5, 0)
    ]
    with_room, without = (store._large for store in found if isinstance(store, Memcached))
    assert with_room
    assert (with_room.most_bytes, with_room.folder) == (5_000_000, tmp_path / "cache" / "large")
    assert without is None


def test_without_a_cache_nothing_is_kept(configured):
    assert lifetime(configured('[cache]\nkind = "none"'), "jobs") == UNKEPT
    store = Nothing()
    store.put("key", QUESTION, entry())
    assert store.get("key", QUESTION) is None


def test_instances_with_other_secrets_have_other_keys(configured):
    one, two = (cache(configured('[cache]\nkind = "files"'), secret) for secret in ("one", "two"))
    one.keep(QUESTION, entry())
    assert one.find(QUESTION)
    assert two.find(QUESTION) is None
