"""Entries: compressed where it pays, sealed so that only our own bytes are believed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.caching.entry import compressed, entry_of, sealed, unsealed
from bigpandamon_core.caching.keys import secret_of
from tests.caching.questions import NOON, SECRET, entry

TEXT = b'{"computingsite": "QUEUE_ONE", "jobstatus": "finished"},' * 200


def test_long_text_is_kept_compressed():
    smaller = compressed(entry(TEXT))
    assert smaller.compressed
    assert len(smaller.body) < len(TEXT) / 5
    assert smaller.plain() == TEXT
    assert smaller.etag == entry_of(TEXT, "", NOON).etag


def test_short_bodies_stay_as_they_are():
    assert compressed(entry(b"short" * 20)) == entry(b"short" * 20)


def test_what_does_not_shrink_stays_as_it_is():
    already = compressed(entry(TEXT)).body * 3
    assert not compressed(entry(already)).compressed


def test_compressing_twice_changes_nothing():
    once = compressed(entry(TEXT))
    assert compressed(once) is once


def test_compressed_bytes_are_the_same_at_any_time():
    assert compressed(entry(TEXT)).body == compressed(entry(TEXT, made=NOON + timedelta(days=9))).body


headers = st.lists(st.tuples(st.sampled_from(["X-One", "X-Two"]), st.text(max_size=9)), max_size=2).map(tuple)


@given(st.binary(max_size=300), st.text(max_size=20), st.datetimes(), headers, st.booleans())
def test_a_sealed_entry_is_read_as_it_was(body, edition, made, headers, is_compressed):
    kept = entry(body, edition=edition, made=made, headers=headers, compressed=is_compressed)
    assert unsealed(sealed(kept, "key", SECRET), "key", SECRET) == kept


@given(st.binary(max_size=200))
def test_foreign_bytes_are_no_entry(found):
    assert unsealed(found, "key", SECRET) is None


@pytest.mark.parametrize("found", [None, "text", 5, b"", b"\x80\x04K\x05.", {"body": b""}])
def test_other_things_are_no_entry(found):
    assert unsealed(found, "key", SECRET) is None


@given(st.data())
def test_no_byte_can_be_changed(data):
    stored = sealed(entry(b"the body"), "key", SECRET)
    place = data.draw(st.integers(0, len(stored) - 1))
    changed = stored[:place] + bytes([stored[place] ^ data.draw(st.integers(1, 255))]) + stored[place + 1 :]
    assert unsealed(changed, "key", SECRET) is None


def test_an_entry_cannot_be_moved_to_another_key():
    assert unsealed(sealed(entry(), "key", SECRET), "another", SECRET) is None


def test_an_entry_of_another_instance_is_none_of_ours():
    assert unsealed(sealed(entry(), "key", secret_of("another")), "key", SECRET) is None


def test_age_counts_from_its_making():
    assert entry().age_seconds(NOON + timedelta(minutes=2)) == 120
    assert entry().age_seconds(NOON - timedelta(seconds=3)) == -3


def test_size_includes_headers():
    assert entry(b"x" * 1000, headers=(("A", "b" * 500),)).size_bytes >= 1501
